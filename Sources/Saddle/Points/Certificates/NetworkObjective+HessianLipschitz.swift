extension NetworkObjective {
  /// A Lipschitz constant of the Hessian in a ball about θ, for objectives in double with a smooth
  /// activation; nil in single precision, for ReLU, and where it is not finite.
  ///
  /// It bounds the third derivative along unit directions, which suffices, since a symmetric
  /// trilinear form takes its norm on equal arguments (Banach 1938). Costs a pass with its rounding.
  public func hessianLipschitz(at parameters: [T], radius: Double) -> Double? {
    guard let objective = self as? NetworkObjective<Double>,
      let parameters = parameters as? [Double], radius >= 0, allFinite(parameters.span)
    else { return nil }
    return HessianLipschitz(objective, at: parameters, radius: radius)?.bound
  }

  /// Without a penalty: every weight of an input that is zero in all samples, and for softmax
  /// cross-entropy the same number added to all weights of an input of the last layer, or to all of
  /// its biases.
  public var exactNullDirections: [SparseDirection] {
    guard weightDecay == 0, let first = network.layers.first, let last = network.layers.last
    else { return [] }
    let dead = (0..<inputs.columns).filter { j in
      stride(from: j, to: inputs.elements.count, by: inputs.columns).allSatisfy {
        inputs.elements[$0] == 0
      }
    }
    var directions = dead.flatMap { j in
      (0..<first.outputs).map { SparseDirection(coordinates: [first.parameter($0, j)]) }
    }
    if loss == .softmaxCrossEntropy {
      // Where the layer is both, those of a dead input are among its weights' own.
      let known = first == last ? Set(dead) : []
      directions += (0...last.inputs).filter { !known.contains($0) }.map { j in
        SparseDirection(coordinates: (0..<last.outputs).map { last.parameter($0, j) })
      }
    }
    return directions
  }
}

/// The bound of the third derivative along unit directions, sample by sample, then averaged.
///
/// Along θ + t·v with ‖v‖ = 1, every layer's part of v has a norm of at most 1. With A₁, A₂, A₃ for
/// the first three derivatives' norms of what a layer receives, and Z₁, Z₂, Z₃ after it,
///
///     Z₁ = √(‖a‖² + 1) + ‖W‖A₁,  Z₂ = 2A₁ + ‖W‖A₂,  Z₃ = 3A₂ + ‖W‖A₃
///     A₁ = φ₁Z₁,  A₂ = φ₂Z₁² + φ₁Z₂,  A₃ = φ₃Z₁³ + 3φ₂Z₁Z₂ + φ₁Z₃     (Faà di Bruno; ‖x∘y‖ ≤ ‖x‖‖y‖)
///
/// with φₖ = sup|φ⁽ᵏ⁾|, all zero at the inputs. In the ball ‖W‖ grows by the radius r at most, and ‖a‖
/// by r·A₁. At the outputs, with q ≥ ‖∂ℓ/∂z‖ over the ball,
///
///     squared error:  3Z₁Z₂ + q·Z₃,                   q = ‖z − y‖ + r·Z₁
///     cross-entropy:  √2·κ·Z₁³ + 3κ·Z₁Z₂ + q·Z₃,      q = min(√2, ‖p − y‖ + ½r·Z₁),  κ = min(½, 2q)
///
/// since ‖diag p − ppᵀ‖ ≤ ½, and the variance of u under p is at most Σ pᵢ(uᵢ − u_y)² ≤ 2(1 − p_y)‖u‖²
/// for the label y, where 1 − p_y ≤ ‖p − y‖; the third central moment is at most √2‖u‖ times that.
private struct HessianLipschitz {
  /// Sums and products of some numbers a layer that are not negative, averaged over samples: what
  /// they lose to rounding, the inflation makes up for.
  let bound: Double

  init?(_ objective: NetworkObjective<Double>, at parameters: [Double], radius r: Double) {
    let (network, layers) = (objective.network, objective.network.layers)
    // Where there is no hidden layer, the activation plays no part.
    let derivatives: DerivativeBounds? =
      layers.count == 1
      ? DerivativeBounds(first: 0, second: 0, third: 0) : network.activation.derivativeBounds
    guard let φ = derivatives else { return nil }
    var norms: [Double] = []
    for layer in layers {
      let weights = Matrix(
        rows: layer.outputs, columns: layer.inputs, elements: Array(parameters[layer.weights]))
      guard let norm = try? weights.spectralNormBound() else { return nil }
      norms.append(norm + r)
    }
    let factors = NetworkFactors(objective, at: parameters)
    let samples = Double(objective.samples)
    var sum = 0.0
    for rows in objective.chunks {
      let pass = PassRounding(objective, at: parameters, factors, rows: rows)
      let sizes = layers.indices.map { l in
        let received = pass.received[l]
        return rowNorms(
          received.reach.span.extracting(received.range), columns: layers[l].inputs)
      }
      let residuals = rowNorms(
        pass.deltas[layers.count - 1].reach.span, columns: network.outputs)
      for n in 0..<rows.count {
        var (a1, a2, a3) = (0.0, 0.0, 0.0)
        var (z1, z2, z3) = (0.0, 0.0, 0.0)
        for l in layers.indices {
          let size = sizes[l][n] + r * a1
          z1 = (size * size + 1).squareRoot() + norms[l] * a1
          z2 = 2 * a1 + norms[l] * a2
          z3 = 3 * a2 + norms[l] * a3
          a1 = φ.first * z1
          a2 = φ.second * z1 * z1 + φ.first * z2
          a3 = φ.third * z1 * z1 * z1 + 3 * φ.second * z1 * z2 + φ.first * z3
        }
        let residual = samples * residuals[n] * Rounding.inflation
        switch objective.loss {
        case .meanSquaredError:
          sum += 3 * z1 * z2 + (residual + r * z1) * z3
        case .softmaxCrossEntropy:
          let root = 1.4142135623730952
          let q = min(root, residual + 0.5 * r * z1)
          let κ = min(0.5, 2 * q)
          sum += root * κ * z1 * z1 * z1 + 3 * κ * z1 * z2 + q * z3
        }
      }
    }
    bound = sum / samples * Rounding.inflation
    guard bound.isFinite else { return nil }
  }
}

/// The rows' norms.
private func rowNorms(_ matrix: Span<Double>, columns: Int) -> [Double] {
  (0..<matrix.count / columns).map {
    euclideanNorm(matrix.extracting($0 * columns..<($0 + 1) * columns))
  }
}
