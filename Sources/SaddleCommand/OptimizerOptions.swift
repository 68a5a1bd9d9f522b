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
  @Option(parsing: .unconditional, help: "Scales gradients down to this norm.")
  var clipNorm: Double?
  @Option(parsing: .unconditional, help: "Cuts elements of gradients off at this size.")
  var clipValue: Double?
  @Option(parsing: .unconditional, help: "λ of θ ← θ(1 − ηλ), apart from the gradient.")
  var decoupledWeightDecay: Double?
  @Option(
    parsing: .unconditional, help: "Takes gradients this far uphill (sharpness-aware, ρ).")
  var sharpnessRadius: Double?

  /// - Throws: `OptimizerError`: an unknown name, or a hyperparameter that is set twice or out of
  ///   range; here, before a folder is made for the run.
  func described(seed: UInt64) throws(OptimizerError) -> OptimizerDescription {
    let rate = learningRate.map { [(name: "learningRate", value: $0)] } ?? []
    let numbers = try catalogEntry(optimizer).canonical(
      rate + settings.map { (name: $0.name, value: $0.value) })
    let wrappers = [
      clipNorm.map(OptimizerWrapper.clipNorm), clipValue.map(OptimizerWrapper.clipValue),
      decoupledWeightDecay.map(OptimizerWrapper.decoupledWeightDecay),
      sharpnessRadius.map(OptimizerWrapper.sharpnessRadius),
    ].compactMap(\.self)
    let description = OptimizerDescription(
      optimizer, numbers, schedule: schedule, seed: seed, wrappers: wrappers)
    _ = try description.makeOptimizer(Double.self)
    return description
  }
}
