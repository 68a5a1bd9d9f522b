/// How long and from where a network is trained.
public struct TrainingPlan: Codable, Hashable, Sendable {
  public let epochs: Int
  /// No history is longer.
  private static let mostEpochs = 100_000_000
  /// Samples per step; a batch larger than the data set is the data set.
  public let batchSize: Int
  /// Seeds the independent streams "init" and "shuffle".
  public let seed: UInt64
  public let initialization: Initialization
  /// What the initial parameters are multiplied by.
  public let initializationScale: Double

  /// - Throws: `TrainingError.invalidPlan` unless epochs ≥ 0, batch size ≥ 1 and the scale is
  ///   finite and positive.
  public init(
    epochs: Int, batchSize: Int, seed: UInt64, initialization: Initialization = .glorotUniform,
    initializationScale: Double = 1
  ) throws(TrainingError) {
    guard initializationScale > 0, initializationScale.isFinite else {
      throw .invalidPlan("initial weights times \(initializationScale): give a positive number")
    }
    guard epochs >= 0 else { throw .invalidPlan("\(epochs) epochs: give 0 or more") }
    guard epochs <= Self.mostEpochs else {
      throw .invalidPlan("\(epochs) epochs: give at most \(Self.mostEpochs)")
    }
    guard batchSize > 0 else { throw .invalidPlan("batch size \(batchSize): give 1 or more") }
    self.epochs = epochs
    self.batchSize = batchSize
    self.seed = seed
    self.initialization = initialization
    self.initializationScale = initializationScale
  }

  private enum CodingKeys: CodingKey {
    case epochs, batchSize, seed, initialization, initializationScale
  }

  // A scale of 1 is not written: runs from before there was one keep their JSON, and their keys.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(batchSize, forKey: .batchSize)
    try container.encode(seed, forKey: .seed)
    try container.encode(initialization, forKey: .initialization)
    if initializationScale != 1 {
      try container.encode(initializationScale, forKey: .initializationScale)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      epochs: container.decode(Int.self, forKey: .epochs),
      batchSize: container.decode(Int.self, forKey: .batchSize),
      seed: container.decode(UInt64.self, forKey: .seed),
      initialization: container.decode(Initialization.self, forKey: .initialization),
      initializationScale: container.decodeIfPresent(Double.self, forKey: .initializationScale)
        ?? 1)
  }
}

/// Why training could not start or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  case invalidPlan(String)
  /// The loss or a gradient stopped being finite; the state is that after the epoch before.
  case diverged(epoch: Int, step: Int, cause: OptimizerError)
  case stateDoesNotFit(parameters: Int, network: Int)
  /// A state that no run leaves behind: its history, epoch or optimizer's memory disagree.
  case stateInconsistent(String)
  /// The state has gone further than the plan.
  case beyondPlan(epoch: Int, planned: Int)

  public var description: String {
    switch self {
    case .invalidPlan(let cause): cause
    case .diverged(let epoch, let step, let cause):
      "training diverged in epoch \(epoch) at step \(step): \(cause)"
    case .stateDoesNotFit(let parameters, let network):
      "a state of \(parameters) parameters does not fit a network of \(network)"
    case .stateInconsistent(let what): "a state that no run leaves behind: \(what)"
    case .beyondPlan(let epoch, let planned):
      "the run has done \(epoch) epochs already, and \(planned) are asked for: ask for as many or "
        + "more, or begin a new run"
    }
  }
}

/// One point of a run's history, measured on the whole training set.
public struct EpochRecord: Codable, Equatable, Sendable {
  /// Epochs completed: 0 is the starting point.
  public let epoch: Int
  public let evaluation: Evaluation
  /// Steps until here in which the optimizer's mechanism for leaving saddle points acted; nil where
  /// it has none, and in records from before it was counted.
  public let interventions: Int?

  public init(epoch: Int, evaluation: Evaluation, interventions: Int? = nil) {
    self.epoch = epoch
    self.evaluation = evaluation
    self.interventions = interventions
  }
}

