extension NetworkObjective {
  /// Bounds by running error analysis, for dense layers in double; nil for other networks, in single
  /// precision, and where a bound is not finite.
  ///
  /// Costs about as much as the gradient itself.
  public func rounding(at parameters: [T]) -> EvaluationRounding? {
    guard let objective = self as? NetworkObjective<Double>,
      let parameters = parameters as? [Double],
      let gradient = GradientRounding(objective, at: parameters, includingPenalty: true)
    else { return nil }
    return EvaluationRounding(loss: gradient.loss, gradientNorm: gradient.norm)
  }

  /// A bound of ‖H̃ − H‖₂ by running error analysis, for dense layers in double; nil for other
  /// networks, in single precision, for Fisher matrices by drawn labels, and where the bound is not
  /// finite.
  ///
  /// Costs a few passes over the samples, far less than the assembly.
  public func curvatureRounding(_ kind: CurvatureKind, at parameters: [T]) -> Double? {
    guard let objective = self as? NetworkObjective<Double>,
      let parameters = parameters as? [Double]
    else { return nil }
    guard let chain, var rounding = CurvatureRounding(objective, at: parameters, kind) else {
      return nil
    }
    for rows in objective.chunks(of: ChainAssembly<Double>.chunk(for: chain)) {
      rounding.add(rows)
    }
    var bound = rounding.bound
    if kind.matrix.secondMoment != nil,
      let mean = GradientRounding(objective, at: parameters, includingPenalty: false)
    {
      // ḡḡᵀ, which is taken out, and the rounding of its products; that of the differences is among
      // the sums'.
      let (norm, error) = (mean.gradient.values.norm, mean.error)
      bound += (error * (2 * norm + error) + 4 * Rounding.unit * norm * norm) * Rounding.inflation
    }
    return bound.isFinite ? bound : nil
  }
}

/// A mean gradient and its loss, with bounds of what rounding does to them.
struct GradientRounding {
  /// Of the objective's value.
  let loss: Double
  /// ∇L, element by element.
  let gradient: Bounded

  /// - Returns: nil where the network is more than dense layers.
  init?(
    _ objective: NetworkObjective<Double>, at parameters: [Double], includingPenalty: Bool
  ) {
    guard let factors = NetworkFactors(objective, at: parameters) else { return nil }
    let layers = factors.chain.layers
    let chunks = objective.chunks
    let largest = chunks[0].count
    // The sums' lengths: of a product over a chunk's samples and over chunks; biases' one by one.
    let productGamma = Rounding.gamma(largest + chunks.count + 1)
    let biasGamma = Rounding.gamma(objective.samples + 1)
    var gradient = Bounded(zeros: objective.dimension)
    var (total, magnitude) = (0.0, 0.0)
    for rows in chunks {
      let pass = PassRounding(objective, at: parameters, factors, rows: rows)
      total += pass.loss.total
      magnitude += pass.loss.magnitude
      for (l, layer) in layers.enumerated() {
        let (delta, below) = (pass.deltas[l], pass.received[l])
        let sums = OuterSums(layer, samples: rows.count)
        sums.addToWeights(
          delta.values, below.values.span.extracting(below.range), into: &gradient.values)
        sums.addToBiases(delta.values, into: &gradient.values)
        sums.addToWeights(
          delta.rounded(productGamma), below.reach.span.extracting(below.range),
          into: &gradient.errors)
        sums.addToBiases(delta.rounded(biasGamma), into: &gradient.errors)
        if let errors = below.errors {
          sums.addToWeights(delta.magnitudes, errors.span, into: &gradient.errors)
        }
      }
    }

    let samples = Double(objective.samples)
    for i in gradient.errors.indices { gradient.errors[i] += samples * Rounding.underflow }
    // Squares are summed one by one, K to a sample.
    let terms = largest * factors.chain.outputs + chunks.count + 4
    var loss = (total + Rounding.gamma(terms) * magnitude) / samples
    var value = magnitude / samples
    if includingPenalty && objective.weightDecay != 0 {
      let decay = objective.weightDecay
      for (i, parameter) in parameters.enumerated() {
        let shift = decay * parameter
        gradient.values[i] += shift
        gradient.errors[i] +=
          2 * Rounding.unit * (shift.magnitude + gradient.values[i].magnitude)
          + Rounding.underflow
      }
      let penalty = decay * parameters.dot(parameters) / 2
      loss +=
        Rounding.gamma(parameters.count + 4) * penalty
        + (1 + decay) * Double(parameters.count) * Rounding.underflow
      value += penalty
    }
    self.loss = (loss + 2 * Rounding.unit * value + Rounding.underflow) * Rounding.inflation
    self.gradient = gradient
  }

  /// A bound of ‖error of ∇L‖₂.
  var error: Double { gradient.errors.norm * Rounding.inflation }

  /// A bound of the computed norm's error: by the gradient's, and the norm's own, half of whose is
  /// the sum of squares'.
  var norm: Double {
    let own = Rounding.gamma(gradient.count / 2 + 8)
    return (error + own * (gradient.values.norm + error)) * Rounding.inflation
  }
}

/// Sums Σₙ δₙaₙᵀ over a chunk's samples, added to a layer's part of a flat vector.
struct OuterSums {
  private let layer: DenseLayer
  private let samples: Int

  init(_ layer: DenseLayer, samples: Int) {
    self.layer = layer
    self.samples = samples
  }

  /// δ is samples × outputs, a samples × inputs.
  func addToWeights(_ deltas: [Double], _ inputs: Span<Double>, into target: inout [Double]) {
    var all = target.mutableSpan
    var part = all._mutatingExtracting(layer.weights)
    multiply(
      deltas.span, Layout(rows: samples, columns: layer.outputs).transposed,
      inputs, Layout(rows: samples, columns: layer.inputs),
      adding: 1, into: &part, layer.weightLayout)
  }

  func addToBiases(_ deltas: [Double], into target: inout [Double]) {
    var all = target.mutableSpan
    var part = all._mutatingExtracting(layer.biases)
    addColumnSums(deltas.span, columns: layer.outputs, into: &part)
  }
}
