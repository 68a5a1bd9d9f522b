/// A bound of what rounding does to an assembled curvature matrix, ‖H̃ − H‖₂.
///
/// Entry by entry the error of Σₙ a_j·(G_{ik}·a_p + δ_k·t_{pi}) is at most a sum of products of
/// magnitudes and errors of the same factors; `ChainAssembly` has the formula. The matrix of these
/// bounds is symmetric, so its largest row sum bounds the norm, and a row sum is a sum over samples
/// of a_j times a sum over k and p: no P × P matrix is formed.
struct CurvatureRounding {
  private let objective: NetworkObjective<Double>
  private let parameters: [Double]
  private let kind: CurvatureKind
  private let factors: NetworkFactors
  /// Of the roundings that a term of a sum over samples meets: forming it, adding within panels,
  /// over panels and over chunks, and what is done at the end.
  private let gamma: Double
  /// Row sums of the entries' bounds.
  private var sums: [Double]

  /// nil where the network is more than dense layers.
  init?(
    _ objective: NetworkObjective<Double>, at parameters: [Double], _ kind: CurvatureKind
  ) {
    guard let factors = NetworkFactors(objective, at: parameters) else { return nil }
    self.factors = factors
    self.objective = objective
    self.parameters = parameters
    self.kind = kind
    sums = [Double](repeating: 0, count: objective.dimension)
    let chunk = ChainAssembly<Double>.chunk(for: factors.chain)
    let panel = ChainAssembly<Double>.panel
    gamma = Rounding.gamma(
      min(panel, objective.samples) + (min(chunk, objective.samples) + panel - 1) / panel
        + (objective.samples + chunk - 1) / chunk + 8)
  }

  /// ‖H̃ − H‖₂ ≤ ‖H̃ − H‖∞ of a symmetric matrix; the penalty's sum is rounded once more.
  var bound: Double {
    let order = Double(objective.dimension)
    let lost = Double(objective.samples) * order * Rounding.underflow
    let largest = sums.reduce(0) { $1.isNaN ? .nan : max($0, $1) }
    return (largest + lost + 2 * Rounding.unit * objective.weightDecay) * Rounding.inflation
  }

  /// Adds what a chunk's samples contribute.
  mutating func add(_ rows: Range<Int>) {
    let layers = self.factors.chain.layers
    let full = PassRounding(objective, at: parameters, self.factors, rows: rows)
    guard
      let outputs = kind.matrix.rounding(
        OutputRounding(
          loss: objective.loss, rounding: full.loss, samples: objective.samples,
          classes: self.factors.chain.outputs))
    else {
      sums = sums.map { _ in .nan }
      return
    }
    let pass = kind.hasSecondDerivatives ? full : full.withoutGradient
    let count = rows.count
    // Σ_j a_j with the bias's 1, and its errors.
    let inputs = layers.indices.map { l in
      let (received, width) = (pass.received[l], layers[l].inputs)
      return Bounded(
        values: rowSums(received.magnitudes.span.extracting(received.range), width: width)
          .map { $0 + 1 },
        errors: received.errors.map { rowSums($0.span, width: width) }
          ?? [Double](repeating: 0, count: count))
    }
    var factors = layers.map { RowFactors(layer: $0, samples: count) }
    for l in layers.indices {
      let sweep = SweepRounding(self.factors, pass, outputs, from: l)
      for m in l..<layers.count {
        let couplings = sweep.couplings[m - l]
        let (before, behind) = (inputs[l], inputs[m])
        for n in 0..<count {
          let (reach, reachBefore) = (
            behind.values[n] + behind.errors[n], before.values[n] + before.errors[n]
          )
          let roundedBefore = before.errors[n] + gamma * reachBefore
          for i in 0..<layers[l].outputs {
            let row = n * layers[l].outputs + i
            for k in 0..<layers[m].outputs {
              let g = couplings.values[row * layers[m].outputs + k].magnitude
              let e = couplings.errors[row * layers[m].outputs + k]
              let error = e * reach + g * behind.errors[n] + gamma * (g + e) * reach
              factors[l].withInputs[row] += error
              factors[l].withErrors[row] += (g + e) * reach + error
              guard m > l else { continue }
              let column = n * layers[m].outputs + k
              let other = roundedBefore * (g + e) + e * reachBefore
              factors[m].withInputs[column] += other
              factors[m].withErrors[column] += other + g * reachBefore
            }
          }
        }
        guard m > l, kind.hasSecondDerivatives else { continue }
        addTangents(
          sweep.tangents[m - l - 1], isNeighbour: m == l + 1, deltas: pass.deltas[m],
          before: inputs[l], from: l, to: m, &factors)
      }
    }
    for (l, layer) in layers.enumerated() {
      let (below, factor) = (pass.received[l], factors[l])
      let outer = OuterSums(layer, samples: count)
      let padded = factor.withInputs.map { $0 + Double(parameters.count) * Rounding.underflow }
      outer.addToWeights(
        padded, below.magnitudes.span.extracting(below.range), into: &sums)
      outer.addToBiases(padded, into: &sums)
      if let errors = below.errors {
        outer.addToWeights(factor.withErrors, errors.span, into: &sums)
        outer.addToWeights(pass.deltas[l].reach, factor.tangents.span, into: &sums)
        outer.addToWeights(pass.deltas[l].errors, factor.tangentReach.span, into: &sums)
      }
    }
  }

