/// Everything that a run's result depends on: two equal experiments on the same files are the same
/// run.
public struct Experiment: Codable, Hashable, Sendable {
  public var name: String
  /// The training images and how they become inputs.
  public var data: DatasetDescription
  /// Images held out, to be prepared like the training images.
  public var test: DataSource?
  /// The widths of the hidden layers; inputs and outputs follow from the data.
  public var hidden: [Int]
  public var activation: Activation
  public var loss: Loss
  /// The coefficient of ½‖θ‖².
  public var weightDecay: Double
  /// The rule that it is trained by.
  public var optimizer: OptimizerDescription
  public var plan: TrainingPlan
  /// The precision of training; analysis is always in double.
  public var precision: Precision

  public init(
    name: String, data: DatasetDescription, test: DataSource? = nil, hidden: [Int],
    activation: Activation, loss: Loss = .softmaxCrossEntropy, weightDecay: Double = 0,
    optimizer: OptimizerDescription, plan: TrainingPlan, precision: Precision = .double
  ) {
    self.name = name
    self.data = data
    self.test = test
    self.hidden = hidden
    self.activation = activation
    self.loss = loss
    self.weightDecay = weightDecay
    self.optimizer = optimizer
    self.plan = plan
    self.precision = precision
  }

  /// Reads or draws the images that the experiment names.
  ///
  /// - Throws: `DataError`: what is missing or wrong.
  public func prepared(from folder: DataFolder) throws(DataError) -> PreparedExperiment {
    try PreparedExperiment(self, from: folder)
  }
}

/// An experiment with its images at hand.
public struct PreparedExperiment: Sendable {
  public let experiment: Experiment
  public let images: ImageSet
  public let testImages: ImageSet?
  /// Fitted on the training images, for both.
  private let standardizer: Standardizer

  init(_ experiment: Experiment, from folder: DataFolder) throws(DataError) {
    self.experiment = experiment
    images = try experiment.data.load(from: folder)
    standardizer = try experiment.data.standardizer(fitting: images)
    if let test = experiment.test {
      testImages = try test.load(from: folder)
    } else {
      testImages = nil
    }
  }

  /// The experiment and what its images are known by.
  ///
  /// - Throws: `DataError.digestUnavailable`.
  public func description() throws(DataError) -> RunDescription {
    var test: String?
    if let testImages { test = try testImages.contentSHA256() }
    return RunDescription(
      experiment: experiment, trainingSHA256: try images.contentSHA256(), testSHA256: test)
  }

  /// The experiment's network on its training images.
  ///
  /// - Throws: `DataError`, `ModelError` or `ObjectiveError`: what does not fit.
  public func objective<T: Scalar>(_ type: T.Type) throws -> NetworkObjective<T> {
    try objective(type, on: images)
  }

  /// The same network and loss on the images held out.
  public func testObjective<T: Scalar>(_ type: T.Type) throws -> NetworkObjective<T>? {
    try testImages.map { try objective(type, on: $0) }
  }

  private func objective<T: Scalar>(
    _ type: T.Type, on images: ImageSet
  ) throws -> NetworkObjective<T> {
    let examples = try experiment.data.examples(type, of: images, standardizer: standardizer)
    return try NetworkObjective(
      network: FullyConnectedNetwork(
        widths: [examples.inputs.columns] + experiment.hidden + [examples.classes],
        activation: experiment.activation),
      loss: experiment.loss, inputs: examples.inputs,
      targets: .classes(examples.labels.map { Int32($0) }),
      weightDecay: T(experiment.weightDecay))
  }
}

extension Experiment {
  /// The first finding's experiment on MNIST: its first 5,000 training images, pooled to 14 × 14.
  public static func mnist() throws(TrainingError) -> Experiment {
    try firstFinding(
      "mnist", on: .mnist(file: .train, first: 5000), test: .mnist(file: .test, first: nil))
  }

  /// The same on figures that are drawn, for a machine without MNIST.
  public static func syntheticDigits() throws(TrainingError) -> Experiment {
    try firstFinding(
      "synthetic", on: .syntheticDigits(seed: 1, count: 2000),
      test: .syntheticDigits(seed: 2, count: 2000))
  }

  private static func firstFinding(
    _ name: String, on source: DataSource, test: DataSource
  ) throws(TrainingError) -> Experiment {
    Experiment(
      name: name + "-196-16-10-tanh", data: DatasetDescription(source, pooling: 2), test: test,
      hidden: [16], activation: .tanh,
      optimizer: OptimizerDescription("momentum", ["learningRate": 0.05, "momentum": 0.9]),
      plan: try TrainingPlan(epochs: 100, batchSize: 64, seed: 1))
  }
}
