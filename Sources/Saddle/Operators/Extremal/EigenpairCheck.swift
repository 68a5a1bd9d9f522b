/// What one more product with each vector of a set says about it.
struct EigenpairCheck<T: Scalar> {
  let values: [T]
  let vectors: Matrix<T>
  let residuals: [T]
  let errorBounds: [T]
  let jointBound: T
  let orthogonalityDefect: T
  /// What products and norms in this precision leave unknown: a few √n·ulp of the scale.
  private let rounding: T

  /// - Parameters:
  ///   - vectors: rows of norm about 1.
  ///   - block: how many are multiplied at once.
  ///   - scale: at most ‖A‖; rounding is measured by it.
  init(
    _ vectors: Matrix<T>, of map: some LinearOperator<T>, block: Int, scale: T
  ) throws(KrylovError) {
    let order = vectors.columns
    var (values, residuals): ([T], [T]) = ([], [])
    var rows: [[T]] = []
    var scale = scale
    for start in stride(from: 0, to: vectors.rows, by: max(block, 1)) {
      let count = min(max(block, 1), vectors.rows - start)
      let part = Matrix(
        rows: count, columns: order,
        elements: Array(vectors.elements[start * order..<(start + count) * order]))
      let products = try map.finiteProducts(part, after: start)
      for i in 0..<count {
        let v = part.row(i)
        let product = products.row(i)
        let square = v.dot(v)
        let value = v.dot(product) / square
        values.append(value)
        let length = square.squareRoot()
        residuals.append(product.adding(-value, times: v).norm / length)
        scale = max(scale, value.magnitude)
        rows.append(v.scaled(by: 1 / length))
      }
    }
    let sorted = values.indices.sorted { values[$0] < values[$1] }
    self.values = sorted.map { values[$0] }
    self.residuals = sorted.map { residuals[$0] }
    let unit = Matrix(rows: vectors.rows, columns: order, elements: sorted.flatMap { rows[$0] })
    self.vectors = unit
    let rounding =
      8 * T(max(order, 1)).squareRoot() * T.ulpOfOne * scale + T.leastNormalMagnitude
    self.rounding = rounding
    errorBounds = self.residuals.map { $0 + rounding }
    orthogonalityDefect = unit.orthogonalityDefect
    let joint = errorBounds.norm * T(2).squareRoot()
    // Rows that are orthonormal up to δ count for (1 − kδ).
    let independence = 1 - T(max(vectors.rows, 1)) * orthogonalityDefect
    jointBound = independence > 0 ? joint / independence : .infinity
  }

  /// ‖R‖²/gap of the cluster that each value is in, where that is less than its error bound.
  ///
  /// - Parameters:
  ///   - resolution: what eigenvalues may differ by and not be told apart.
  ///   - isInner: for a value, whether eigenvalues that are not among these may lie beside it: then
  ///     there is no gap.
  func gapBounds(resolution: T, isInner: (Int) -> Bool) -> [T?] {
    var result = [T?](repeating: nil, count: values.count)
    for range in clusterRanges(values, errorBounds) where !range.contains(where: isInner) {
      var gap = T.infinity
      for j in values.indices where !range.contains(j) {
        let distance = max(
          values[range.lowerBound] - values[j], values[j] - values[range.upperBound - 1])
        gap = min(gap, distance - errorBounds[j] - resolution)
      }
      guard gap > 0, gap.isFinite else { continue }
      let norm = Array(errorBounds[range]).norm
      let bound = norm / gap * norm + rounding
      for i in range where bound < errorBounds[i] { result[i] = bound }
    }
    return result
  }
}

extension Matrix {
  /// The largest |(AAᵀ − I)ᵢⱼ|.
  var orthogonalityDefect: T {
    var gram = Matrix(rows: rows, columns: rows)
    let shape = gram.layout
    var target = gram.elements.mutableSpan
    multiply(elements.span, layout, elements.span, layout.transposed, into: &target, shape)
    for i in 0..<rows { gram[i, i] -= 1 }
    return gram.elements.reduce(0) { max($0, $1.magnitude) }
  }
}
