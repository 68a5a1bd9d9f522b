/// Why an oracle refused to answer. Every case says what was wrong, where, and what to do about it.
public enum OracleError: Error, Equatable, Sendable {
  /// Row `row` has `columns` entries in a matrix of `rows` rows.
  case notSquare(rows: Int, row: Int, columns: Int)
  /// Entries (`row`, `column`) and (`column`, `row`) differ.
  case notSymmetric(row: Int, column: Int, entry: Double, mirrored: Double)
  /// The matrix holds NaN or an infinity. `entry` is text, since NaN is not equal to itself.
  case notFinite(row: Int, column: Int, entry: String)
  /// A function under test returned NaN or an infinity.
  case notFiniteResult(of: String, component: Int, result: String, where: String)
  /// A vector, or a function's result, has another length than the point it belongs to.
  case wrongLength(of: String, expected: Int, found: Int)
  /// An argument outside its domain; `message` names it and its domain.
  case invalidArgument(message: String)
  /// A GSL routine returned an error code.
  case gslFailed(routine: String, code: Int, message: String)
}

extension OracleError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notSquare(let rows, let row, let columns):
      "row \(row) has \(columns) entries in a matrix of \(rows) rows; pass a square matrix"
    case .notSymmetric(let row, let column, let entry, let mirrored):
      """
      entry (\(row), \(column)) is \(entry) but (\(column), \(row)) is \(mirrored); the symmetric \
      solvers want exact symmetry: copy one triangle onto the other, or find out why they differ
      """
    case .notFinite(let row, let column, let entry):
      "entry (\(row), \(column)) is \(entry); find where it arose before asking for eigenvalues"
    case .notFiniteResult(let function, let component, let result, let place):
      """
      component \(component) of the \(function) is \(result) at \(place); start from a finite \
      point, or use a smaller first step
      """
    case .wrongLength(let what, let expected, let found):
      "the \(what) has \(found) components where \(expected) are needed"
    case .invalidArgument(let message):
      message
    case .gslFailed(let routine, let code, let message):
      "\(routine) failed with code \(code): \(message)"
    }
  }
}
