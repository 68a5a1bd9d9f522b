/// Why a matrix was refused, or what LAPACK could not do.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  case notSquare(rows: Int, columns: Int)
  case notFinite(row: Int, column: Int)
  case notSymmetric(row: Int, column: Int, difference: Double)
  case tooLarge(order: Int)
  case noConvergence(routine: String, info: Int)
  case singular(pivot: Int)

  public var description: String {
    switch self {
    case .notSquare(let rows, let columns):
      "a \(rows) × \(columns) matrix where a symmetric one is needed"
    case .notFinite(let row, let column):
      "element (\(row), \(column)) is not a finite number"
    case .notSymmetric(let row, let column, let difference):
      "elements (\(row), \(column)) and (\(column), \(row)) differ by \(difference): if that is "
        + "rounding, pass the matrix's symmetrized()"
    case .tooLarge(let order):
      "order \(order) is beyond LAPACK's 32-bit indices: use a matrix-free method"
    case .noConvergence(let routine, let info):
      "\(routine) did not converge (info = \(info)): the matrix may be badly scaled"
    case .singular(let pivot): "the matrix is exactly singular at pivot \(pivot)"
    }
  }
}

/// What LAPACK with 32-bit integers can be asked.
enum LAPACKLimits {
  /// The largest order n whose n² is still an index.
  static let order = 46340
  /// The same for `syevd` with vectors, whose workspace has 1 + 6n + 2n² elements.
  static let eigensystemOrder = 32766
}

extension Matrix {
  /// Throws unless the matrix is square, finite and exactly symmetric.
  ///
  /// Exactly, since LAPACK reads one triangle only: a matrix that is symmetric up to rounding has
  /// two answers, and `symmetrized()` says which one is meant.
  public func requireSymmetric() throws(LinearAlgebraError) {
    guard isSquare else { throw .notSquare(rows: rows, columns: columns) }
    if let at = firstNotFinite(elements) {
      throw .notFinite(row: at / columns, column: at % columns)
    }
    if let (row, column) = firstAsymmetry(elements.span, order: rows) {
      throw .notSymmetric(
        row: row, column: column, difference: Double(self[row, column] - self[column, row]))
    }
  }
}

/// The first element, by tiles, that differs from the one across the diagonal.
@specialized(where T == Float)
@specialized(where T == Double)
private func firstAsymmetry<T: Scalar>(_ matrix: Span<T>, order: Int) -> (Int, Int)? {
  let tile = 32
  for top in stride(from: 0, to: order, by: tile) {
    for left in stride(from: 0, through: top, by: tile) {
      for i in top..<min(top + tile, order) {
        for j in left..<min(left + tile, order) where matrix[i * order + j] != matrix[j * order + i] {
          return (i, j)
        }
      }
    }
  }
  return nil
}
