import Oracles

/// What the oracles did to a mutant.
struct MutantRecord: Sendable {
  let mutant: Mutant
  /// The greatest error over its tolerance by check, infinite where a thing is not a matter of
  /// degree.
  let kills: [String: Double]
  /// A sentence of one failure, for the control.
  let firstViolation: String?
}

extension Mutant {
  /// Meets every oracle in every case of what it claims to be. Those of thousands of steps wait for what
  /// is right, and for faults that two others did not find.
  ///
  /// - Parameter longCases: how many cases are tried for thousands of steps.
  func met(longCases: Int = .max) throws -> MutantRecord {
    var kills: [String: Double] = [:]
    var first: String?
    let claims = try claims ?? .catalog(optimizer)
    let all = OptimizerOracle.all(for: claims.kind)
    func meet(_ oracles: [OptimizerOracle], _ values: [String: Double]) throws {
      let subject = make(Settings(values: values))
      let declarations = try claims.declarations(values)
      for oracle in oracles {
        let verdict = oracle.verdict(on: subject, declaring: declarations)
        guard case .failed(let violation) = verdict.outcome else { continue }
        kills[oracle.name] = max(kills[oracle.name] ?? 0, violation.ratio)
        first = first ?? "\(oracle.name), \(values): \(violation)"
      }
    }
    for values in claims.cases { try meet(all.filter { !$0.isLong }, values) }
    for values in claims.cases.prefix(longCases) where fault == nil || kills.count < 2 {
      try meet(all.filter(\.isLong), values)
    }
    return MutantRecord(mutant: self, kills: kills, firstViolation: first)
  }
}
