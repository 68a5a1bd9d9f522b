// Element loops of the Hessian's assembly: they form factors for GEMMs and put results in place.

/// `count` unit matrices of the given order, one behind the other.
func identities<T: Scalar>(order: Int, count: Int) -> [T] {
  var result = [T](repeating: 0, count: count * order * order)
  for n in 0..<count {
    for i in 0..<order { result[(n * order + i) * order + i] = 1 }
  }
  return result
}

/// A row-major matrix with a column of ones behind it.
func appendingOnes<T: Scalar>(_ matrix: [T], width: Int) -> [T] {
  let rows = matrix.count / width
  var result = [T](repeating: 1, count: rows * (width + 1))
  for n in 0..<rows {
    result.replaceSubrange(
      n * (width + 1)..<n * (width + 1) + width, with: matrix[n * width..<(n + 1) * width])
  }
  return result
}

/// The pairs i ≤ k of each sample's order × order matrix, in the order (0,0), (0,1), …, (1,1), ….
func upperPairs<T: Scalar>(_ matrices: [T], order: Int) -> [T] {
  var result: [T] = []
  result.reserveCapacity(matrices.count / order * (order + 1) / 2)
  for start in stride(from: 0, to: matrices.count, by: order * order) {
    for i in 0..<order {
      result += matrices[start + i * order + i..<start + (i + 1) * order]
    }
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
    for k in 0..<width { out[at * width + k] = factor * rows[source + k] }
  }
}

/// For each sample of `rows`, a_j·a_p for every j of `group` and every p ≥ j, one j behind the
/// other.
@specialized(where T == Float)
@specialized(where T == Double)
func formInputProducts<T: Scalar>(
  _ inputs: Span<T>, width: Int, rows: Range<Int>, group: Range<Int>,
  into out: inout MutableSpan<T>
) {
  var at = 0
  for n in rows {
    let row = inputs.extracting(n * width..<(n + 1) * width)
    for j in group {
      let tail = row.extracting(j..<width)
      let factor = row[j]
      var segment = out._mutatingExtracting(at..<at + tail.count)
      for p in tail.indices { segment[p] = factor * tail[p] }
      at += tail.count
    }
  }
}

/// For each sample of `rows`, its row of `matrix` times its element of one column of `factors`.
@specialized(where T == Float)
@specialized(where T == Double)
func scaleRows<T: Scalar>(
  of matrix: Span<T>, width: Int, rows: Range<Int>, by factors: Span<T>, column: Int,
  columns: Int, into out: inout MutableSpan<T>
) {
  var at = 0
  for n in rows {
    let row = matrix.extracting(n * width..<(n + 1) * width)
    let factor = factors[n * columns + column]
    var segment = out._mutatingExtracting(at..<at + width)
    for p in row.indices { segment[p] = factor * row[p] }
    at += width
  }
}

/// Adds the sums for pairs (i ≤ k) × (j ≤ p) to a layer's diagonal block, where they stand in the
/// rows of (i, j): columns p < inputs are weights, p = inputs is the bias.
@specialized(where T == Float)
@specialized(where T == Double)
func scatterPairs<T: Scalar>(
  _ sums: Span<T>, columns: Int, group: Range<Int>, layer: DenseLayer, order: Int,
  into hessian: inout MutableSpan<T>
) {
  let inputs = layer.inputs
  var at = 0
  for i in 0..<layer.outputs {
    for k in i..<layer.outputs {
      for j in group {
        let row =
          j < inputs ? layer.weights.lowerBound + i * inputs + j : layer.biases.lowerBound + i
        let column = row * order + layer.weights.lowerBound + k * inputs
        for p in j..<max(inputs, j) { hessian[column + p] += sums[at + p - j] }
        hessian[row * order + layer.biases.lowerBound + k] += sums[at + inputs - j]
        at += inputs + 1 - j
      }
    }
  }
}

/// Fills what `scatterPairs` leaves out of a diagonal block's upper triangle, the pairs p < j, from
/// the symmetry in (j, p).
@specialized(where T == Float)
@specialized(where T == Double)
func completeDiagonalBlock<T: Scalar>(
  _ hessian: inout MutableSpan<T>, layer: DenseLayer, order: Int
) {
  let inputs = layer.inputs
  for i in 0..<layer.outputs {
    for k in (i + 1)..<max(layer.outputs, i + 1) {
      let rows = layer.weights.lowerBound + i * inputs
      let columns = layer.weights.lowerBound + k * inputs
      for j in 0..<inputs {
        for p in (j + 1)..<max(inputs, j + 1) {
          hessian[(rows + p) * order + columns + j] = hessian[(rows + j) * order + columns + p]
        }
        hessian[(columns + j) * order + layer.biases.lowerBound + i] =
          hessian[(rows + j) * order + layer.biases.lowerBound + k]
      }
    }
  }
}

/// For each sample of `rows`, over all parameters (k, p) of `layer` in their order:
/// G_{ik}·a_p + δ_k·∂a_p/∂z_i, and G_{ik} for the biases.
///
/// - Parameters:
///   - unit: i, one of `units` of the earlier layer.
///   - isNeighbour: whether `tangents` holds φ′(z_i), samples × units, the diagonal of ∂a/∂z;
///     otherwise it holds ∂a_p/∂z_i, (samples·units) × layer.inputs.
@specialized(where T == Float)
@specialized(where T == Double)
func formBracket<T: Scalar>(
  unit: Int, of units: Int, layer: DenseLayer, rows: Range<Int>, isNeighbour: Bool,
  couplings: Span<T>, inputs: Span<T>, deltas: Span<T>, tangents: Span<T>,
  into out: inout MutableSpan<T>
) {
  let (width, outputs) = (layer.inputs, layer.outputs)
  var at = 0
  for n in rows {
    let coupling = couplings.extracting(
      (n * units + unit) * outputs..<(n * units + unit + 1) * outputs)
    let a = inputs.extracting(n * width..<(n + 1) * width)
    for k in 0..<outputs {
      let g = coupling[k]
      let delta = deltas[n * outputs + k]
      var segment = out._mutatingExtracting(at..<at + width)
      if isNeighbour {
        for p in a.indices { segment[p] = g * a[p] }
        segment[unit] += delta * tangents[n * units + unit]
      } else {
        let tangent = tangents.extracting((n * units + unit) * width..<(n * units + unit + 1) * width)
        for p in a.indices { segment[p] = g * a[p] + delta * tangent[p] }
      }
      at += width
    }
    for k in 0..<outputs { out[at + k] = coupling[k] }
    at += outputs
  }
}

/// Copies the upper triangle of a row-major square matrix to the lower one, tile by tile.
@specialized(where T == Float)
@specialized(where T == Double)
func mirrorUpperTriangle<T: Scalar>(_ matrix: inout MutableSpan<T>, order: Int) {
  precondition(matrix.count == order * order)
  let tile = 32
  var top = 0
  while top < order {
    var left = top
    while left < order {
      for i in top..<min(top + tile, order) {
        var j = max(left, i + 1)
        while j < min(left + tile, order) {
          matrix[j * order + i] = matrix[i * order + j]
          j += 1
        }
      }
      left += tile
    }
    top += tile
  }
}
