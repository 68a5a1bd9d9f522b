extension OptimizerOracle {
  static let refusesHyperparameters = OptimizerOracle(
    "refuses invalid hyperparameters",
    law: "Every hyperparameter out of its range is refused with an error that names it."
  ) { (trial) throws(OptimizerViolation) in
    var wasDeclared = false
    for case .refuses(let invalid) in trial.declarations {
      wasDeclared = true
      let property = "\(invalid.name) = \(invalid.value) is refused by name"
      do {
        try invalid.attempt()
      } catch {
        let text = "\(error)"
        if text.contains(invalid.name) { continue }
        throw OptimizerViolation(
          property: property, got: invalid.value, detail: "the error names it not: \(text)")
      }
      throw OptimizerViolation(property: property, got: invalid.value, detail: "it was taken")
    }
    return wasDeclared ? .passed(margin: 0) : .notDeclared
  }
}
