import CGSL

extension GSL {
  /// All min(m, n) singular values, descending (`gsl_linalg_SV_decomp_jacobi`: one-sided Jacobi,
  /// accurate for small singular values too).
  ///
  /// - Parameter rows: m × n, finite; m = 0 or n = 0 gives [].
  /// - Throws: `wrongLength` for rows of unequal length, `notFinite`, `gslFailed`.
  public static func singularValues(_ rows: [[Double]]) throws(OracleError) -> [Double] {
    let n = rows.first?.count ?? 0
    for row in rows where row.count != n {
      throw .wrongLength(of: "row", expected: n, found: row.count)
    }
    for (i, row) in rows.enumerated() {
      for (j, entry) in row.enumerated() where !entry.isFinite {
        throw .notFinite(row: i, column: j, entry: "\(entry)")
      }
    }
    guard n > 0 else { return [] }
    let routines = routines

    // GSL wants at least as many rows as columns.
    let isTall = rows.count >= n
    let (height, width) = isTall ? (rows.count, n) : (n, rows.count)
    let a = try allocated(gsl_matrix_alloc(height, width), "gsl_matrix_alloc")
    defer { gsl_matrix_free(a) }
    let v = try allocated(gsl_matrix_alloc(width, width), "gsl_matrix_alloc")
    defer { gsl_matrix_free(v) }
    let values = try allocated(gsl_vector_alloc(width), "gsl_vector_alloc")
    defer { gsl_vector_free(values) }
    for i in 0..<height {
      for j in 0..<width { gsl_matrix_set(a, i, j, isTall ? rows[i][j] : rows[j][i]) }
    }
    try check(routines.singularValues(a, v, values), "gsl_linalg_SV_decomp_jacobi")
    return (0..<width).map { gsl_vector_get(values, $0) }.sorted(by: >)
  }
}
