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

extension Array {
  /// Those that something holds of, and the others, each in their order.
  fileprivate func partitioned(by holds: (Element) -> Bool) -> ([Element], [Element]) {
    (filter(holds), filter { !holds($0) })
  }
}

extension Mutant {
  /// How many checks need to find a fault.
  private static let enough = 3

  /// Meets every oracle in every case of what it claims to be; a fault, until three have found it. Those
  /// of thousands of steps wait for what is right, and for faults that two others did not find.
  ///
  /// - Parameter longCases: how many cases are tried for thousands of steps.
  func met(longCases: Int = .max) throws -> MutantRecord {
    var kills: [String: Double] = [:]
    var first: String?
    let claims = try claims ?? .catalog(optimizer)
    // A fault in a rule is found soonest by what knows the rule.
    let (knowing, others) = OptimizerOracle.all(for: claims.kind).partitioned {
      ["follows its reference rule", "takes its known paths", "steps by its law"].contains($0.name)
    }
    let all = knowing + others
    func meet(_ oracles: [OptimizerOracle], _ values: [String: Double]) throws {
      let subject = make(Settings(values: values))
      let declarations = try claims.declarations(values)
      for oracle in oracles where fault == nil || kills.count < Self.enough {
        let verdict = oracle.verdict(on: subject, declaring: declarations)
        guard case .failed(let violation) = verdict.outcome else { continue }
        kills[oracle.name] = max(kills[oracle.name] ?? 0, violation.ratio)
        first = first ?? "\(oracle.name), \(values): \(violation)"
      }
    }
    for values in claims.cases where fault == nil || kills.count < Self.enough {
      try meet(all.filter { !$0.isLong }, values)
    }
    for values in claims.cases.prefix(longCases) where fault == nil || kills.count < 2 {
      try meet(all.filter(\.isLong), values)
    }
    return MutantRecord(mutant: self, kills: kills, firstViolation: first)
  }
}
