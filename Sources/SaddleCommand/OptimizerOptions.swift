import ArgumentParser
import Saddle

/// The optimizer of a command, by its name in the catalog.
struct OptimizerOptions: ParsableArguments {
  @Option(help: "The optimizer, by its name in the catalog: see `saddle optimizers`.")
  var optimizer = "momentum"
  @Option(parsing: .unconditional, help: "η; else the optimizer's default.")
  var learningRate: Double?
  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: "Sets a hyperparameter, such as beta1=0.8; may be repeated.")
  var settings: [NamedNumber] = []

  @Option(parsing: .unconditional, help: ArgumentHelp(Schedule.help))
  var schedule = Schedule.constant

  /// - Throws: `ValidationError` where a hyperparameter is set twice.
  func described(seed: UInt64) throws -> OptimizerDescription {
    var values: [String: Double] = [:]
    if let learningRate { values["learningRate"] = learningRate }
    for setting in settings {
      guard values.updateValue(setting.value, forKey: setting.name) == nil else {
        throw ValidationError("\(setting.name) is set twice")
      }
    }
    return OptimizerDescription(optimizer, values, schedule: schedule, seed: seed)
  }
}
