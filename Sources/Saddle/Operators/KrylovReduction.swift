/// A symmetric matrix as the tridiagonal one that Lanczos' recurrence from a vector b would give in
/// exact arithmetic, by orthogonal transformations instead: T = QᵀAQ with Q·e₁ = b/‖b‖, to the
/// rounding of LAPACK's reduction, whatever A's eigenvalues are (Golub, Van Loan 2013, §10.1.1).
struct KrylovReduction {
  /// n elements, and the n − 1 beside them.
  let diagonal, offDiagonal: [Double]

  /// One reflection turns b into a multiple of the first coordinate, and LAPACK's `sytrd` keeps that.
  ///
  /// Memory: the matrix's own, passed with `consume`.
  /// - Parameters:
  ///   - matrix: n × n with n ≥ 1, finite and exactly symmetric.
  ///   - start: b, n elements, finite; the first coordinate's direction where it is zero.
  /// - Throws: `LinearAlgebraError.tooLarge`, `.noConvergence`.
  init(_ matrix: consuming Matrix<Double>, from start: [Double]) throws(LinearAlgebraError) {
    let order = matrix.rows
    precondition(
      matrix.isSquare && start.count == order && order > 0,
      "\(start.count) elements beside \(matrix.rows) × \(matrix.columns)")
    guard order <= LAPACKLimits.order else { throw .tooLarge(order: order) }
    var elements = matrix.elements
    matrix = Matrix(rows: 0, columns: 0)
    Self.reflect(&elements, order: order, turning: start)
    var diagonal = [Double].zeros(order)
    var offDiagonal = [Double].zeros(max(order - 1, 1))
    var factors = [Double].zeros(max(order - 1, 1))
    var space = 0.0
    let n = Int32(order)
    _ = Double.sytrd(n, &elements, &diagonal, &offDiagonal, &factors, &space, -1)
    var work = [Double].zeros(max(1, Int(space)))
    let info = Double.sytrd(
      n, &elements, &diagonal, &offDiagonal, &factors, &work, Int32(work.count))
    guard info == 0 else { throw .noConvergence(routine: "sytrd", info: Int(info)) }
    self.diagonal = diagonal
    // What is below the reduction's own rounding is nothing: tails of it would be graded noise.
    let size = diagonal.reduce(0) { max($0, $1.magnitude) }
    let largest = offDiagonal.reduce(size) { max($0, $1.magnitude) }
    self.offDiagonal = offDiagonal.prefix(order - 1).map {
      $0.magnitude <= Double.ulpOfOne * largest ? 0 : $0
    }
  }

  /// A ← PAP with P = I − τvvᵀ that takes b to the first coordinate: A − vwᵀ − wvᵀ with
  /// w = τAv − ½τ²(vᵀAv)·v.
  private static func reflect(_ a: inout [Double], order: Int, turning b: [Double]) {
    let norm = b.norm
    guard norm > 0 else { return }
    // Of norm 1, whose squares neither vanish nor overflow.
    var v = b.map { $0 / norm }
    // Away from zero, so that nothing cancels.
    v[0] += v[0] < 0 ? -1 : 1
    let factor = 2 / v.dot(v)
    var w = [Double].zeros(order)
    Double.symv(Int32(order), a, v, &w)
    let half = factor * factor * v.dot(w) / 2
    w = w.scaled(by: factor).adding(-half, times: v)
    var span = a.mutableSpan
    subtractOuterProducts(&span, order: order, v.span, w.span)
  }
}

/// A ← A − vwᵀ − wvᵀ, symmetric as A is: both orders of the sum round alike.
private func subtractOuterProducts(
  _ matrix: inout MutableSpan<Double>, order: Int, _ v: Span<Double>, _ w: Span<Double>
) {
  for i in 0..<order {
    for j in 0..<order { matrix[i * order + j] -= v[i] * w[j] + w[i] * v[j] }
  }
}
