// Element loops of the Hessian's assembly: they form factors for GEMMs and put results in place.
// The innermost loops leave out bounds checks, which would keep them from being vectorized: both
// sides are cut to the same length just before.

/// `count` unit matrices of the given order, one behind the other.
func identities<T: Scalar>(order: Int, count: Int) -> [T] {
  var result = [T](repeating: 0, count: count * order * order)
  for n in 0..<count {
    for i in 0..<order { result[(n * order + i) * order + i] = 1 }
  }
  return result
}

/// The rows of the pairs i ≤ k with i among some units, of those of all (i, k), in the order (0,0),
/// (0,1), …, (1,1), ….
func upperPairs<T: Scalar>(
  _ matrix: [T], of units: [Int], order: Int, samples: Int
) -> [T] {
  var result: [T] = []
  result.reserveCapacity(units.reduce(0) { $0 + order - $1 } * samples)
  for i in units {
    result += matrix[(i * order + i) * samples..<(i + 1) * order * samples]
  }
  return result
}

/// out[(n,i),k] = factors[n,i]·rows[i,k]: the same matrix for every sample, its rows scaled.
@specialized(where T == Float)
@specialized(where T == Double)
func repeatScaled<T: Scalar>(
  _ rows: Span<T>, width: Int, by factors: Span<T>, into out: inout MutableSpan<T>
) {
  precondition(out.count == factors.count * width && rows.count > 0)
  let count = rows.count / width
  for at in factors.indices {
    let factor = factors[at]
    let source = at % count * width
    let row = rows.extracting(source..<source + width)
    var segment = out._mutatingExtracting(at * width..<(at + 1) * width)
    for k in row.indices { segment[unchecked: k] = factor * row[unchecked: k] }
  }
}

/// `out ← x·y`, element by element.
@inline(__always)
private func formProduct<T: Scalar>(_ x: Span<T>, _ y: Span<T>, into out: inout MutableSpan<T>) {
  precondition(x.count == y.count && out.count == x.count)
  for n in x.indices { out[unchecked: n] = x[unchecked: n] * y[unchecked: n] }
}

/// a_j·a_p over the samples of a panel, for every j of `group` and every p ≥ j, one j behind the
/// other: one row of the panel's samples each.
@specialized(where T == Float)
@specialized(where T == Double)
func formInputProducts<T: Scalar>(
  _ inputs: Span<T>, samples: Int, panel: Range<Int>, group: Range<Int>, width: Int,
  into out: inout MutableSpan<T>
) {
  var at = 0
  for j in group {
    let first = inputs.extracting(j * samples + panel.lowerBound..<j * samples + panel.upperBound)
    for p in j..<width {
      let second = inputs.extracting(
        p * samples + panel.lowerBound..<p * samples + panel.upperBound)
      var row = out._mutatingExtracting(at..<at + panel.count)
      formProduct(first, second, into: &row)
      at += panel.count
    }
  }
}

/// Every row of `rows` times one feature, over the samples of a panel.
@specialized(where T == Float)
@specialized(where T == Double)
func formScaled<T: Scalar>(
  _ rows: Span<T>, by inputs: Span<T>, feature: Int, samples: Int, panel: Range<Int>,
  into out: inout MutableSpan<T>
) {
  let factor = inputs.extracting(
    feature * samples + panel.lowerBound..<feature * samples + panel.upperBound)
  for r in 0..<rows.count / samples {
    let row = rows.extracting(r * samples + panel.lowerBound..<r * samples + panel.upperBound)
    var target = out._mutatingExtracting(r * panel.count..<(r + 1) * panel.count)
    formProduct(row, factor, into: &target)
  }
}

/// What the bracket of a block of the Hessian is formed from, all of it feature-major.
struct Bracket<T: Scalar> {
  /// The later layer, m.
  let layer: DenseLayer
  /// Whether `tangents` holds φ′(z_l), units × samples, the diagonal of ∂a_{m−1}/∂z_l; otherwise it
  /// holds ∂a_{m−1,p}/∂z_{l,i}, (units·layer.inputs) × samples.
  let isNeighbour: Bool
  let samples: Int
  /// G^{lm}_{ik}, (units·layer.outputs) × samples.
  let couplings: [T]
  /// a_{m−1}, layer.inputs × samples (more rows may follow).
  let inputs: [T]
  /// δ_m, layer.outputs × samples.
  let deltas: [T]
  let tangents: [T]

