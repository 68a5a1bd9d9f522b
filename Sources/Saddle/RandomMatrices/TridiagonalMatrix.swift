/// A symmetric tridiagonal matrix: O(n) numbers for n eigenvalues.
public struct TridiagonalMatrix: Codable, Equatable, Sendable {
  /// n elements.
  public let diagonal: [Double]
  /// n − 1 elements, none for n = 0.
  public let offDiagonal: [Double]

  public init(diagonal: [Double], offDiagonal: [Double]) {
    precondition(
      offDiagonal.count == max(diagonal.count - 1, 0),
      "\(offDiagonal.count) off-diagonal elements for order \(diagonal.count)")
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
  }

  public var order: Int { diagonal.count }

  /// All n eigenvalues, ascending, in O(n²) and O(n) memory.
  public func eigenvalues() throws(LinearAlgebraError) -> [Double] {
    try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal)
  }

  /// The greatest eigenvalue alone, in O(n).
  ///
  /// - Precondition: n ≥ 1, and every element is finite.
  func greatestEigenvalue() -> Double {
    precondition(order >= 1, "no eigenvalue of a matrix of order 0")
    return TridiagonalBisection(diagonal: diagonal, offDiagonal: offDiagonal)
      .eigenvalues(order - 1..<order)[0]
  }

  /// The same matrix with all of its zeros (n × n).
  public var dense: Matrix<Double> {
    var result = Matrix<Double>(rows: order, columns: order)
    for i in 0..<order { result[i, i] = diagonal[i] }
    for i in offDiagonal.indices {
      result[i, i + 1] = offDiagonal[i]
      result[i + 1, i] = offDiagonal[i]
    }
    return result
  }

  /// Every element times a number.
  func scaled(by factor: Double) -> TridiagonalMatrix {
    TridiagonalMatrix(
      diagonal: diagonal.map { factor * $0 }, offDiagonal: offDiagonal.map { factor * $0 })
  }

  /// With a number added to the first element of the diagonal.
  func addingToFirst(_ shift: Double) -> TridiagonalMatrix {
    var diagonal = self.diagonal
    if !diagonal.isEmpty { diagonal[0] += shift }
    return TridiagonalMatrix(diagonal: diagonal, offDiagonal: offDiagonal)
  }
}
