import CGSL

extension GSL {
  /// All eigenvalues of a symmetric matrix, ascending (`gsl_eigen_symm`: Householder
  /// tridiagonalization, then implicit QR; Golub and Van Loan, §8.3).
  ///
  /// The matrix is first scaled by a power of two to entries of at most 1, so scales from the
  /// subnormal to 1e308 are all served alike and λ(2ᵏA) = 2ᵏλ(A) holds bit for bit. Entries below
  /// 2^-900 of the largest count as zero.
  ///
  /// - Parameter rows: the n × n matrix, exactly symmetric and finite; n = 0 gives [].
  /// - Accuracy: |error| ≤ c·n·ulp·‖A‖ absolutely; small eigenvalues have no relative accuracy.
  /// - Throws: `OracleError` for a matrix that is not square, symmetric and finite, and where an
  ///   eigenvalue exceeds the largest `Double`.
  public static func eigenvalues(_ rows: [[Double]]) throws(OracleError) -> [Double] {
    let input = try ScaledSymmetric(rows)
    let n = input.order
    guard n > 0 else { return [] }
    let routines = routines

    let a = try allocated(gsl_matrix_alloc(n, n), "gsl_matrix_alloc")
    defer { gsl_matrix_free(a) }
    let values = try allocated(gsl_vector_alloc(n), "gsl_vector_alloc")
    defer { gsl_vector_free(values) }
    let workspace = try allocated(gsl_eigen_symm_alloc(n), "gsl_eigen_symm_alloc")
    defer { gsl_eigen_symm_free(workspace) }

    input.fill(a)
    try check(routines.eigenvalues(a, values, workspace), "gsl_eigen_symm")
    return try (0..<n).map { gsl_vector_get(values, $0) }.sorted().unscaled(by: input.exponent)
  }

  /// All eigenvalues, ascending, with an orthonormal eigenvector each (`gsl_eigen_symmv`).
  ///
  /// - Parameter rows: the n × n matrix, exactly symmetric and finite.
  /// - Returns: n values; `vectors[k]` is the k-th eigenvector, of n components and norm 1.
  /// - Accuracy: residual and orthogonality of a few n·ulp·‖A‖ and n·ulp; see `LAPACKRatios`.
  /// - Throws: as `eigenvalues`.
  public static func eigensystem(
    _ rows: [[Double]]
  ) throws(OracleError) -> (values: [Double], vectors: [[Double]]) {
    let input = try ScaledSymmetric(rows)
    let n = input.order
    guard n > 0 else { return ([], []) }
    let routines = routines

    let a = try allocated(gsl_matrix_alloc(n, n), "gsl_matrix_alloc")
    defer { gsl_matrix_free(a) }
    let columns = try allocated(gsl_matrix_alloc(n, n), "gsl_matrix_alloc")
    defer { gsl_matrix_free(columns) }
    let values = try allocated(gsl_vector_alloc(n), "gsl_vector_alloc")
    defer { gsl_vector_free(values) }
    let workspace = try allocated(gsl_eigen_symmv_alloc(n), "gsl_eigen_symmv_alloc")
    defer { gsl_eigen_symmv_free(workspace) }

    input.fill(a)
    try check(routines.eigensystem(a, values, columns, workspace), "gsl_eigen_symmv")
    try check(
      gsl_eigen_symmv_sort(values, columns, GSL_EIGEN_SORT_VAL_ASC), "gsl_eigen_symmv_sort")
    return (
      try (0..<n).map { gsl_vector_get(values, $0) }.unscaled(by: input.exponent),
      (0..<n).map { k in (0..<n).map { i in gsl_matrix_get(columns, i, k) } }
    )
  }
}

/// A checked symmetric matrix and the power of two that brings its entries to at most 1.
private struct ScaledSymmetric {
  let rows: [[Double]]
  let exponent: Int
  var order: Int { rows.count }

  init(_ rows: [[Double]]) throws(OracleError) {
    try requireSymmetric(rows)
    var largest = 0.0
    for row in rows { for entry in row { largest = max(largest, entry.magnitude) } }
    self.rows = rows
    self.exponent = largest > 0 ? Int(largest.exponent) + 1 : 0
  }

  /// The smallest entry that is kept, beside a largest between ½ and 1.
  ///
  /// GSL's QR iteration waits for off-diagonals below ulp times their diagonals, which never comes
  /// where that product underflows: with subnormal entries it can run for ever. What is dropped
  /// moves no eigenvalue by more than n·2^-900·‖A‖.
  private static let threshold = 0x1p-900

  func fill(_ matrix: UnsafeMutablePointer<gsl_matrix>) {
    for i in 0..<order {
      for j in 0..<order {
        let scaled = Double(sign: .plus, exponent: -exponent, significand: rows[i][j])
        gsl_matrix_set(matrix, i, j, scaled.magnitude < Self.threshold ? 0 : scaled)
      }
    }
  }
}

/// Refuses a matrix that is not square, finite and exactly symmetric.
func requireSymmetric(_ rows: [[Double]]) throws(OracleError) {
  for (i, row) in rows.enumerated() where row.count != rows.count {
    throw .notSquare(rows: rows.count, row: i, columns: row.count)
  }
  for (i, row) in rows.enumerated() {
    for (j, entry) in row.enumerated() where !entry.isFinite {
      throw .notFinite(row: i, column: j, entry: "\(entry)")
    }
  }
  for (i, row) in rows.enumerated() {
    for j in 0..<i where row[j] != rows[j][i] {
      throw .notSymmetric(row: i, column: j, entry: row[j], mirrored: rows[j][i])
    }
  }
}

extension [Double] {
  fileprivate func unscaled(by exponent: Int) throws(OracleError) -> [Double] {
    var result = self
    for k in result.indices {
      result[k] = Double(sign: .plus, exponent: exponent, significand: self[k])
      guard result[k].isFinite else {
        throw .invalidArgument(
          message: """
            eigenvalue \(k) is \(self[k])·2^\(exponent), beyond the largest Double; \
            divide the matrix by a power of two and multiply the eigenvalues back
            """)
      }
    }
    return result
  }
}
