/// What training an experiment gave.
public struct TrainedNetwork: Codable, Equatable, Sendable {
  /// θ, widened to double where training was in single precision.
  public let parameters: [Double]
  public let history: [EpochRecord]
  /// Loss, accuracy and gradient norm on the samples held out.
  public let test: Evaluation?
  /// The points along the run, where they were asked for.
  public let along: [PointAlong]?
}

extension PreparedExperiment {
  /// Trains the experiment's network, from its checkpoint in `folder` where there is one.
  ///
  /// - Parameters:
  ///   - folder: where the run is kept, so that it can be resumed; nil keeps it in memory only.
  ///   - resume: whether a checkpoint that is there is gone on with; without it that is an error.
  ///   - spectrumEvery: takes the Hessian's spectrum at the start, after every so many epochs and at
  ///     the end; it changes nothing of the training.
  ///   - fitsBulk: whether those spectra are put to the semicircle's test too.
  ///   - pace: how often the state is kept in `folder` on the way.
  ///   - isInterrupted: asked after every step: whether to keep the state and end there.
  /// - Throws: `TrainingError`, `RunError`, `OptimizerError`, or what does not fit in the data.
  public func train(
    in folder: RunFolder? = nil, resume: Bool = false, spectrumEvery: Int? = nil,
    fitsBulk: Bool = false, pace: CommitPace = CommitPace(),
    onEvent: @escaping (TrainingEvent) -> Void = { _ in },
    isInterrupted: @escaping () -> Bool = { false }
  ) throws -> TrainedNetwork {
    if let every = spectrumEvery, every < 1 {
      throw TrainingError.invalidPlan("a spectrum every \(every) epochs: give 1 or more")
    }
    let recording = spectrumEvery.map { (every: $0, fitsBulk: fitsBulk) }
    let watch = Watch(pace: pace, isInterrupted: isInterrupted, onEvent: onEvent)
    switch experiment.precision {
    case .float: return try train(Float.self, in: folder, resume, recording, watch)
    case .double: return try train(Double.self, in: folder, resume, recording, watch)
    }
  }

  private typealias Recording = (every: Int, fitsBulk: Bool)

  private func train<T: Scalar>(
    _ type: T.Type, in folder: RunFolder?, _ resume: Bool, _ recording: Recording?, _ watch: Watch
  ) throws -> TrainedNetwork {
    guard case .trained(let rule, let plan) = experiment.origin else {
      throw TrainingError.invalidPlan(
        "\(experiment.name): its parameters were imported; name another folder to train in")
    }
    return try train(by: rule.makeOptimizer(type), plan, in: folder, resume, recording, watch)
  }

  private func train<Rule: Optimizer>(
    by rule: Rule, _ plan: TrainingPlan, in folder: RunFolder?, _ resume: Bool,
    _ recording: Recording?, _ watch: Watch
  ) throws -> TrainedNetwork {
    let trainer = Trainer(
      objective: try objective(Rule.Element.self), optimizer: rule, plan: plan)
    return try run(trainer, in: folder, resume, recording, watch)
  }

  private func run<Rule: Optimizer>(
    _ trainer: Trainer<Rule>, in folder: RunFolder?, _ resume: Bool,
    _ recording: Recording?, _ watch: Watch
  ) throws -> TrainedNetwork {
    if let folder {
      if try folder.hasCheckpoint, !resume { throw RunError.alreadyThere(path: folder.path) }
      try folder.requireNoImport()
    }
    let size = MemoryLayout<Rule.Element>.stride
    let units = trainer.objective.network.parameterBlocks.reduce(0) { $0 + ($1.shape.first ?? 0) }
    try MemoryBudget.require(
      // θ, its gradient, what is kept of both while a step is tried, an optimizer's two averages.
      MemoryBudget.bytes(trainer.objective.dimension, 6, size).flatMap { state in
        MemoryBudget.bytes(min(trainer.plan.batchSize, trainer.objective.samples), units, 3, size)
          .map { state.addingReportingOverflow($0) }.flatMap { $1 ? nil : $0 }
      },
      for: "training \(trainer.objective.dimension) parameters")
    let description = try description()
    let kept = try folder?.checkpoint(Trainer<Rule>.State.self, of: description)
    var state = kept?.state ?? trainer.initialState()
    try trainer.check(state)
    let earlier = kept?.along ?? []
    var recorder = recording.map {
      PointRecorder(
        every: $0.every, lastEpoch: trainer.plan.epochs, fitsBulk: $0.fitsBulk, records: earlier,
        upTo: state.epoch)
    }
    let analyzed = try recording.map { _ in try objective(Double.self) }
    func record(_ state: Trainer<Rule>.State) throws {
      guard let analyzed, state.step == 0 else { return }
      let point = state.parameters.map { Double($0) }
      try recorder?.record(epoch: state.epoch, of: analyzed, at: point)
    }
    // Without a recorder those of before stay: they are of this very run.
    var along: [PointAlong] { recorder?.records ?? earlier }
    try record(state)
    var pace = watch.pace
    while true {
      try trainer.run(
        &state, onEvent: watch.onEvent,
        pausing: { watch.isInterrupted() || folder != nil && pace.isDue }, afterEpoch: record)
      if state.epoch == trainer.plan.epochs { break }
      try pace.commit { try folder?.keep(state, along: along, of: description) }
      if watch.isInterrupted() { throw RunError.interrupted(path: folder?.path ?? experiment.name) }
    }
    let parameters = state.parameters.map { Double($0) }
    let result = TrainedNetwork(
      parameters: parameters, history: state.history,
      test: try testEvaluation(at: parameters), along: recorder?.records)
    try folder?.keep(result, state: state, along: along, of: description)
    return result
  }

  /// Loss, accuracy and gradient norm of given parameters on the samples held out.
  public func testEvaluation(at parameters: [Double]) throws -> Evaluation? {
    try testObjective(Double.self)?.evaluate(at: parameters)
  }
}

/// What goes on beside the training of a network.
private struct Watch {
  let pace: CommitPace
  let isInterrupted: () -> Bool
  let onEvent: (TrainingEvent) -> Void
}
