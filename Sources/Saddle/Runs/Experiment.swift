/// Everything that a run's result depends on: two equal experiments on the same files are the same
/// run.
public struct Experiment: Hashable, Sendable {
  public var name: String
  /// The training images and how they become inputs.
  public var data: DatasetDescription
  /// Images held out, to be prepared like the training images.
  public var test: DataSource?
  public var architecture: Architecture
  public var loss: Loss
  /// The coefficient of ½‖θ‖².
  public var weightDecay: Double
  /// The share of a label that goes to all classes alike.
  public var labelSmoothing: Double
  public var origin: ParameterOrigin
  /// The precision of training; analysis is always in double.
  public var precision: Precision

  public init(
    name: String, data: DatasetDescription, test: DataSource? = nil, architecture: Architecture,
    loss: Loss = .softmaxCrossEntropy, weightDecay: Double = 0, labelSmoothing: Double = 0,
    origin: ParameterOrigin, precision: Precision = .double
  ) {
    self.name = name
    self.data = data
    self.test = test
    self.architecture = architecture
    self.loss = loss
    self.weightDecay = weightDecay
    self.labelSmoothing = labelSmoothing
    self.origin = origin
    self.precision = precision
  }

  /// An experiment whose network is fully connected and trained.
  public init(
    name: String, data: DatasetDescription, test: DataSource? = nil, hidden: [Int],
    activation: Activation, loss: Loss = .softmaxCrossEntropy, weightDecay: Double = 0,
    optimizer: OptimizerDescription, plan: TrainingPlan, precision: Precision = .double
  ) {
    self.init(
      name: name, data: data, test: test,
      architecture: .dense(hidden: hidden, activation: activation), loss: loss,
      weightDecay: weightDecay, origin: .trained(by: optimizer, plan: plan),
      precision: precision)
  }

  /// The rule that the network is trained by; nil where its parameters were imported.
  public var optimizer: OptimizerDescription? {
    if case .trained(let optimizer, _) = origin { optimizer } else { nil }
  }

  /// How long it is trained; nil where its parameters were imported.
  public var plan: TrainingPlan? {
    if case .trained(_, let plan) = origin { plan } else { nil }
  }

  /// Reads or draws the images that the experiment names.
  ///
  /// - Throws: `DataError`: what is missing or wrong.
  public func prepared(from folder: DataFolder) throws(DataError) -> PreparedExperiment {
    try PreparedExperiment(self, from: folder)
  }
}

/// An experiment with its samples at hand.
public struct PreparedExperiment: Sendable {
  public let experiment: Experiment
  public let samples: SampleSet
  public let testSamples: SampleSet?
  /// Fitted on the training images, for both; numbers are taken as they are.
  private let standardizer: Standardizer?

  init(_ experiment: Experiment, from folder: DataFolder) throws(DataError) {
    self.experiment = experiment
    samples = try experiment.data.samples(from: folder)
    if case .images(let images) = samples {
      standardizer = try experiment.data.standardizer(fitting: images)
    } else {
      standardizer = nil
    }
    if let test = experiment.test {
      testSamples = try DatasetDescription(
        test, grayscale: experiment.data.grayscale, pooling: experiment.data.pooling,
        standardization: experiment.data.standardization
      ).samples(from: folder)
    } else {
      testSamples = nil
    }
  }

  /// The experiment and what its samples are known by.
  ///
  /// - Throws: `DataError.digestUnavailable`.
  public func description() throws(DataError) -> RunDescription {
    var test: String?
    if let testSamples { test = try testSamples.contentSHA256() }
    return RunDescription(
      experiment: experiment, trainingSHA256: try samples.contentSHA256(), testSHA256: test)
  }

  /// The experiment's network on its training samples.
  ///
  /// - Throws: `DataError`, `ModelError` or `ObjectiveError`: what does not fit.
  public func objective<T: Scalar>(_ type: T.Type) throws -> NetworkObjective<T> {
    try objective(type, on: samples, labelSmoothing: experiment.labelSmoothing)
  }

  /// The same on some of the training samples, which are standardized as all of them are: for
  /// processes that have a part each.
  ///
  /// - Precondition: there are as many samples.
  /// - Throws: as `objective`.
  public func objective<T: Scalar>(
    _ type: T.Type, on range: Range<Int>
  ) throws -> NetworkObjective<T> {
    precondition(
      !range.isEmpty && range.upperBound <= samples.count, "\(range) of \(samples.count) samples")
    return try objective(
      type, on: samples.samples(range), labelSmoothing: experiment.labelSmoothing)
  }

  /// The same network and loss on the samples held out, whose labels are not smoothed.
  public func testObjective<T: Scalar>(_ type: T.Type) throws -> NetworkObjective<T>? {
    try testSamples.map { try objective(type, on: $0, labelSmoothing: 0) }
  }

  private func objective<T: Scalar>(
    _ type: T.Type, on samples: SampleSet, labelSmoothing: Double
  ) throws -> NetworkObjective<T> {
    let inputs: Matrix<T>
    let outputs: Int
    let targets: Targets<T>
    var unrounded: WholeNumberInputs?
    switch samples {
    case .images(let images):
      if case .images(let training) = self.samples {
        unrounded = try experiment.data.unrounded(images, standardizedBy: training)
      }
      let examples = try experiment.data.examples(type, of: images, standardizer: standardizer)
      (inputs, outputs) = (examples.inputs, examples.classes)
      targets = .classes(examples.labels.map { Int32($0) })
    case .table(let table):
      (inputs, outputs) = (table.inputs.converted(to: type), table.outputs)
      switch table.targets {
      case .classes(let labels, _): targets = .classes(labels.map { Int32($0) })
      case .values(let values): targets = .values(values.converted(to: type))
      }
    }
    let decay = T(experiment.weightDecay)
    let network =
      switch experiment.architecture {
      case .dense(let hidden, let activation):
        try Network.dense([inputs.columns] + hidden + [outputs], activation)
      case .network(let network): network
      }
    guard (0...1).contains(labelSmoothing) else {
      throw ObjectiveError.invalidLabelSmoothing(labelSmoothing)
    }
    guard network.outputs == outputs else {
      throw ObjectiveError.targetWidth(targets: outputs, network: network.outputs)
    }
    return try NetworkObjective(
      network: network, loss: experiment.loss, inputs: inputs,
      targets: targets.smoothed(by: T(labelSmoothing), classes: outputs),
      weightDecay: decay, unrounded: unrounded)
  }
}
