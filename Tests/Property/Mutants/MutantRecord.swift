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
  /// Meets every oracle in every case of what it claims to be.
  func met() throws -> MutantRecord {
    var kills: [String: Double] = [:]
    var first: String?
    let claims = try claims ?? .catalog(optimizer)
    for values in claims.cases {
      let subject = make(Settings(values: values))
      let declarations = try claims.declarations(values)
      for oracle in OptimizerOracle.all(for: claims.kind) {
        let verdict = oracle.verdict(on: subject, declaring: declarations)
        guard case .failed(let violation) = verdict.outcome else { continue }
        kills[oracle.name] = max(kills[oracle.name] ?? 0, violation.ratio)
        first = first ?? "\(oracle.name), \(values): \(violation)"
      }
    }
    return MutantRecord(mutant: self, kills: kills, firstViolation: first)
  }
}
