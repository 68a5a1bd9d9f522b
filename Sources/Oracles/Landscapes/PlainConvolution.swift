/// A layer in plain loops over planes: what it computes is written below as its definition reads.
public indirect enum PlainLayer: Sendable {
  case dense(outputs: Int, hasBias: Bool)
  /// Cross-correlation, as deep learning calls convolution; zeros beyond the edges.
  case convolution(
    channels: Int, kernel: (Int, Int), stride: (Int, Int), padding: (Int, Int), hasBias: Bool)
  case maxPool(size: (Int, Int), stride: (Int, Int))
  case averagePool(size: (Int, Int), stride: (Int, Int))
  case flatten
  case activation(PlainNetwork.Activation)
  /// γ(x − mean)/√(variance + ε) + β with one mean, variance, γ and β a channel; no numbers mean
  /// means of 0 and variances of 1.
  case batchNorm(epsilon: Double, mean: [Double], variance: [Double])
  /// γ·x̂ + β, x̂ being each position's channels less their mean over √(variance + ε).
  case layerNorm(epsilon: Double)
  /// The same of all positions of consecutive channels, in so many groups.
  case groupNorm(groups: Int, epsilon: Double)
  /// A row of a table (tokens × channels) for each input number, one below the other.
  case embedding(tokens: Int, channels: Int)
  /// A parameter added to every element.
  case offset
  /// Multi-head self-attention of positions: in-projection (queries, keys, values) with biases, softmax
  /// of scaled products, out-projection with biases.
  case attention(heads: Int)
  /// f(x) + s(x).
  case residual([PlainLayer], shortcut: [PlainLayer])
}

/// The loss of a convolutional network in plain loops over `Double`: the reference for faster code.
///
/// A layer takes its parameters from the flat vector in order: weights (outputs × inputs channels ×
/// kernel rows × kernel columns), then biases; γ, then β; an attention's in-projection, then its
/// out-projection; a residual's body, then its shortcut.
/// The loss is a mean over samples plus ½·weightDecay·‖θ‖². Only the value is written down:
/// derivatives are those of truncated Taylor arithmetic over it, exact up to rounding. A ReLU has
/// slope 0 at its kink; of equal largest elements, max pooling takes the first.
public struct PlainConvolution: Sendable {
  /// Channels, height and width of a sample.
  public let input: (Int, Int, Int)
  public let layers: [PlainLayer]
  public let loss: PlainNetwork.Loss
  public let weightDecay: Double
  /// N samples, plane by plane and row by row.
  public let inputs: [[Double]]
  public let labels: [Int]

  public init(
    input: (Int, Int, Int), layers: [PlainLayer], loss: PlainNetwork.Loss,
    weightDecay: Double = 0, inputs: [[Double]], labels: [Int]
  ) {
    precondition(
      !inputs.isEmpty && labels.count == inputs.count
        && inputs.allSatisfy { $0.count == input.0 * input.1 * input.2 },
      "\(inputs.count) inputs of \(input) and \(labels.count) labels")
    self.input = input
    self.layers = layers
    self.loss = loss
    self.weightDecay = weightDecay
    self.inputs = inputs
    self.labels = labels
  }

  /// The loss at θ.
  public func value(at θ: [Double]) -> Double { jet(θ.map { Jet($0) }).value }

  /// ∇L, by P passes.
  public func gradient(at θ: [Double]) -> [Double] {
    θ.indices.map { jet(at: θ, along: unit($0, θ.count), and: nil).alongU }
  }

  /// uᵀ∇L.
  public func firstDirectional(at θ: [Double], along u: [Double]) -> Double {
    jet(at: θ, along: u, and: nil).alongU
  }

  /// uᵀHv.
  public func secondDirectional(
    at θ: [Double], along u: [Double], and v: [Double]
  ) -> Double { jet(at: θ, along: u, and: v).mixed }

  /// H·v, by P passes.
  public func hessianVectorProduct(at θ: [Double], along v: [Double]) -> [Double] {
    θ.indices.map { jet(at: θ, along: unit($0, θ.count), and: v).mixed }
  }

  /// The Hessian, P × P, by P(P+1)/2 passes: for small P.
  public func hessian(at θ: [Double]) -> [[Double]] {
    var rows = [[Double]](repeating: [Double](repeating: 0, count: θ.count), count: θ.count)
    for i in θ.indices {
      for j in 0...i {
        rows[i][j] = jet(at: θ, along: unit(i, θ.count), and: unit(j, θ.count)).mixed
        rows[j][i] = rows[i][j]
      }
    }
    return rows
  }

