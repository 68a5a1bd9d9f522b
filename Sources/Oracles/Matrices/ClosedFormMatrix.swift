/// A symmetric matrix whose whole spectrum is known without computing it.
public struct ClosedFormMatrix: Sendable, CustomStringConvertible {
  public let name: String
  /// n × n, exactly symmetric.
  public let rows: [[Double]]
  /// n numbers, ascending, each with its multiplicity; accurate to a few ulp of the largest.
  public let eigenvalues: [Double]

  public var description: String { name }

  public init(name: String, rows: [[Double]], eigenvalues: [Double]) {
    precondition(
      eigenvalues.count == rows.count, "\(eigenvalues.count) values for order \(rows.count)")
    self.name = name
    self.rows = rows
    self.eigenvalues = eigenvalues.sorted()
  }

  /// One or more of every family, of orders 1 to 21.
  public static var all: [ClosedFormMatrix] {
    var result = [hilbert8, wilkinson21]
    for n in [1, 2, 3, 5, 12] {
      result += [
        toeplitz(order: n, diagonal: 0.5, offDiagonal: -1.5), pathLaplacian(order: n),
        clementKac(order: n), minimum(order: n), completeLaplacian(order: n),
        shiftedOnes(order: n, diagonal: 2, constant: -0.75), reflection(order: n),
      ]
    }
    for n in [3, 4, 9] { result += [cycleLaplacian(order: n), starLaplacian(order: n)] }
    for exponent in 0...4 {
      result += [hypercubeLaplacian(dimension: exponent), hadamard(exponent: exponent)]
    }
    result += [gridLaplacian(3, 4), bordered(sides: [3, 0, 0.5, 1e-3])]
    return result
  }
}
