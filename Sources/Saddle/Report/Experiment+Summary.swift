extension Experiment {
  /// How the parameters came about, in a sentence: every number of the optimizer, set or default.
  var trainingSummary: String {
    switch origin {
    case .trained(let optimizer, let plan): summary(of: optimizer, plan)
    case .imported(let parameters):
      "Imported from \(parameters.file.name) (\(parameters.elementType.rawValue), "
        + "SHA-256 \(parameters.file.sha256))"
    }
  }

  private func summary(of optimizer: OptimizerDescription, _ plan: TrainingPlan) -> String {
    let entry = try? catalogEntry(optimizer.name)
    let given = (try? entry?.canonical(optimizer.hyperparameters)) ?? [:]
    let numbers = (entry?.hyperparameters ?? []).map { parameter in
      "\(parameter.name) \(short(given[parameter.name] ?? parameter.defaultValue))"
    }
    let schedule = optimizer.schedule == .constant ? [] : ["schedule \(optimizer.schedule)"]
    let wrappers = optimizer.wrappers.map { "\($0.name) \(short($0.value))" }
    let settings = (numbers + schedule + wrappers).joined(separator: ", ")
    return "Trained by \(entry?.title ?? optimizer.name) (\(settings)), "
      + "\(plan.epochs) epochs in batches of \(plan.batchSize), seed \(plan.seed)"
  }
}
