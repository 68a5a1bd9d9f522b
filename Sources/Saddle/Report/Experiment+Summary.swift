extension Experiment {
  /// How the network was trained, in a sentence: every number of the optimizer, set or default.
  var trainingSummary: String {
    let entry = optimizerCatalog(Double.self).map(\.entry).first { $0.name == optimizer.name }
    let numbers = (entry?.hyperparameters ?? []).map { parameter in
      let value =
        optimizer.hyperparameters[parameter.name]
        ?? parameter.alias.flatMap { optimizer.hyperparameters[$0] } ?? parameter.defaultValue
      return "\(parameter.name) \(short(value))"
    }
    let schedule = optimizer.schedule == .constant ? [] : ["schedule \(optimizer.schedule)"]
    let wrappers = optimizer.wrappers.map { "\($0.name) \(short($0.value))" }
    let settings = (numbers + schedule + wrappers).joined(separator: ", ")
    return "\(entry?.title ?? optimizer.name) (\(settings)), "
      + "\(plan.epochs) epochs in batches of \(plan.batchSize), seed \(plan.seed)"
  }
}
