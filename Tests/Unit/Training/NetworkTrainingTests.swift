import Foundation
import Saddle
import Support
import Testing

@Suite struct NetworkTrainingTests {
  private func examples<T: Scalar>(_: T.Type) throws -> LabelledExamples<T> {
    try DatasetDescription(.syntheticDigits(seed: 3, count: 50), pooling: 4).examples(T.self)
  }

  private func objective<T: Scalar>(_: T.Type) throws -> NetworkObjective<T> {
    let examples = try examples(T.self)
    return try NetworkObjective(
      network: Network(
        input: Shape(channels: 1, height: 7, width: 7),
        layers: [
          .convolution(channels: 2, kernel: 3, stride: 2), .activation(.tanh), .flatten,
          .dense(outputs: 10),
        ]),
      loss: .softmaxCrossEntropy, inputs: examples.inputs,
      targets: .classes(examples.labels.map { Int32($0) }), weightDecay: 0.01)
  }

  @Test func `a run that is resumed from its encoding ends bit for bit the same`() throws {
    func trainer(_ epochs: Int) throws -> Trainer<Momentum<Float>> {
      Trainer(
        objective: try objective(Float.self),
        optimizer: try Momentum(learningRate: 0.1, momentum: 0.9),
        plan: try TrainingPlan(epochs: epochs, batchSize: 16, seed: 2))
    }
    var whole = try trainer(4).initialState()
    try trainer(4).run(&whole)
    var state = try trainer(2).initialState()
    try trainer(2).run(&state)
    var resumed = try JSONDecoder().decode(
      Trainer<Momentum<Float>>.State.self, from: JSON.encode(state))
    try trainer(4).run(&resumed)
    #expect(resumed == whole)
    let losses = whole.history.map(\.evaluation.loss)
    #expect(losses[4] < losses[0])
  }

  @Test func `a batch as large as the data makes full-batch steps`() throws {
    let objective = try objective(Double.self)
    let trainer = Trainer(
      objective: objective, optimizer: try SGD(learningRate: 0.5),
      plan: try TrainingPlan(epochs: 3, batchSize: 1000, seed: 1))
    var state = trainer.initialState()
    var expected = state.parameters
    try trainer.run(&state)
    for _ in 0..<3 {
      let gradient = objective.gradient(at: expected).gradient
      expected = zip(expected, gradient).map { $0 - 0.5 * $1 }
    }
    expectClose(
      state.parameters, expected,
      within: Tolerance(relative: 1e-13, why: "sums over 50 samples in another order"))
  }

  @Test func `both kernels train alike`() throws {
    let examples = try examples(Double.self)
    let network = try Network.dense([49, 4, 10], .sigmoid)
    let targets = Targets<Double>.classes(examples.labels.map { Int32($0) })
    func train(_ objective: NetworkObjective<Double>) throws -> [Double] {
      let trainer = Trainer(
        objective: objective,
        // It asks for values, gradients and Hessian-vector products of every batch.
        optimizer: try TrustRegionNewton<Double>(),
        plan: try TrainingPlan(epochs: 1, batchSize: 40, seed: 3, initialization: .heNormal))
      var state = trainer.initialState()
      try trainer.run(&state)
      return state.parameters
    }
    let objective = try NetworkObjective(
      network: network, loss: .meanSquaredError, inputs: examples.inputs, targets: targets)
    expectClose(
      try train(objective.withoutChain), try train(objective),
      within: Tolerance(relative: 1e-9, why: "two steps, each of some products"))
  }
}