extension [EpochRecord] {
  /// Whether these are the records of epochs 0 to `last`.
  func isWhole(to last: Int) -> Bool {
    count - 1 == last && enumerated().allSatisfy { $0 == $1.epoch }
  }
}

/// Everything that a run needs to go on: what a checkpoint holds.
public struct TrainingState<T: Scalar, Memory: Codable & Equatable & Sendable>: Codable, Equatable,
  Sendable
{
  /// Epochs completed.
  public internal(set) var epoch: Int
  /// Steps done of the epoch after them.
  public internal(set) var step: Int
  public internal(set) var parameters: [T]
  public internal(set) var optimizer: Memory
  /// What the order of the samples in the epoch after them is drawn from.
  public internal(set) var shuffle: RandomStream
  public internal(set) var history: [EpochRecord]

  init(
    epoch: Int, step: Int = 0, parameters: [T], optimizer: Memory, shuffle: RandomStream,
    history: [EpochRecord]
  ) {
    self.epoch = epoch
    self.step = step
    self.parameters = parameters
    self.optimizer = optimizer
    self.shuffle = shuffle
    self.history = history
  }

  private enum CodingKeys: CodingKey {
    case epoch, step, parameters, optimizer, shuffle, history
  }

  // A step of 0 is not written: states from before there was one keep their JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epoch, forKey: .epoch)
    if step != 0 { try container.encode(step, forKey: .step) }
    try container.encode(parameters, forKey: .parameters)
    try container.encode(optimizer, forKey: .optimizer)
    try container.encode(shuffle, forKey: .shuffle)
    try container.encode(history, forKey: .history)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      epoch: try container.decode(Int.self, forKey: .epoch),
      step: try container.decodeIfPresent(Int.self, forKey: .step) ?? 0,
      parameters: try container.decode([T].self, forKey: .parameters),
      optimizer: try container.decode(Memory.self, forKey: .optimizer),
      shuffle: try container.decode(RandomStream.self, forKey: .shuffle),
      history: try container.decode([EpochRecord].self, forKey: .history))
  }
}

/// What a run tells while it goes on.
public enum TrainingEvent: Sendable {
  case step(epoch: Int, batch: Int, batches: Int)
  case epoch(EpochRecord)
}

/// Trains a network by mini-batches in a seeded order.
public struct Trainer<Rule: Optimizer>: Sendable {
  public typealias T = Rule.Element
  public typealias State = TrainingState<T, Rule.State>

  public let objective: NetworkObjective<T>
  public let optimizer: Rule
  public let plan: TrainingPlan

  public init(objective: NetworkObjective<T>, optimizer: Rule, plan: TrainingPlan) {
    self.objective = objective
    self.optimizer = optimizer
    self.plan = plan
  }

  /// The state before the first step.
  public func initialState() -> State {
    var generator = RandomStream(seed: plan.seed, name: "init")
    let parameters = objective.network.initialParameters(plan.initialization, using: &generator)
      .map { T(plan.initializationScale) * $0 }
    let memory = optimizer.initialState(dimension: objective.dimension)
    return State(
      epoch: 0, parameters: parameters, optimizer: memory,
      shuffle: RandomStream(seed: plan.seed, name: "shuffle"),
      history: [record(epoch: 0, objective.evaluate(at: parameters), memory)])
  }

