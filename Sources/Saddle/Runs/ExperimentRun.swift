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
  /// - Throws: `TrainingError`, `RunError`, `OptimizerError`, or what does not fit in the data.
  public func train(
    in folder: RunFolder? = nil, resume: Bool = false, spectrumEvery: Int? = nil,
    fitsBulk: Bool = false, onEvent: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainedNetwork {
    if let every = spectrumEvery, every < 1 {
      throw TrainingError.invalidPlan("a spectrum every \(every) epochs: give 1 or more")
    }
    let recording = spectrumEvery.map { (every: $0, fitsBulk: fitsBulk) }
    switch experiment.precision {
    case .float: return try train(Float.self, in: folder, resume, recording, onEvent)
    case .double: return try train(Double.self, in: folder, resume, recording, onEvent)
    }
  }

  private typealias Recording = (every: Int, fitsBulk: Bool)

  private func train<T: Scalar>(
    _ type: T.Type, in folder: RunFolder?, _ resume: Bool, _ recording: Recording?,
    _ onEvent: (TrainingEvent) -> Void
  ) throws -> TrainedNetwork {
    guard case .trained(let rule, let plan) = experiment.origin else {
      throw TrainingError.invalidPlan(
        "\(experiment.name): its parameters were imported; name another folder to train in")
    }
    return try train(by: rule.makeOptimizer(type), plan, in: folder, resume, recording, onEvent)
  }

  private func train<Rule: Optimizer>(
    by rule: Rule, _ plan: TrainingPlan, in folder: RunFolder?, _ resume: Bool,
    _ recording: Recording?, _ onEvent: (TrainingEvent) -> Void
  ) throws -> TrainedNetwork {
    let trainer = Trainer(
      objective: try objective(Rule.Element.self), optimizer: rule, plan: plan)
    return try run(trainer, in: folder, resume, recording, onEvent)
  }

  private func run<Rule: Optimizer>(
    _ trainer: Trainer<Rule>, in folder: RunFolder?, _ resume: Bool,
    _ recording: Recording?, _ onEvent: (TrainingEvent) -> Void
  ) throws -> TrainedNetwork {
    if let folder {
      if folder.hasCheckpoint, !resume { throw RunError.alreadyThere(path: folder.path) }
      try folder.requireNoImport()
    }
    let description = try description()
    var state =
      try folder?.checkpoint(Trainer<Rule>.State.self, of: description) ?? trainer.initialState()
    // Before `begin`, which removes what the folder holds; the trainer would find out after it.
    try trainer.check(state)
    // What a run that is gone on with has recorded; read before `begin` removes it.
    let earlier = state.epoch > 0 ? try folder?.along() ?? [] : []
    try folder?.begin(description)
    var recorder = recording.map {
      PointRecorder(
        every: $0.every, lastEpoch: trainer.plan.epochs, fitsBulk: $0.fitsBulk, records: earlier,
        upTo: state.epoch)
    }
    let analyzed = try recording.map { _ in try objective(Double.self) }
    func record(_ state: Trainer<Rule>.State) throws {
      guard let analyzed else { return }
      let point = state.parameters.map { Double($0) }
      let isNew = try recorder?.record(epoch: state.epoch, of: analyzed, at: point) ?? false
      if isNew { try folder?.write(recorder?.records ?? [], as: RunFolder.spectraName) }
    }
    if let records = recorder?.records, !records.isEmpty {
      try folder?.write(records, as: RunFolder.spectraName)
    }
    try record(state)
    try trainer.run(&state, onEvent: onEvent) { state in
      try folder?.write(checkpoint: state, of: description)
      try record(state)
    }
    let parameters = state.parameters.map { Double($0) }
    let result = TrainedNetwork(
      parameters: parameters, history: state.history,
      test: try testEvaluation(at: parameters), along: recorder?.records)
    // The parameters last: where they are, the run is finished.
    try folder?.write(state.history, as: RunFolder.historyName)
    try folder?.write(parameters: parameters)
    return result
  }

  /// Loss, accuracy and gradient norm of given parameters on the samples held out.
  public func testEvaluation(at parameters: [Double]) throws -> Evaluation? {
    try testObjective(Double.self)?.evaluate(at: parameters)
  }
}