  /// G_{ik}·a_p + δ_k·∂a_p/∂z_i for one unit i and all parameters (k, p) of the layer in their
  /// order, and G_{ik} for its biases: a row of the panel's samples each.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func form(unit: Int, panel: Range<Int>, into out: inout MutableSpan<T>) {
    let (couplings, inputs) = (couplings.span, inputs.span)
    let (deltas, tangents) = (deltas.span, tangents.span)
    func columns(_ row: Int) -> Range<Int> {
      row * samples + panel.lowerBound..<row * samples + panel.upperBound
    }
    var at = 0
    for k in 0..<layer.outputs {
      let g = couplings.extracting(columns(unit * layer.outputs + k))
      let delta = deltas.extracting(columns(k))
      for p in 0..<layer.inputs {
        let a = inputs.extracting(columns(p))
        var row = out._mutatingExtracting(at..<at + panel.count)
        if isNeighbour && p != unit {
          formProduct(g, a, into: &row)
        } else {
          let t = tangents.extracting(columns(isNeighbour ? unit : unit * layer.inputs + p))
          for n in row.indices {
            row[unchecked: n] =
              g[unchecked: n] * a[unchecked: n] + delta[unchecked: n] * t[unchecked: n]
          }
        }
        at += panel.count
      }
    }
    for k in 0..<layer.outputs {
      var row = out._mutatingExtracting(at..<at + panel.count)
      copy(couplings.extracting(columns(unit * layer.outputs + k)), into: &row)
      at += panel.count
    }
  }
}

/// Adds the sums for pairs (i ≤ k) × (j ≤ p), i among some units, to a layer's diagonal block, where
/// they stand in the rows of (i, j): columns p < inputs are weights, p = inputs is the bias.
@specialized(where T == Float)
@specialized(where T == Double)
func scatterPairs<T: Scalar>(
  _ sums: Span<T>, columns: Int, group: Range<Int>, layer: DenseLayer, units: [Int],
  _ placement: RowPlacement, into hessian: inout MutableSpan<T>
) {
  let inputs = layer.inputs
  var at = 0
  for i in units {
    for k in i..<layer.outputs {
      for j in group {
        let row = placement.start(of: layer.parameter(i, j))
        let column = row + layer.weights.lowerBound + k * inputs
        let part = sums.extracting(at..<at + inputs + 1 - j)
        var segment = hessian._mutatingExtracting(column + j..<column + max(inputs, j))
        for p in segment.indices { segment[unchecked: p] += part[unchecked: p] }
        hessian[row + layer.biases.lowerBound + k] += part[inputs - j]
        at += inputs + 1 - j
      }
    }
  }
}

/// Fills what `scatterPairs` leaves out of a diagonal block, the pairs p < j, from the symmetry in
/// (j, p). A unit's bias with a later unit's weight stands in the weight's row, or where that is not
/// formed here in the bias's, left of the diagonal.
@specialized(where T == Float)
@specialized(where T == Double)
func completeDiagonalBlock<T: Scalar>(
  _ hessian: inout MutableSpan<T>, layer: DenseLayer, units: [Int], _ placement: RowPlacement
) {
  precondition(
    hessian.count == placement.rows.count * placement.order
      && layer.biases.upperBound <= placement.order)
  let inputs = layer.inputs
  for i in units {
    let starts = (0...inputs).map { placement.start(of: layer.parameter(i, $0)) }
    for k in (i + 1)..<max(layer.outputs, i + 1) {
      let columns = layer.weights.lowerBound + k * inputs
      for j in 0..<inputs {
        for p in (j + 1)..<max(inputs, j + 1) {
          hessian[unchecked: starts[p] + columns + j] = hessian[unchecked: starts[j] + columns + p]
        }
        let (weight, bias) = (columns + j, layer.biases.lowerBound + i)
        let place =
          placement.holds(weight)
          ? placement.start(of: weight) + bias : placement.start(of: bias) + weight
        hessian[place] = hessian[starts[j] + layer.biases.lowerBound + k]
      }
    }
  }
}

/// Rows of a stripe, and columns of a tile, of `mirrorUpperTriangle`.
let mirrorTile = 32

/// Copies some rows of a row-major square matrix's upper triangle to columns of the lower one, tile
/// by tile.
@specialized(where T == Float)
@specialized(where T == Double)
func mirrorUpperTriangle<T: Scalar>(_ matrix: inout MutableSpan<T>, order: Int, stripe: Int) {
  precondition(matrix.count == order * order)
  let rows = stripe * mirrorTile..<min((stripe + 1) * mirrorTile, order)
  var left = rows.lowerBound
  while left < order {
    for i in rows {
      var j = max(left, i + 1)
      while j < min(left + mirrorTile, order) {
        matrix[unchecked: j * order + i] = matrix[unchecked: i * order + j]
        j += 1
      }
    }
    left += mirrorTile
  }
}