  /// Goes on from `state` to the plan's last epoch.
  ///
  /// The same state ends at the same parameters, bit for bit, however often the run is stopped
  /// after a step and taken up again.
  ///
  /// - Parameters:
  ///   - onEvent: told after each step and each epoch.
  ///   - pausing: asked after each step: whether to return there; `state` is then one to go on from.
  ///   - afterEpoch: given the state after each epoch.
  /// - Throws: `TrainingError`, or what `afterEpoch` throws. `state` is then that of the last
  ///   completed epoch.
  public func run(
    _ state: inout State, onEvent: (TrainingEvent) -> Void = { _ in },
    pausing: () -> Bool = { false }, afterEpoch: (State) throws -> Void = { _ in }
  ) throws {
    try check(state)
    var model = MiniBatchModel(objective, batchSize: batchSize)
    var order = Array(0..<objective.samples)
    while state.epoch < plan.epochs {
      var next = state
      for i in order.indices { order[i] = i }
      next.shuffle.shuffle(&order)
      func epoch() throws(TrainingError) -> Bool {
        try runEpoch(&next, order: order, &model, pausing, onEvent)
      }
      guard try stepsAreShort ? withoutBLASThreads(epoch) : epoch() else {
        // The order is drawn again when the epoch is gone on with.
        next.shuffle = state.shuffle
        state = next
        return
      }
      next.epoch += 1
      next.step = 0
      let evaluation = objective.evaluate(at: next.parameters)
      guard evaluation.isFinite else {
        throw TrainingError.diverged(
          epoch: next.epoch, step: batches, cause: .notFinite(value: evaluation.loss, coordinate: nil))
      }
      let record = record(epoch: next.epoch, evaluation, next.optimizer)
      next.history.append(record)
      state = next
      onEvent(.epoch(record))
      try afterEpoch(state)
      if pausing() { return }
    }
  }

  private var batchSize: Int { min(plan.batchSize, objective.samples) }
  /// Steps of an epoch.
  private var batches: Int { (objective.samples + batchSize - 1) / batchSize }

  /// Whether BLAS is to stay on one thread within a step. Of 20 million flops two threads take four
  /// fifths of one's time on a calm machine, and three times it where one of the cores is taken; from
  /// ten times as many on they pay off on both.
  private var stepsAreShort: Bool {
    optimizer is any FirstOrderOptimizer && objective.hasDenseKernel
      && 4 * batchSize * objective.dimension < 50_000_000
  }

  private func record(
    epoch: Int, _ evaluation: Evaluation, _ memory: Rule.State
  ) -> EpochRecord {
    EpochRecord(
      epoch: epoch, evaluation: evaluation, interventions: optimizer.interventions(in: memory))
  }

  /// A state may come from a file.
  func check(_ state: State) throws(TrainingError) {
    guard state.parameters.count == objective.dimension else {
      throw .stateDoesNotFit(
        parameters: state.parameters.count, network: objective.dimension)
    }
    guard allFinite(state.parameters.span) else {
      throw .stateInconsistent("a parameter is not finite")
    }
    guard state.history.isWhole(to: state.epoch) else {
      throw .stateInconsistent(
        "epoch \(state.epoch) with a history of \(state.history.count) records")
    }
    guard 0..<batches ~= state.step, state.step == 0 || state.epoch < plan.epochs else {
      throw .stateInconsistent("step \(state.step) of an epoch of \(batches)")
    }
    guard optimizer.accepts(state.optimizer, dimension: objective.dimension) else {
      throw .stateInconsistent(
        "the optimizer's memory does not fit \(objective.dimension) parameters")
    }
    guard state.epoch <= plan.epochs else {
      throw .beyondPlan(epoch: state.epoch, planned: plan.epochs)
    }
  }

  /// Returns whether the epoch was done to its end.
  private func runEpoch(
    _ state: inout State, order: [Int], _ model: inout MiniBatchModel<T>,
    _ pausing: () -> Bool, _ onEvent: (TrainingEvent) -> Void
  ) throws(TrainingError) -> Bool {
    // Apart from `state`, so that the parameters' span does not lock the optimizer's memory.
    var parameters = state.parameters
    var memory = state.optimizer
    var isWhole = true
    for batch in state.step..<batches {
      let start = batch * batchSize
      model.load(order.span, start..<min(start + batchSize, order.count))
      do throws(OptimizerError) {
        var span = parameters.mutableSpan
        _ = try optimizer.step(&span, on: &model, state: &memory)
      } catch {
        throw .diverged(epoch: state.epoch + 1, step: batch, cause: error)
      }
      onEvent(.step(epoch: state.epoch + 1, batch: batch + 1, batches: batches))
      if batch + 1 < batches, pausing() {
        state.step = batch + 1
        isWhole = false
        break
      }
    }
    state.parameters = parameters
    state.optimizer = memory
    return isWhole
  }
}