  /// The network's outputs for each sample.
  public func outputs(at θ: [Double]) -> [[Double]] {
    inputs.map { run(θ.map { Jet($0) }, $0).map(\.value) }
  }

  /// How far the nearest sample is from a ReLU's kink or from a tie in max pooling; infinity where
  /// there is neither. Differences with steps that cross one mean little.
  public func distanceToKink(at θ: [Double]) -> Double {
    var nearest = Double.infinity
    for input in inputs { _ = run(θ.map { Jet($0) }, input) { nearest = min(nearest, $0) } }
    return nearest
  }

  private func unit(_ i: Int, _ count: Int) -> [Double] {
    var e = [Double](repeating: 0, count: count)
    e[i] = 1
    return e
  }

  private func jet(at θ: [Double], along u: [Double], and v: [Double]?) -> Jet<Double> {
    precondition(u.count == θ.count && (v ?? u).count == θ.count)
    return jet(θ.indices.map { Jet(θ[$0], alongU: u[$0], alongV: v?[$0] ?? 0) })
  }

  private func jet(_ parameters: [Jet<Double>]) -> Jet<Double> {
    var total = Jet(0)
    for (input, label) in zip(inputs, labels) {
      total = total + loss.ofSample(run(parameters, input), .label(label))
    }
    total = total * (1 / Double(inputs.count))
    for parameter in parameters { total = total + parameter * parameter * (0.5 * weightDecay) }
    return total
  }

  private func run(
    _ parameters: [Jet<Double>], _ sample: [Double], onKink: (Double) -> Void = { _ in }
  ) -> [Jet<Double>] {
    var planes = Planes(channels: input.0, height: input.1, width: input.2)
    planes.elements = sample.map { Jet($0) }
    var rest = parameters[...]
    let outputs = planes.through(layers, &rest, onKink)
    precondition(rest.isEmpty, "\(rest.count) of \(parameters.count) parameters are left over")
    return outputs.elements
  }
}

extension PlainNetwork.Activation {
  /// φ(x).
  func applied<Number>(to x: Jet<Number>) -> Jet<Number> {
    let one = Number(1)
    switch self {
    case .tanh: return x.hyperbolicTangent
    case .relu: return x.value > Number(0) ? x : Jet(Number(0))
    case .sigmoid:
      if x.value >= Number(0) { return ((x * -one).exponential + one).reciprocal }
      return x.exponential * (x.exponential + one).reciprocal
    case .softplus:
      if x.value >= Number(0) { return x + (x * -one).exponential.logarithmOfOnePlus }
      return x.exponential.logarithmOfOnePlus
    case .gelu: return x * x.normalDistribution
    case .identity: return x
    }
  }
}

extension PlainNetwork.Loss {
  /// One sample's loss, from its outputs z.
  func ofSample<Number>(_ z: [Jet<Number>], _ target: PlainNetwork.Target) -> Jet<Number> {
    switch (self, target) {
    case (.softmaxCrossEntropy, .label(let label)):
      // Without the largest's own 1, so that a tiny loss keeps its digits.
      var largest = 0
      for k in z.indices where z[k].value > z[largest].value { largest = k }
      var rest = Jet(Number(0))
      for k in z.indices where k != largest { rest = rest + (z[k] - z[largest]).exponential }
      let loss = rest.logarithmOfOnePlus
      return label == largest ? loss : loss + (z[largest] - z[label])
    case (.softmaxCrossEntropy, .values(let shares)):
      // log Σ eᶻ − yᵀz, against the largest output.
      var largest = 0
      for k in z.indices where z[k].value > z[largest].value { largest = k }
      var rest = Jet(Number(0))
      for k in z.indices where k != largest { rest = rest + (z[k] - z[largest]).exponential }
      var loss = rest.logarithmOfOnePlus + z[largest]
      for (k, share) in shares.enumerated() { loss = loss - z[k] * Number(share) }
      return loss
    case (.meanSquaredError, _):
      var sum = Jet(Number(0))
      for (k, output) in z.enumerated() {
        let residual = output + -Number(target[k])
        sum = sum + residual * residual
      }
      return sum * Number(0.5)
    }
  }
}
