extension NetworkObjective {
  /// A Lipschitz constant of the Hessian in a ball about θ, for dense layers in double with smooth
  /// activations; nil for other networks, in single precision, for ReLU, and where it is not finite.
  ///
  /// It bounds the third derivative along unit directions, which suffices, since a symmetric
  /// trilinear form takes its norm on equal arguments (Banach 1938). Costs a pass with its rounding.
  public func hessianLipschitz(at parameters: [T], radius: Double) -> Double? {
    guard let objective = self as? NetworkObjective<Double>,
      let parameters = parameters as? [Double], radius >= 0, allFinite(parameters.span)
    else { return nil }
    return HessianLipschitz(objective, at: parameters, radius: radius)?.bound
  }

  /// Inputs that are zero in all samples.
  var deadInputs: [Int] {
    (0..<inputs.columns).filter { j in
      stride(from: j, to: inputs.elements.count, by: inputs.columns).allSatisfy {
        inputs.elements[$0] == 0
      }
    }
  }

  /// Without a penalty: every weight of an input that is zero in all samples, and for softmax
  /// cross-entropy the same number added to all weights of an input of the last layer, or to all of
  /// its biases.
  public var exactNullDirections: [SparseDirection] {
    guard weightDecay == 0, let chain, let first = chain.layers.first, let last = chain.layers.last
    else { return [] }
    let dead = deadInputs
    // Where the layer is both, those of a dead input are among its weights' own.
    let known = first == last ? Set(dead) : []
    return dead.flatMap { j in
      (0..<first.outputs).map { SparseDirection(coordinates: [first.parameter($0, j)]) }
    } + chain.softmaxShifts(loss) { !known.contains($0) }
  }
}

extension DenseChain {
  /// Of the last layer's inputs, its bias being one, for softmax cross-entropy; none for other losses.
  func softmaxShifts(_ loss: Loss, of isIncluded: (Int) -> Bool = { _ in true }) -> [SparseDirection] {
    guard loss == .softmaxCrossEntropy else { return [] }
    let last = layers[layers.count - 1]
    return (0...last.inputs).filter(isIncluded).map { j in
      SparseDirection(coordinates: (0..<last.outputs).map { last.parameter($0, j) })
    }
  }
}

/// The bound of the third derivative along unit directions (`OutputDerivativeBounds`), averaged over
/// samples. With q ≥ ‖∂ℓ/∂z‖ over the ball of radius r,
///
///     squared error:  3Z₁Z₂ + q·Z₃,                   q = ‖z − y‖ + r·Z₁
///     cross-entropy:  √2·κ·Z₁³ + 3κ·Z₁Z₂ + q·Z₃,      q = min(√2, ‖p − y‖ + ½r·Z₁),  κ = min(½, 2q)
///
/// since ‖diag p − ppᵀ‖ ≤ ½, and the variance of u under p is at most Σ pᵢ(uᵢ − u_y)² ≤ 2(1 − p_y)‖u‖²
/// for the label y, where 1 − p_y ≤ ‖p − y‖; the third central moment is at most √2‖u‖ times that.
private struct HessianLipschitz {
  let bound: Double

  init?(_ objective: NetworkObjective<Double>, at parameters: [Double], radius r: Double) {
    guard let outputs = OutputDerivativeBounds(objective, at: parameters, radius: r) else {
      return nil
    }
    var sum = 0.0
    for sample in outputs.samples {
      let (z1, z2, z3) = (sample.first, sample.second, sample.third)
      switch objective.loss {
      case .meanSquaredError:
        sum += 3 * z1 * z2 + (sample.residual + r * z1) * z3
      case .softmaxCrossEntropy:
        let root = 1.4142135623730952
        let q = min(root, sample.residual + 0.5 * r * z1)
        let κ = min(0.5, 2 * q)
        sum += root * κ * z1 * z1 * z1 + 3 * κ * z1 * z2 + q * z3
      }
    }
    bound = sum / Double(objective.samples) * Rounding.inflation
    guard bound.isFinite else { return nil }
  }
}