  /// The part of δ_k·t_{pi}, in the rows of both layers.
  private func addTangents(
    _ tangents: Bounded, isNeighbour: Bool, deltas: Bounded, before: Bounded, from l: Int, to m: Int,
    _ factors: inout [RowFactors]
  ) {
    let layers = self.factors.chain.layers
    let (units, width) = (layers[l].outputs, layers[m].inputs)
    let delta = Bounded(
      values: rowSums(deltas.magnitudes.span, width: layers[m].outputs),
      errors: rowSums(deltas.errors.span, width: layers[m].outputs))
    for n in delta.values.indices {
      let deltaReach = delta.values[n] + delta.errors[n]
      let reachBefore = before.values[n] + before.errors[n]
      for i in 0..<units {
        let row = n * units + i
        // ∂a_{m−1}/∂z_l is diagonal where the layers are neighbours.
        for p in isNeighbour ? i..<i + 1 : 0..<width {
          let at = isNeighbour ? row : row * width + p
          let (t, e) = (tangents.values[at].magnitude, tangents.errors[at])
          let error =
            delta.errors[n] * (t + e) + delta.values[n] * e + gamma * deltaReach * (t + e)
          factors[l].withInputs[row] += error
          factors[l].withErrors[row] += deltaReach * (t + e) + error
          factors[m].tangents[n * width + p] +=
            (before.errors[n] + gamma * reachBefore) * (t + e) + reachBefore * e
          factors[m].tangentReach[n * width + p] += reachBefore * (t + e)
        }
      }
    }
  }
}

/// What a layer's row sums are formed of, besides the numbers that it receives.
private struct RowFactors {
  /// To multiply |a| and 1, samples × outputs.
  var withInputs: [Double]
  /// To multiply a's errors, samples × outputs.
  var withErrors: [Double]
  /// To multiply |δ| and its errors, and to multiply the errors alone, samples × inputs.
  var tangents: [Double]
  var tangentReach: [Double]

  init(layer: DenseLayer, samples: Int) {
    withInputs = [Double](repeating: 0, count: samples * layer.outputs)
    withErrors = withInputs
    tangents = [Double](repeating: 0, count: samples * layer.inputs)
    tangentReach = tangents
  }
}

/// Sums over rows of `width`.
private func rowSums(_ x: Span<Double>, width: Int) -> [Double] {
  var sums = [Double](repeating: 0, count: x.count / width)
  for row in sums.indices {
    var sum = 0.0
    for i in row * width..<(row + 1) * width { sum += x[i] }
    sums[row] = sum
  }
  return sums
}
