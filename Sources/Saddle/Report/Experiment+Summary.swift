extension Experiment {
  /// How the network was trained, in a sentence: every number of the optimizer, set or default.
  var trainingSummary: String {
    let entry = try? catalogEntry(optimizer.name)
    let given = (try? entry?.canonical(optimizer.hyperparameters)) ?? [:]
    let numbers = (entry?.hyperparameters ?? []).map { parameter in
      "\(parameter.name) \(short(given[parameter.name] ?? parameter.defaultValue))"
    }
    let schedule = optimizer.schedule == .constant ? [] : ["schedule \(optimizer.schedule)"]
    let wrappers = optimizer.wrappers.map { "\($0.name) \(short($0.value))" }
    let settings = (numbers + schedule + wrappers).joined(separator: ", ")
    return "\(entry?.title ?? optimizer.name) (\(settings)), "
      + "\(plan.epochs) epochs in batches of \(plan.batchSize), seed \(plan.seed)"
  }
}
