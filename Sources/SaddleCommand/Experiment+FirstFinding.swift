import Saddle

// What `saddle reproduce` trains: the library knows no experiment.
extension Experiment {
  /// How long the first finding's experiment is trained.
  static let findingEpochs = 100

  /// The first finding's experiment on MNIST: its first 5,000 training images, pooled to 14 × 14.
  static func mnist(
    epochs: Int = findingEpochs
  ) throws(TrainingError) -> Experiment {
    try firstFinding(
      "mnist", on: .mnist(file: .train, first: 5000), test: .mnist(file: .test, first: nil),
      epochs: epochs)
  }

  /// The same on figures that are drawn, for a machine without MNIST.
  static func syntheticDigits(
    epochs: Int = findingEpochs
  ) throws(TrainingError) -> Experiment {
    try firstFinding(
      "synthetic", on: .syntheticDigits(seed: 1, count: 2000),
      test: .syntheticDigits(seed: 2, count: 2000), epochs: epochs)
  }

  private static func firstFinding(
    _ name: String, on source: DataSource, test: DataSource, epochs: Int
  ) throws(TrainingError) -> Experiment {
    Experiment(
      name: name + "-196-16-10-tanh", data: DatasetDescription(source, pooling: 2), test: test,
      hidden: [16], activation: .tanh,
      optimizer: OptimizerDescription("momentum", ["learningRate": 0.05, "momentum": 0.9]),
      plan: try TrainingPlan(epochs: epochs, batchSize: 64, seed: 1))
  }
}
