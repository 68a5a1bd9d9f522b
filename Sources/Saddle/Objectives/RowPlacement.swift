/// Which rows of a matrix of order P are formed, and where each begins in memory.
struct RowPlacement: Sendable {
  let order: Int
  /// The rows, ascending.
  let rows: [Int]
  /// Which of `rows` each row is; nil where all are, and −1 where one is not.
  private let places: [Int]?

  /// All rows in their order.
  init(order: Int) {
    self.order = order
    rows = Array(0..<order)
    places = nil
  }

  /// - Parameter rows: each once.
  init(order: Int, rows: [Int]) {
    self.order = order
    self.rows = rows.sorted()
    var places = [Int](repeating: -1, count: order)
    for (place, row) in self.rows.enumerated() { places[row] = place }
    self.places = places
  }

  func holds(_ row: Int) -> Bool { places.map { $0[row] >= 0 } ?? true }

  /// Where a row that is formed begins, among elements that are row-major.
  func start(of row: Int) -> Int {
    let place = places?[row] ?? row
    precondition(place >= 0, "row \(row) is not formed here")
    return place * order
  }
}

/// One of several shares that together are a matrix: units of its rows go to and fro between them, so
/// that each gets short ones and long ones of a triangle.
public struct RowShare: Hashable, Sendable {
  /// From 0 on.
  public let number: Int
  public let count: Int

  /// - Throws: `RowShareError` where there is no such share.
  public init(_ number: Int, of count: Int) throws(RowShareError) {
    guard count > 0, (0..<count).contains(number) else {
      throw RowShareError(number: number, count: count)
    }
    self.number = number
    self.count = count
  }

  private init() { (number, count) = (0, 1) }

  static let whole = RowShare()

  func holds(unit: Int) -> Bool {
    let turn = unit % (2 * count)
    return number == min(turn, 2 * count - 1 - turn)
  }
}

/// A share that is none.
public struct RowShareError: Error, Equatable, CustomStringConvertible {
  public let number: Int
  public let count: Int

  public init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  public var description: String { "share \(number) of \(count): shares go from 0 to one less" }
}

/// Some rows of a curvature matrix A, where each pair of parameters is held once: with U the rows of
/// all shares together, A = U + Uᵀ − diag(U).
public struct CurvatureRows<T: Scalar>: Sendable {
  /// Ascending.
  public let rows: [Int]
  /// `rows.count` × P: rows of U.
  public let elements: Matrix<T>
}
