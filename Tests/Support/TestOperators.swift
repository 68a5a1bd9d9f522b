import Saddle

/// A diagonal matrix, known by its eigenvalues.
public struct Diagonal<Element: Scalar>: LinearOperator {
  public let eigenvalues: [Element]
  public var dimension: Int { eigenvalues.count }

  public init(_ eigenvalues: [Double]) { self.eigenvalues = eigenvalues.map { Element($0) } }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    for row in 0..<vectors.rows {
      for (j, eigenvalue) in eigenvalues.enumerated() {
        products[row, j] = eigenvalue * vectors[row, j]
      }
    }
  }
}

/// An operator whose products are spoilt: one element of every product is `value`.
public struct Spoilt<Element: Scalar>: LinearOperator {
  public let dimension: Int
  private let value: Element
  private let position: Int

  public init(dimension: Int, value: Element, at position: Int) {
    self.dimension = dimension
    self.value = value
    self.position = position
  }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    products = vectors
    for row in 0..<vectors.rows { products[row, position] = value }
  }
}
