/// ∇L of a network of dense layers in ball arithmetic: what comes out holds the true gradient, and
/// near a critical point says it to some fifteen digits more than doubles can.
///
/// Plain loops over samples. Costs some hundred times what the gradient in doubles does.
struct GradientEnclosure {
  private let chain: DenseChain
  private let loss: Loss
  private let parameters: [Ball]
  /// Σₙ ∂ℓₙ/∂θ.
  private(set) var sums: [Ball]
  /// What each layer receives, and φ′ of each hidden layer, of the sample at hand.
  private var received: [[Ball]]
  private var slopes: [[Ball]]

  init(_ chain: DenseChain, _ loss: Loss, at parameters: [Ball]) {
    self.chain = chain
    self.loss = loss
    self.parameters = parameters
    sums = [Ball](repeating: Ball(0), count: parameters.count)
    received = chain.layers.map { [Ball](repeating: Ball(0), count: $0.inputs) }
    slopes = chain.layers.dropLast().map { [Ball](repeating: Ball(0), count: $0.outputs) }
  }

  /// Adds a sample's gradient.
  ///
  /// - Parameter target: of output k.
  mutating func add(_ inputs: Span<Double>, target: (Int) -> Double) {
    for j in inputs.indices { received[0][j] = Ball(inputs[j]) }
    let last = chain.layers.count - 1
    for (l, layer) in chain.layers.enumerated().dropLast() {
      for i in 0..<layer.outputs {
        let (a, slope) = chain.activations[l].enclosure(of: preactivation(l, layer, i))
        received[l + 1][i] = a
        slopes[l][i] = slope
      }
    }
    var delta = outputSlopes(
      (0..<chain.outputs).map { preactivation(last, chain.layers[last], $0) }, target)
    for (l, layer) in chain.layers.enumerated().reversed() {
      for i in 0..<layer.outputs {
        for j in 0..<layer.inputs where !received[l][j].isZero {
          let at = layer.parameter(i, j)
          sums[at] = sums[at] + delta[i] * received[l][j]
        }
        let bias = layer.parameter(i, layer.inputs)
        sums[bias] = sums[bias] + delta[i]
      }
      guard l > 0 else { break }
      delta = (0..<layer.inputs).map { j in
        var carried = Ball(0)
        for i in 0..<layer.outputs { carried = carried + parameters[layer.parameter(i, j)] * delta[i] }
        return carried * slopes[l - 1][j]
      }
    }
  }

  private func preactivation(_ l: Int, _ layer: DenseLayer, _ i: Int) -> Ball {
    var z = parameters[layer.parameter(i, layer.inputs)]
    for j in 0..<layer.inputs where !received[l][j].isZero {
      z = z + parameters[layer.parameter(i, j)] * received[l][j]
    }
    return z
  }

  /// ∂ℓ/∂z.
  private func outputSlopes(_ z: [Ball], _ target: (Int) -> Double) -> [Ball] {
    switch loss {
    case .meanSquaredError: return z.indices.map { z[$0] - Ball(target($0)) }
    case .softmaxCrossEntropy:
      let largest = Ball(z.reduce(-.infinity) { max($0, $1.high) })
      let exponentials = z.map { ($0 - largest).exponential }
      let total = exponentials.reduce(Ball(0), +)
      return z.indices.map { exponentials[$0] / total - Ball(target($0)) }
    }
  }
}

extension NetworkObjective {
  /// For dense layers in double; nil for other networks, in single precision, for cross-entropy with
  /// probabilities, and where the balls are not finite.
  public func gradientEnclosure(at parameters: [Ball]) -> [Ball]? {
    guard let objective = self as? NetworkObjective<Double>, let chain else { return nil }
    if loss == .softmaxCrossEntropy, case .values = targets { return nil }
    // Eight at most, whatever the number of threads: sums are put together in the same order.
    let parts = objective.chunks(of: (samples + 7) / 8)
    var enclosures = parts.map { _ in GradientEnclosure(chain, loss, at: parameters) }
    forEachElement(of: &enclosures, count: parts.count) { enclosure, k in
      for n in parts[k] {
        enclosure.add(objective.inputs.elements.span.extracting(objective.inputSpan(n..<n + 1))) {
          objective.targets.value(n, $0)
        }
      }
    }
    let count = Ball(Double(samples))
    let decay = Ball(objective.weightDecay)
    let gradient = parameters.indices.map { i in
      let sum = enclosures.reduce(Ball(0)) { $0 + $1.sums[i] } / count
      return decay.isZero ? sum : sum + decay * parameters[i]
    }
    return gradient.allSatisfy(\.isFinite) ? gradient : nil
  }
}

extension Targets {
  /// Of output k of sample n: 1 at its class and 0 elsewhere, or the number.
  fileprivate func value(_ n: Int, _ k: Int) -> T {
    switch self {
    case .classes(let labels): labels[n] == k ? 1 : 0
    case .values(let matrix): matrix[n, k]
    }
  }
}

extension Activation {
  /// φ(z) and φ′(z).
  fileprivate func enclosure(of z: Ball) -> (value: Ball, slope: Ball) {
    switch self {
    case .identity: return (z, Ball(1))
    case .relu:
      let isApart = z.high.magnitude * (1 - 0x1p-40) > z.radius
      if isApart { return z.high > 0 ? (z, Ball(1)) : (Ball(0), Ball(0)) }
      // Where the sign is in doubt the slope may be either, and at the kink itself it is both.
      return (Ball(0).widened(by: z.magnitudeBound), Ball(0).widened(by: 1))
    case .tanh:
      let a = z.hyperbolicTangent
      return (a, Ball(1) - a * a)
    case .sigmoid: return z.logistic
    case .softplus: return (z.softplus, z.logistic.value)
    case .gelu:
      let (distribution, density) = z.normal
      return (z * distribution, distribution + z * density)
    }
  }
}
