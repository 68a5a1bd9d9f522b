import Oracles
import Saddle
import Support
import Testing

/// What training computes, against the same training in plain loops.
@Suite struct TrainingTests {
  private struct Setting: CustomTestStringConvertible, Sendable {
    let activation: Activation
    let loss: Loss
    let momentum: Double
    let nesterov: Bool
    let weightDecay: Double

    var testDescription: String { "\(activation) \(loss), μ = \(momentum), α = \(weightDecay)" }
  }

  private static let settings = [
    Setting(
      activation: .tanh, loss: .softmaxCrossEntropy, momentum: 0.8, nesterov: false,
      weightDecay: 0),
    Setting(
      activation: .tanh, loss: .softmaxCrossEntropy, momentum: 0.7, nesterov: true,
      weightDecay: 0.02),
    Setting(
      activation: .softplus, loss: .meanSquaredError, momentum: 0, nesterov: false,
      weightDecay: 0.05),
  ]

  @Test(.tags(.oracle), arguments: settings)
  private func `three epochs are those of plain loops, in the seed's order`(
    setting: Setting
  ) throws {
    // 70 samples in batches of 16: the last batch of an epoch has 6.
    let (samples, batchSize, epochs, rate, seed) = (70, 16, 3, 0.11, UInt64(5))
    let widths = [4, 5, 3]
    var generator = RandomStream(seed: 9)
    let inputs = (0..<samples).map { _ in Draw.normals(4, using: &generator) }
    let labels = (0..<samples).map { _ in generator.index(below: 3) }
    let objective = try NetworkObjective<Double>(
      network: FullyConnectedNetwork(widths: widths, activation: setting.activation),
      loss: setting.loss, inputs: Matrix(inputs), targets: .classes(labels.map { Int32($0) }),
      weightDecay: setting.weightDecay)
    let plan = try TrainingPlan(epochs: epochs, batchSize: batchSize, seed: seed)
    let start = try Trainer(
      objective: objective, optimizer: SGD(learningRate: 1), plan: plan
    ).initialState().parameters

    var plain = start
    var initial = RandomStream(seed: seed, name: "init")
    #expect(
      plain == objective.network.initialParameters(.glorotUniform, using: &initial))
    var velocity = plain.map { _ in 0.0 }
    var orders = RandomStream(seed: seed, name: "shuffle")
    for _ in 0..<epochs {
      // Fisher–Yates, written out.
      var order = Array(0..<samples)
      for i in stride(from: samples - 1, to: 0, by: -1) {
        order.swapAt(i, orders.index(below: i + 1))
      }
      for start in stride(from: 0, to: samples, by: batchSize) {
        let batch = order[start..<min(start + batchSize, samples)]
        let gradient = PlainNetwork(
          widths: widths, activation: try #require(.init(rawValue: setting.activation.rawValue)),
          loss: try #require(.init(rawValue: setting.loss.rawValue)),
          weightDecay: setting.weightDecay, inputs: batch.map { inputs[$0] },
          labels: batch.map { labels[$0] }
        ).gradient(at: plain)
        for i in plain.indices {
          velocity[i] = setting.momentum * velocity[i] + gradient[i]
          plain[i] -=
            rate * (setting.nesterov ? gradient[i] + setting.momentum * velocity[i] : velocity[i])
        }
      }
    }

    let (parameters, history) = try train(
      objective, plan,
      by: OptimizerDescription(
        setting.nesterov ? "nesterov" : "momentum",
        ["learningRate": rate, "momentum": setting.momentum]
      ).makeOptimizer(Double.self))
    expectClose(
      parameters, plain,
      within: Tolerance(relative: 1e-12, why: "15 steps of sums in another order"))
    let end = PlainNetwork(
      widths: widths, activation: try #require(.init(rawValue: setting.activation.rawValue)),
      loss: try #require(.init(rawValue: setting.loss.rawValue)),
      weightDecay: setting.weightDecay, inputs: inputs, labels: labels)
    expectClose(
      try #require(history.last).evaluation.loss, end.value(at: plain),
      within: Tolerance(relative: 1e-12, why: "15 steps of sums in another order"))
  }

  private func train<Rule: Optimizer<Double>>(
    _ objective: NetworkObjective<Double>, _ plan: TrainingPlan, by rule: Rule
  ) throws -> (parameters: [Double], history: [EpochRecord]) {
    let trainer = Trainer(objective: objective, optimizer: rule, plan: plan)
    var state = trainer.initialState()
    try trainer.run(&state)
    return (state.parameters, state.history)
  }

  @Test func `an experiment trains what it describes`() throws {
    let experiment = Experiment(
      name: "small",
      data: DatasetDescription(
        .syntheticDigits(seed: 3, count: 60), pooling: 4, standardization: .perFeature),
      test: .syntheticDigits(seed: 4, count: 50), hidden: [5], activation: .sigmoid,
      loss: .meanSquaredError, weightDecay: 0.03,
      optimizer: OptimizerDescription("nesterov", ["learningRate": 0.2, "momentum": 0.6]),
      plan: try TrainingPlan(epochs: 3, batchSize: 16, seed: 8, initialization: .heNormal))
    let result = try experiment.prepared(from: DataFolder()).train()

    // The same, put together by hand.
    let images = try experiment.data.load()
    let standardizer = try experiment.data.standardizer(fitting: images)
    func objective(_ images: ImageSet) throws -> NetworkObjective<Double> {
      let examples = try experiment.data.examples(
        Double.self, of: images, standardizer: standardizer)
      return try NetworkObjective(
        network: FullyConnectedNetwork(widths: [49, 5, 10], activation: .sigmoid),
        loss: .meanSquaredError, inputs: examples.inputs,
        targets: .classes(examples.labels.map { Int32($0) }), weightDecay: 0.03)
    }
    let trainer = Trainer(
      objective: try objective(images),
      optimizer: try Nesterov(learningRate: 0.2, momentum: 0.6),
      plan: try TrainingPlan(epochs: 3, batchSize: 16, seed: 8, initialization: .heNormal))
    var state = trainer.initialState()
    try trainer.run(&state)
    #expect(result.parameters == state.parameters)
    #expect(result.history == state.history)
    let held = try objective(DataSource.syntheticDigits(seed: 4, count: 50).load())
    #expect(result.test == held.evaluate(at: state.parameters))
  }
}
