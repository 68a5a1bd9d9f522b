extension PlainNetwork {
  /// vᵀHv, exact up to rounding: truncated Taylor arithmetic over the forward pass, no differences.
  ///
  /// - Parameters:
  ///   - θ: P numbers.
  ///   - v: likewise.
  /// - Accuracy: a few hundred ulp of the sum of the terms' magnitudes. A ReLU has slope 0 and
  ///   curvature 0 at its kink.
  public func secondDirectional(at θ: [Double], along v: [Double]) -> Double {
    secondDirectional(at: θ, along: v, and: v)
  }

  /// uᵀHv, exact up to rounding.
  public func secondDirectional(at θ: [Double], along u: [Double], and v: [Double]) -> Double {
    jet(at: θ, along: u, and: v).mixed
  }

  /// vᵀ∇L from the same arithmetic: a check of `gradient(at:)` that shares no derivative with it.
  public func firstDirectional(at θ: [Double], along v: [Double]) -> Double {
    jet(at: θ, along: v, and: v).alongV
  }

  /// H·v, exact up to rounding, by P passes.
  public func hessianVectorProduct(at θ: [Double], along v: [Double]) -> [Double] {
    θ.indices.map { secondDirectional(at: θ, along: unit($0), and: v) }
  }

  /// The dense Hessian, P × P and exactly symmetric, by P(P+1)/2 passes: for small P.
  public func hessian(at θ: [Double]) -> [[Double]] {
    var rows = [[Double]](repeating: [Double](repeating: 0, count: θ.count), count: θ.count)
    for i in θ.indices {
      for j in 0...i {
        let entry = secondDirectional(at: θ, along: unit(i), and: unit(j))
        rows[i][j] = entry
        rows[j][i] = entry
      }
    }
    return rows
  }

  private func unit(_ i: Int) -> [Double] {
    var e = [Double](repeating: 0, count: dimension)
    e[i] = 1
    return e
  }

  /// The loss with its derivatives along u and v.
  func jet(at θ: [Double], along u: [Double], and v: [Double]) -> Jet<Double> {
    requireCount(θ)
    requireCount(u)
    requireCount(v)
    let parameters = θ.indices.map { Jet(θ[$0], alongU: u[$0], alongV: v[$0]) }
    var total = Jet(0.0)
    for (input, target) in zip(inputs, targets) {
      total = total + loss.ofSample(outputs(parameters, input), target)
    }
    total = total * (1 / Double(inputs.count))
    for parameter in parameters { total = total + parameter * parameter * (0.5 * weightDecay) }
    return total
  }

  /// One sample's outputs, by arithmetic of any precision.
  func outputs<Number>(_ parameters: [Jet<Number>], _ input: [Double]) -> [Jet<Number>] {
    var a = input.map { Jet(Number($0)) }
    let layers = layers
    for (l, layer) in layers.enumerated() {
      var z = [Jet<Number>]()
      for i in 0..<layer.outputs {
        var sum = parameters[layer.biases + i]
        for j in 0..<layer.inputs {
          sum = sum + parameters[layer.weights + i * layer.inputs + j] * a[j]
        }
        z.append(l + 1 < layers.count ? activation.applied(to: sum) : sum)
      }
      a = z
    }
    return a
  }
}
