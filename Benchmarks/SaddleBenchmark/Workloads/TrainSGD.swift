import Saddle

/// The trainer's steps, shuffled batches included, the evaluation after each epoch not. The
/// roofline counts 4·B·P flops a step: the first layer, nearly all of P, passes no gradient on.
struct TrainSGD: Workload {
  let name = "train-sgd"
  let summary = "training 784-100-10 tanh, batch 64, SGD with momentum, N = 10,000, Float"
  let targets: [Target] = [.ratioToPeer(atLeast: 2)]

  private let batchSize = 64
  /// An epoch takes about 155 steps: six are measured as one piece of about as many as the peer's.
  private let epochsPerPiece = 6
  private let pieces = 3

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let point = try NetworkPoint<Float>(widths: [784, 100, 10], samples: 10000)
    roofline.sample(Float.self)
    let epochs = try timeEpochs(of: point.objective)
    // Of every epoch the steps from the second to the last full batch.
    let steps = Double((point.objective.samples / batchSize - 1) * epochsPerPiece)
    let perStep = Timings(
      seconds: (0..<pieces).map { piece in
        epochs[piece * epochsPerPiece..<(piece + 1) * epochsPerPiece].reduce(0, +) / steps
      })
    var figures = point.sizes
    figures[.perSecond] = 1 / perStep.best
    figures[.medianPerSecond] = 1 / perStep.median
    figures.compare(
      flops: 4 * Double(batchSize * point.parameters.count), in: perStep.best, with: &roofline,
      Float.self)
    return figures
  }

  /// Seconds from the first to the last full batch of each epoch, after one to warm up.
  private func timeEpochs(of objective: NetworkObjective<Float>) throws -> [Double] {
    let trainer = Trainer(
      objective: objective, optimizer: try Momentum<Float>(learningRate: 0.1, momentum: 0.9),
      plan: try TrainingPlan(epochs: 1 + pieces * epochsPerPiece, batchSize: batchSize, seed: 1))
    let lastFull = objective.samples / batchSize
    var state = trainer.initialState()
    var start = ContinuousClock.now
    var seconds: [Double] = []
    try trainer.run(&state) { event in
      guard case .step(let epoch, let batch, _) = event else { return }
      if batch == 1 { start = .now }
      if batch == lastFull && epoch > 1 { seconds.append((.now - start) / .seconds(1)) }
    }
    return seconds
  }
}
