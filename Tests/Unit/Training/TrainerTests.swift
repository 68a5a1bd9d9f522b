import Foundation
import Saddle
import Support
import Testing

@Suite struct TrainerTests {
  /// A small problem whose last batch of an epoch is smaller than the others.
  private func trainer<T: Scalar>(
    _: T.Type, epochs: Int, seed: UInt64 = 1, learningRate: T = 0.1
  ) throws -> Trainer<Momentum<T>> {
    let data = DatasetDescription(.syntheticDigits(seed: 3, count: 70), pooling: 4)
    let examples = try data.examples(T.self)
    return Trainer(
      objective: try NetworkObjective(
        network: Network.dense([examples.inputs.columns, 6, examples.classes], .tanh),
        loss: .softmaxCrossEntropy, inputs: examples.inputs,
        targets: .classes(examples.labels.map { Int32($0) })),
      optimizer: try Momentum(learningRate: LearningRate(learningRate), momentum: 0.9),
      plan: try TrainingPlan(epochs: epochs, batchSize: 16, seed: seed))
  }

  @Test func `a run that is stopped and resumed from its encoding ends bit for bit the same`()
    throws
  {
    let long = try trainer(Float.self, epochs: 6)
    var whole = long.initialState()
    try long.run(&whole)

    let short = try trainer(Float.self, epochs: 2)
    var state = short.initialState()
    try short.run(&state)
    let data = try JSON.encode(state)
    var resumed = try JSONDecoder().decode(Trainer<Momentum<Float>>.State.self, from: data)
    #expect(resumed == state)
    try long.run(&resumed)
    #expect(resumed == whole)
    #expect(resumed.history.map(\.epoch) == Array(0...6))
  }

  @Test func `the history counts interventions, through a resumed run, and only where there are any`()
    throws
  {
    let examples = try DatasetDescription(.syntheticDigits(seed: 3, count: 70), pooling: 4)
      .examples(Double.self)
    let objective = try NetworkObjective<Double>(
      network: Network.dense([examples.inputs.columns, 3, examples.classes], .tanh),
      loss: .softmaxCrossEntropy, inputs: examples.inputs,
      targets: .classes(examples.labels.map { Int32($0) }))
    func trainer(epochs: Int) throws -> Trainer<NoisySGD<Double>> {
      Trainer(
        objective: objective, optimizer: try NoisySGD(learningRate: 0.1),
        plan: try TrainingPlan(epochs: epochs, batchSize: 16, seed: 1))
    }
    var state = try trainer(epochs: 1).initialState()
    try trainer(epochs: 1).run(&state)
    var resumed = try JSONDecoder().decode(
      Trainer<NoisySGD<Double>>.State.self, from: JSON.encode(state))
    try trainer(epochs: 3).run(&resumed)
    // Five batches an epoch.
    #expect(resumed.history.map(\.interventions) == [0, 5, 10, 15])

    let plain = try self.trainer(Double.self, epochs: 1).initialState()
    #expect(plain.history.map(\.interventions) == [nil])
    #expect(!String(decoding: try JSON.encode(plain.history), as: UTF8.self).contains("interv"))
    let old = #"{"epoch":0,"evaluation":{"loss":1,"gradientNorm":2}}"#
    let record = try JSONDecoder().decode(EpochRecord.self, from: Data(old.utf8))
    #expect(record.interventions == nil)
  }

  @Test func `the same seed gives the same run and another seed another`() throws {
    func parameters(_ seed: UInt64) throws -> [Double] {
      let trainer = try trainer(Double.self, epochs: 1, seed: seed)
      var state = trainer.initialState()
      try trainer.run(&state)
      return state.parameters
    }
    #expect(try parameters(1) == parameters(1))
    #expect(try parameters(1) != parameters(2))
  }

  @Test func `a batch as large as the data makes full-batch steps`() throws {
    let data = DatasetDescription(.syntheticDigits(seed: 3, count: 30), pooling: 4)
    let examples = try data.examples(Double.self)
    let objective = try NetworkObjective<Double>(
      network: Network.dense([examples.inputs.columns, examples.classes], .tanh),
      loss: .softmaxCrossEntropy, inputs: examples.inputs,
      targets: .classes(examples.labels.map { Int32($0) }))
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
      within: Tolerance(relative: 1e-13, why: "sums over 30 samples in another order"))
  }

  @Test func `training that diverges says where and keeps the last whole epoch`() throws {
    let trainer = try trainer(Float.self, epochs: 50, learningRate: 3e38)
    var state = trainer.initialState()
    let start = state
    #expect {
      try trainer.run(&state)
    } throws: { error in
      guard case .diverged(let epoch, _, .notFinite) = error as? TrainingError else {
        return false
      }
      return epoch == state.epoch + 1
    }
    if state.epoch == 0 { #expect(state == start) }
    #expect(state.parameters.allSatisfy { $0.isFinite })
  }

  @Test func `a state that no run leaves behind is refused before it is used`() throws {
    let trainer = try trainer(Float.self, epochs: 3)
    var whole = trainer.initialState()
    try trainer.run(&whole)
    let text = String(decoding: try JSON.encode(whole, isForPeople: false), as: UTF8.self)
    func run(_ from: String, _ to: String, epochs: Int = 3) throws {
      #expect(from == to || text.contains(from))
      var state = try JSONDecoder().decode(
        Trainer<Momentum<Float>>.State.self, from: Data(text.replacing(from, with: to).utf8))
      try self.trainer(Float.self, epochs: epochs).run(&state)
    }
    try run("", "")
    #expect(throws: TrainingError.beyondPlan(epoch: 3, planned: 2)) { try run("", "", epochs: 2) }
    for (from, to) in [
      ("\"epoch\":3,\"history\":", "\"epoch\":-1,\"history\":"),
      ("\"epoch\":3,\"history\":", "\"epoch\":2,\"history\":"),
      ("\"velocity\":[", "\"velocity\":[0,"),
      ("\"step\":15", "\"step\":-15"),
    ] {
      #expect("\(from) to \(to)") {
        try run(from, to)
      } throws: {
        if case .stateInconsistent = $0 as? TrainingError { true } else { false }
      }
    }
    #expect {
      try run("\"parameters\":[", "\"parameters\":[0,")
    } throws: {
      if case .stateDoesNotFit = $0 as? TrainingError { true } else { false }
    }
  }

  @Test func `plans that cannot be carried out are refused`() {
    #expect(throws: TrainingError.invalidPlan("-1 epochs: give 0 or more")) {
      try TrainingPlan(epochs: -1, batchSize: 1, seed: 1)
    }
    #expect(throws: TrainingError.invalidPlan("batch size 0: give 1 or more")) {
      try TrainingPlan(epochs: 1, batchSize: 0, seed: 1)
    }
  }
}
