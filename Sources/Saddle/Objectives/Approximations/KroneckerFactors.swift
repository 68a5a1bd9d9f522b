/// Where several positions share a layer's weights (convolutions, the tokens of a transformer), how its
/// factors are made of them (Eschenhagen et al. 2023, §3).
public enum WeightSharing: String, Codable, CaseIterable, Sendable {
  /// Every position counts as a sample of its own; of convolutions KFC (Grosse, Martens 2016). Exact for
  /// linear networks whose loss is a sum over positions.
  case expand
  /// Inputs are averaged over positions and gradients added up. Exact for linear networks that average
  /// over positions.
  case reduce
}

/// One affine layer's Kronecker factors: A = mean of āāᵀ over its inputs, a 1 appended where there is a
/// bias, and G = mean of Σ_u δδᵀ over what comes back to its outputs (Martens, Grosse 2015, §3).
struct KroneckerFactors<T: Scalar>: Sendable {
  let map: AffineMap
  /// A, m × m, m the elements of a window and a bias.
  var inputs: [T]
  /// G, o × o.
  var outputs: [T]

  var m: Int { map.augmentedInputs }
  var o: Int { map.outputs }

  /// Of all affine layers that the parameters have.
  static func all(
    of roots: CurvatureRoots<T>, _ sharing: WeightSharing
  ) -> [KroneckerFactors<T>] {
    let program = roots.objective.program
    let none = program.steps.compactMap { step -> KroneckerFactors? in
      guard case .affine(let map) = step.operation else { return nil }
      let m = map.augmentedInputs
      return KroneckerFactors(
        map: map, inputs: .zeros(m * m), outputs: .zeros(map.outputs * map.outputs))
    }
    let size = none.reduce(0) { $0 + $1.inputs.count + $1.outputs.count }
    let parts = roots.sums(from: none, size: size) { sum, pass, isFirst in
      var next = sum.count
      pass.carryBack(roots.parameters.span) { step, x, delta, n in
        guard case .affine = step.operation else { return }
        // Backwards, one layer after the other.
        next -= 1
        if isFirst { sum[next].addInputs(x, samples: n, sharing) }
        sum[next].addOutputs(delta, samples: n, sharing)
      }
    }
    let samples = T(roots.objective.samples)
    return none.indices.map { l in
      var factors = none[l]
      // Counting A over all positions, G is their mean.
      let positions: T = sharing == .expand ? T(factors.map.positions) : 1
      factors.inputs = total(of: parts.map { $0[l].inputs }).map { $0 / samples }
      factors.outputs = total(of: parts.map { $0[l].outputs }).map { $0 / (samples * positions) }
      return factors
    }
  }

  private mutating func addInputs(_ x: Span<T>, samples n: Int, _ sharing: WeightSharing) {
    var columns = map.augmented(x, samples: n)
    if sharing == .reduce {
      columns = addedOverPositions(columns, rows: m, map.positions, samples: n)
        .map { $0 / T(map.positions) }
    }
    addSquare(of: columns, rows: m, to: &inputs)
  }

  private mutating func addOutputs(_ delta: Span<T>, samples n: Int, _ sharing: WeightSharing) {
    var columns = [T](copying: delta)
    if sharing == .reduce {
      columns = addedOverPositions(columns, rows: o, map.positions, samples: n)
    }
    addSquare(of: columns, rows: o, to: &outputs)
  }
}

extension AffineMap {
  /// The elements of a window, and 1 for a bias.
  var augmentedInputs: Int { fanIn + (biases == nil ? 0 : 1) }

  /// The windows at all positions, a row of ones below where there is a bias: m × (positions·n).
  func augmented<T: Scalar>(_ x: Span<T>, samples n: Int) -> [T] {
    let columns = windows([T](copying: x), samples: n)
    return biases == nil ? columns : columns + [T](repeating: 1, count: positions * n)
  }
}

/// M ← M + XXᵀ.
private func addSquare<T: Scalar>(of x: [T], rows: Int, to m: inout [T]) {
  let layout = Layout(rows: rows, columns: x.count / rows)
  var target = m.mutableSpan
  multiplyOnThisThread(
    x.span, layout, x.span, layout.transposed, adding: 1, into: &target,
    Layout(rows: rows, columns: rows))
}

/// Rows × (positions·n), added over positions to rows × n.
private func addedOverPositions<T: Scalar>(
  _ x: [T], rows: Int, _ positions: Int, samples n: Int
) -> [T] {
  guard positions > 1 else { return x }
  var result = [T].zeros(rows * n)
  for row in 0..<rows {
    for p in 0..<positions {
      for i in 0..<n { result[row * n + i] += x[(row * positions + p) * n + i] }
    }
  }
  return result
}
