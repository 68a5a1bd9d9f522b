/// What training an experiment gave.
public struct TrainedNetwork: Codable, Equatable, Sendable {
  /// θ, widened to double where training was in single precision.
  public let parameters: [Double]
  public let history: [EpochRecord]
  /// Loss, accuracy and gradient norm on the samples held out.
  public let test: Evaluation?
}

extension PreparedExperiment {
  /// Trains the experiment's network, from its checkpoint in `folder` where there is one.
  ///
  /// - Parameters:
  ///   - folder: where the run is kept, so that it can be resumed; nil keeps it in memory only.
  ///   - resume: whether a checkpoint that is there is gone on with; without it that is an error.
  /// - Throws: `TrainingError`, `RunError`, `OptimizerError`, or what does not fit in the data.
  public func train(
    in folder: RunFolder? = nil, resume: Bool = false,
    onEvent: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainedNetwork {
    switch experiment.precision {
    case .float: try train(Float.self, in: folder, resume, onEvent)
    case .double: try train(Double.self, in: folder, resume, onEvent)
    }
  }

  private func train<T: Scalar>(
    _ type: T.Type, in folder: RunFolder?, _ resume: Bool,
    _ onEvent: (TrainingEvent) -> Void
  ) throws -> TrainedNetwork {
    guard case .trained(let rule, let plan) = experiment.origin else {
      throw TrainingError.invalidPlan(
        "\(experiment.name): its parameters were imported; name another folder to train in")
    }
    return try train(by: rule.makeOptimizer(type), plan, in: folder, resume, onEvent)
  }

  private func train<Rule: Optimizer>(
    by rule: Rule, _ plan: TrainingPlan, in folder: RunFolder?, _ resume: Bool,
    _ onEvent: (TrainingEvent) -> Void
  ) throws -> TrainedNetwork {
    let trainer = Trainer(
      objective: try objective(Rule.Element.self), optimizer: rule, plan: plan)
    return try run(trainer, in: folder, resume, onEvent)
  }

  private func run<Rule: Optimizer>(
    _ trainer: Trainer<Rule>, in folder: RunFolder?, _ resume: Bool,
    _ onEvent: (TrainingEvent) -> Void
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
    try folder?.begin(description)
    try trainer.run(&state, onEvent: onEvent) { state in
      try folder?.write(checkpoint: state, of: description)
    }
    let parameters = state.parameters.map { Double($0) }
    let result = TrainedNetwork(
      parameters: parameters, history: state.history,
      test: try testEvaluation(at: parameters))
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
