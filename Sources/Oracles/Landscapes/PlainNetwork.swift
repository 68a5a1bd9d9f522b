import Foundation

/// A fully connected network's loss in plain loops over `Double`: the reference for faster code.
///
/// Layers are affine; every hidden layer is followed by the activation and the last is not.
/// Parameters lie in one flat vector: per layer the weights row by row (outputs × inputs), then
/// the biases. The loss is a mean over samples plus ½·weightDecay·‖θ‖², biases included.
///
/// The gradient is backpropagation, written by hand; second derivatives come from truncated Taylor
/// arithmetic over the forward pass, so neither shares a derivative with the other.
public struct PlainNetwork: Sendable {
  public enum Activation: String, Sendable, CaseIterable, Codable {
    case tanh, relu, sigmoid, softplus
    /// x·Φ(x) with the exact normal distribution function, not its tanh approximation.
    case gelu
    case identity
  }

  public enum Loss: String, Sendable, CaseIterable, Codable {
    /// The mean of log Σ exp(zⱼ) − z_y, by log-sum-exp.
    case softmaxCrossEntropy
    /// (1/(2N)) Σ ‖z − onehot(y)‖².
    case meanSquaredError
  }

  public let widths: [Int]
  public let activation: Activation
  public let loss: Loss
  public let weightDecay: Double
  public let inputs: [[Double]]
  /// One of each sample.
  public let targets: [Target]

  /// What a sample should give: a class, whose unit vector squared error takes, or for squared error
  /// values of the outputs.
  public enum Target: Sendable, Equatable {
    case label(Int)
    case values([Double])

    /// The value that output k should have.
    subscript(k: Int) -> Double {
      switch self {
      case .label(let label): k == label ? 1 : 0
      case .values(let values): values[k]
      }
    }
  }

  /// With values for targets: of the outputs for squared error, probabilities of the classes for
  /// cross-entropy.
  ///
  /// - Parameters:
  ///   - widths: as with labels.
  ///   - inputs: likewise.
  ///   - values: N × the last width.
  public init(
    widths: [Int], activation: Activation, loss: Loss = .meanSquaredError, weightDecay: Double = 0,
    inputs: [[Double]], values: [[Double]]
  ) {
    precondition(
      values.allSatisfy { $0.count == widths[widths.count - 1] },
      "target values of another width than \(widths[widths.count - 1])")
    self.init(
      widths: widths, activation: activation, loss: loss, weightDecay: weightDecay,
      inputs: inputs, targets: values.map { .values($0) })
  }

  /// - Parameters:
  ///   - widths: of the input, the hidden layers and the output; at least two, all positive.
  ///   - inputs: N ≥ 1 samples of `widths[0]` numbers.
  ///   - labels: N classes in 0 ..< the last width.
  public init(
    widths: [Int], activation: Activation, loss: Loss, weightDecay: Double = 0,
    inputs: [[Double]], labels: [Int]
  ) {
    for (n, label) in labels.enumerated() {
      precondition(
        (0..<widths[widths.count - 1]).contains(label),
        "label \(n) is \(label), with \(widths[widths.count - 1]) outputs")
    }
    self.init(
      widths: widths, activation: activation, loss: loss, weightDecay: weightDecay,
      inputs: inputs, targets: labels.map { .label($0) })
  }

  init(
    widths: [Int], activation: Activation, loss: Loss, weightDecay: Double, inputs: [[Double]],
    targets: [Target]
  ) {
    precondition(
      widths.count >= 2 && widths.allSatisfy { $0 > 0 },
      "widths \(widths); at least an input and an output, all positive")
    precondition(
      !inputs.isEmpty && targets.count == inputs.count,
      "\(inputs.count) inputs and \(targets.count) targets; as many of each, at least one")
    for (n, input) in inputs.enumerated() {
      precondition(
        input.count == widths[0], "input \(n) has \(input.count) numbers, not \(widths[0])")
    }
    self.widths = widths
    self.activation = activation
    self.loss = loss
    self.weightDecay = weightDecay
    self.inputs = inputs
    self.targets = targets
  }

  /// The number of parameters, P.
  public var dimension: Int { layers.reduce(0) { $0 + $1.inputs * $1.outputs + $1.outputs } }

  /// The loss at P parameters. +∞ or NaN only where the arithmetic overflows.
  public func value(at θ: [Double]) -> Double {
    var sum = 0.0
    for (input, target) in zip(inputs, targets) {
      sum += loss.ofSample(forward(θ, input).outputs.map { Jet($0) }, target).value
    }
    var squares = 0.0
    for parameter in θ { squares += parameter * parameter }
    return sum / Double(inputs.count) + 0.5 * weightDecay * squares
  }

  /// The last layer's outputs (logits), N × K.
  public func outputs(at θ: [Double]) -> [[Double]] { inputs.map { forward(θ, $0).outputs } }

  /// How close any sample brings any ReLU to its kink: the smallest |input| of a hidden unit, or
  /// infinity for smooth activations. Differences with steps that cross a kink mean little.
  public func distanceToKink(at θ: [Double]) -> Double {
    guard activation == .relu else { return .infinity }
    var nearest = Double.infinity
    for input in inputs {
      for sums in forward(θ, input).sums.dropLast() {
        for sum in sums { nearest = min(nearest, sum.magnitude) }
      }
    }
    return nearest
  }

  // MARK: Layers

  struct Layer {
    let inputs: Int
    let outputs: Int
    /// Where the weights begin in the flat vector.
    let weights: Int
    var biases: Int { weights + inputs * outputs }
  }

  var layers: [Layer] {
    var result = [Layer]()
    var offset = 0
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      let layer = Layer(inputs: inputs, outputs: outputs, weights: offset)
      offset = layer.biases + outputs
      result.append(layer)
    }
    return result
  }

  struct Trace {
    /// What each layer reads: the input, then the activations.
    var read = [[Double]]()
    /// What each layer computes before the activation; the last are the outputs.
    var sums = [[Double]]()
    var outputs: [Double] { sums[sums.count - 1] }
  }

  func forward(_ θ: [Double], _ input: [Double]) -> Trace {
    let layers = layers
    requireCount(θ)
    var trace = Trace()
    var a = input
    for (l, layer) in layers.enumerated() {
      var z = [Double](repeating: 0, count: layer.outputs)
      for i in 0..<layer.outputs {
        var sum = θ[layer.biases + i]
        for j in 0..<layer.inputs { sum += θ[layer.weights + i * layer.inputs + j] * a[j] }
        z[i] = sum
      }
      trace.read.append(a)
      trace.sums.append(z)
      if l + 1 < layers.count { a = z.map(activated) }
    }
    return trace
  }

  func requireCount(_ θ: [some Any]) {
    precondition(θ.count == dimension, "\(θ.count) parameters for a network of \(dimension)")
  }

  private func activated(_ x: Double) -> Double {
    switch activation {
    case .tanh: Foundation.tanh(x)
    case .relu: x > 0 ? x : 0
    case .sigmoid: logistic(x)
    case .softplus: max(x, 0) + log1p(exp(-x.magnitude))
    case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
    case .identity: x
    }
  }
}

/// 1/(1 + e⁻ˣ), from the side that cannot overflow.
func logistic(_ x: Double) -> Double {
  x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
}
