import Oracles
import Saddle
import Support
import Testing

@Suite struct CurvatureTrainingTests {
  private static let ours =
    optimizerCatalog(Double.self).filter { $0.entry.family != .firstOrder }.map(\.entry.name)
    + ["noisySGD", "perturbedGD"]

  /// 118 parameters. Batches are of 200 samples, the last of 80: a rule that goes to the minimum of
  /// its batch would fit a small one and nothing else.
  private func objective<T: Scalar>(_: T.Type) throws -> NetworkObjective<T> {
    let data = DatasetDescription(.syntheticDigits(seed: 3, count: 480), pooling: 7)
    let examples = try data.examples(T.self)
    return try NetworkObjective(
      network: Network.dense([examples.inputs.columns, 4, examples.classes], .tanh),
      loss: .softmaxCrossEntropy, inputs: examples.inputs,
      targets: .classes(examples.labels.map { Int32($0) }))
  }

  private func losses<T: Scalar>(_ optimizer: some Optimizer<T>) throws -> [Double] {
    let trainer = Trainer(
      objective: try objective(T.self), optimizer: optimizer,
      plan: try TrainingPlan(epochs: 2, batchSize: 200, seed: 1))
    var state = trainer.initialState()
    try trainer.run(&state)
    return state.history.map(\.evaluation.loss)
  }

  @Test(arguments: ours)
  func `mini-batches train a network to a lower loss, in both precisions`(name: String) throws {
    let description = OptimizerDescription(name)
    let double = try losses(description.makeOptimizer(Double.self))
    #expect(double[2] < double[0], "\(double)")
    let single = try losses(description.makeOptimizer(Float.self))
    #expect(single[2] < single[0], "\(single)")
  }
}
