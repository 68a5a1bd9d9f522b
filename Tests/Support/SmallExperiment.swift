import Saddle

extension Experiment {
  /// 196-16-10 on drawn digits, with nothing to download.
  public static func onSyntheticDigits(epochs: Int = 100) throws -> Experiment {
    Experiment(
      name: "synthetic", data: DatasetDescription(.syntheticDigits(seed: 1, count: 2000), pooling: 2),
      test: .syntheticDigits(seed: 2, count: 2000), hidden: [16], activation: .tanh,
      optimizer: OptimizerDescription("momentum", ["learningRate": 0.05, "momentum": 0.9]),
      plan: try TrainingPlan(epochs: epochs, batchSize: 64, seed: 1))
  }
}
