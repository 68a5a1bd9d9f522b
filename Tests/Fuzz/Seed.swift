import Saddle

/// What stands beside the bytes of a reader that takes several files.
enum Seed {
  /// One image of 2 × 2 pixels.
  static let idxImages: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]
  /// One label.
  static let idxLabels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 1, 7]

  static var experiment: Experiment {
    get throws {
      Experiment(
        name: "seedrun", data: DatasetDescription(.syntheticDigits(seed: 1, count: 20), pooling: 14),
        test: .syntheticDigits(seed: 2, count: 20), hidden: [2], activation: .tanh,
        optimizer: OptimizerDescription("momentum", ["learningRate": 0.05]),
        plan: try TrainingPlan(epochs: 1, batchSize: 10, seed: 1))
    }
  }
}
