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
    let rate = 0.11
    let problem = try PlainTraining(
      activation: setting.activation, loss: setting.loss, weightDecay: setting.weightDecay)
    var velocity = problem.start.map { _ in 0.0 }
    let plain = try problem.walk { batch, θ in
      let gradient = batch.gradient(at: θ)
      for i in θ.indices {
        velocity[i] = setting.momentum * velocity[i] + gradient[i]
        θ[i] -=
          rate * (setting.nesterov ? gradient[i] + setting.momentum * velocity[i] : velocity[i])
      }
    }
    let (parameters, history) = try train(
      problem.objective, problem.plan,
      by: OptimizerDescription(
        setting.nesterov ? "nesterov" : "momentum",
        ["learningRate": rate, "momentum": setting.momentum]
      ).makeOptimizer(Double.self))
    let rounding = Tolerance(relative: 1e-12, why: "15 steps of sums in another order")
    expectClose(parameters, plain, within: rounding)
    expectClose(
      try #require(history.last).evaluation.loss, try problem.network().value(at: plain),
      within: rounding)
  }

  @Test(.tags(.oracle), arguments: settings)
  private func `an optimizer sees the mini-batch's own value, gradient and Hessian`(
    setting: Setting
  ) throws {
    let problem = try PlainTraining(
      activation: setting.activation, loss: setting.loss, weightDecay: setting.weightDecay)
    let plain = try problem.walk { batch, θ in
      let gradient = batch.gradient(at: θ)
      let ahead = zip(θ, gradient).map { $0 - 0.1 * $1 }
      let product = batch.hessianVectorProduct(at: ahead, along: gradient)
      let value = batch.value(at: ahead)
      for i in θ.indices { θ[i] -= 0.004 * value * (gradient[i] + product[i]) }
    }
    for usesMatrix in [false, true] {
      let walked = try train(
        problem.objective, problem.plan, by: CurvatureWalk(usesMatrix: usesMatrix))
      expectClose(
        walked.parameters, plain,
        within: Tolerance(relative: 1e-11, why: "15 steps of products in another order"))
    }
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
        network: Network.dense([49, 5, 10], .sigmoid),
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

/// Asks for everything that a model can be asked: the gradient at θ, then value and Hessian at
/// θ − g/10, which it walks along.
private struct CurvatureWalk: Optimizer {
  typealias Element = Double
  struct State: Codable, Equatable {}
  let usesMatrix: Bool

  func initialState(dimension: Int) -> State { State() }
  func accepts(_ state: State, dimension: Int) -> Bool { true }

  func step<Model: LocalModel<Double>>(
    _ parameters: inout MutableSpan<Double>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Double {
    let value = try model.finiteEvaluation(at: parameters.span)
    let gradient = model.gradient
    var ahead = gradient.indices.map { parameters[$0] - 0.1 * gradient[$0] }
    let hessian = model.linearized(at: ahead.span)
    let valueAhead = model.value(at: ahead.span)
    ahead =
      usesMatrix
      ? DenseOperator(hessian.assembled()).apply(gradient) : hessian.apply(gradient)
    for i in ahead.indices { parameters[i] -= 0.004 * valueAhead * (gradient[i] + ahead[i]) }
    return value
  }
}

/// A small problem whose epochs are walked in plain loops: 70 samples in batches of 16, so that the
/// last batch of an epoch has 6.
private struct PlainTraining {
  private static let widths = [4, 5, 3]
  let objective: NetworkObjective<Double>
  let plan: TrainingPlan
  let start: [Double]
  private let inputs: [[Double]]
  private let labels: [Int]

  init(activation: Activation, loss: Loss, weightDecay: Double) throws {
    var generator = RandomStream(seed: 9)
    let inputs = (0..<70).map { _ in Draw.normals(4, using: &generator) }
    let labels = (0..<70).map { _ in generator.index(below: 3) }
    self.inputs = inputs
    self.labels = labels
    objective = try NetworkObjective<Double>(
      network: Network.dense(Self.widths, activation), loss: loss,
      inputs: Matrix(inputs), targets: .classes(labels.map { Int32($0) }),
      weightDecay: weightDecay)
    plan = try TrainingPlan(epochs: 3, batchSize: 16, seed: 5)
    var initial = RandomStream(seed: plan.seed, name: "init")
    start = objective.network.initialParameters(plan.initialization, using: &initial)
  }

  /// The network on some of the samples.
  func network(_ batch: [Int] = Array(0..<70)) throws -> PlainNetwork {
    let activation = try #require(objective.network.denseWidths).activation
    return PlainNetwork(
      widths: Self.widths, activation: try #require(.init(rawValue: activation.rawValue)),
      loss: try #require(.init(rawValue: objective.loss.rawValue)),
      weightDecay: objective.weightDecay, inputs: batch.map { inputs[$0] },
      labels: batch.map { labels[$0] })
  }

  /// Takes one step per batch through all epochs, in the order that the seed gives.
  func walk(_ step: (PlainNetwork, inout [Double]) -> Void) throws -> [Double] {
    var θ = start
    var orders = RandomStream(seed: plan.seed, name: "shuffle")
    for _ in 0..<plan.epochs {
      // Fisher–Yates, written out.
      var order = Array(inputs.indices)
      for i in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(i, orders.index(below: i + 1))
      }
      for start in stride(from: 0, to: order.count, by: plan.batchSize) {
        step(try network(Array(order[start..<min(start + plan.batchSize, order.count)])), &θ)
      }
    }
    return θ
  }
}
