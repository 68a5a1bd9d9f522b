extension OptimizerOracle {
  static let refusesHyperparameters = OptimizerOracle(
    "refuses invalid hyperparameters",
    law: "Every hyperparameter out of its range is refused with an error that names it."
  ) { (trial) throws(OptimizerViolation) in
    var wasDeclared = false
    var taken: [String] = []
    var violation: OptimizerViolation?
    for case .refuses(let invalid) in trial.declarations {
      wasDeclared = true
      let number = "\(invalid.name) = \(invalid.value)"
      let property = "\(number) is refused by name"
      let error = try refusal(property) { try invalid.attempt() }
      let text = error.map { "\($0)" }
      if let text, text.contains(invalid.name) { continue }
      if text == nil { taken.append(number) }
      violation =
        violation
        ?? OptimizerViolation(
          property: property, got: invalid.value,
          detail: text.map { "the error names it not: \($0)" } ?? "")
    }
    if var violation {
      if !taken.isEmpty {
        let list = "taken: " + taken.joined(separator: ", ")
        violation.detail = [list, violation.detail].filter { !$0.isEmpty }.joined(separator: "; ")
      }
      throw violation
    }
    return wasDeclared ? .passed(margin: 0) : .notDeclared
  }
}
