/// A small random network with data and parameters: a description that any implementation can
/// build its own network from.
public struct RandomNetwork: Sendable {
  public let widths: [Int]
  public let activation: PlainNetwork.Activation
  public let loss: PlainNetwork.Loss
  public let weightDecay: Double
  /// N × widths[0].
  public let inputs: [[Double]]
  /// N classes.
  public let labels: [Int]
  /// θ, in `PlainNetwork`'s order.
  public let parameters: [Double]

  public init(
    widths: [Int], activation: PlainNetwork.Activation, loss: PlainNetwork.Loss,
    weightDecay: Double, inputs: [[Double]], labels: [Int], parameters: [Double]
  ) {
    self.widths = widths
    self.activation = activation
    self.loss = loss
    self.weightDecay = weightDecay
    self.inputs = inputs
    self.labels = labels
    self.parameters = parameters
  }

  /// The reference implementation of the same loss.
  public var reference: PlainNetwork {
    PlainNetwork(
      widths: widths, activation: activation, loss: loss, weightDecay: weightDecay,
      inputs: inputs, labels: labels)
  }

  /// Draws 0 to 2 hidden layers of 1 to 5 units, 1 to 6 inputs, 2 to 4 classes (once in ten: 1)
  /// and 1 to 12 samples.
  ///
  /// Weights are normal with variance 1/fan-in and biases with variance ¼, so that activations
  /// neither die nor saturate; once in ten an input is constantly zero, once in ten all parameters
  /// are zero (where ReLUs sit on their kink: see `PlainNetwork.distanceToKink`); half of the
  /// networks have a weight decay.
  ///
  /// - Parameters:
  ///   - activation: drawn where nil.
  ///   - loss: likewise.
  public static func draw(
    activation: PlainNetwork.Activation? = nil, loss: PlainNetwork.Loss? = nil,
    using generator: inout some RandomNumberGenerator
  ) -> RandomNetwork {
    var widths = [1 + Draw.integer(below: 6, using: &generator)]
    for _ in 0..<Draw.integer(below: 3, using: &generator) {
      widths.append(1 + Draw.integer(below: 5, using: &generator))
    }
    let classes =
      Draw.once(in: 10, using: &generator) ? 1 : 2 + Draw.integer(below: 3, using: &generator)
    widths.append(classes)

    let activations = PlainNetwork.Activation.allCases
    let losses = PlainNetwork.Loss.allCases
    let drawnActivation = activations[Draw.integer(below: activations.count, using: &generator)]
    let drawnLoss = losses[Draw.integer(below: losses.count, using: &generator)]
    let decays =
      Draw.sign(using: &generator) > 0 ? 0 : Draw.uniform(0.001, 0.5, using: &generator)

    let samples = 1 + Draw.integer(below: 12, using: &generator)
    var inputs = [[Double]]()
    var labels = [Int]()
    for _ in 0..<samples {
      inputs.append(Draw.normals(widths[0], using: &generator))
      labels.append(Draw.integer(below: classes, using: &generator))
    }
    if Draw.once(in: 10, using: &generator) {
      let dead = Draw.integer(below: widths[0], using: &generator)
      for n in inputs.indices { inputs[n][dead] = 0 }
    }
    return RandomNetwork(
      widths: widths, activation: activation ?? drawnActivation, loss: loss ?? drawnLoss,
      weightDecay: decays, inputs: inputs, labels: labels,
      parameters: parameters(for: widths, using: &generator))
  }

  private static func parameters(
    for widths: [Int], using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    var result = [Double]()
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      let scale = 1 / Double(inputs).squareRoot()
      for _ in 0..<(inputs * outputs) { result.append(scale * Draw.normal(using: &generator)) }
      for _ in 0..<outputs { result.append(0.5 * Draw.normal(using: &generator)) }
    }
    let allZero = Draw.once(in: 10, using: &generator)
    return allZero ? result.map { _ in 0 } : result
  }
}
