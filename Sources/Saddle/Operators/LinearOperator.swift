/// A symmetric linear map that is known by its products with blocks of vectors.
public protocol LinearOperator<Element>: Sendable {
  associatedtype Element: Scalar
  /// The order n of the operator.
  var dimension: Int { get }
  /// Writes A·v for every row v of `vectors` (k × n) to the same row of `products` (k × n).
  func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>)
  /// The matrix itself, n × n and exactly symmetric.
  func assembled() -> Matrix<Element>
}

extension LinearOperator {
  /// From the products with the unit vectors; an operator that knows its matrix should give that.
  public func assembled() -> Matrix<Element> { dense().symmetrized() }

  /// A·v for every row v of `vectors` (k × n).
  public func apply(_ vectors: Matrix<Element>) -> Matrix<Element> {
    var products = Matrix<Element>(rows: vectors.rows, columns: vectors.columns)
    apply(vectors, into: &products)
    return products
  }

  /// A·v for one vector of n elements.
  public func apply(_ vector: [Element]) -> [Element] {
    apply(Matrix(rows: 1, columns: vector.count, elements: vector)).elements
  }

  /// The matrix itself, from its products with the unit vectors, `block` at a time.
  ///
  /// Row i is A·eᵢ, so the result is symmetric only up to rounding.
  public func dense(block: Int = 64) -> Matrix<Element> {
    var rows: [Element] = []
    rows.reserveCapacity(dimension * dimension)
    forEachColumns(block) { _, products in rows += products.elements }
    return Matrix(rows: dimension, columns: dimension, elements: rows)
  }

  /// The diagonal, exact, from products with all unit vectors, `block` at a time: no more than a block
  /// of vectors is held.
  public func diagonal(block: Int = 64) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(dimension)
    forEachColumns(block) { start, products in
      for i in 0..<products.rows { result.append(products[i, start + i]) }
    }
    return result
  }

  /// Gives `body` the products with the unit vectors, some at a time, and the number of the first.
  private func forEachColumns(_ block: Int, _ body: (_ start: Int, Matrix<Element>) -> Void) {
    for start in stride(from: 0, to: dimension, by: block) {
      let count = min(block, dimension - start)
      var units = Matrix<Element>(rows: count, columns: dimension)
      for i in 0..<count { units[i, start + i] = 1 }
      body(start, apply(units))
    }
  }

  func checkShapes(_ vectors: Matrix<Element>, _ products: Matrix<Element>) {
    precondition(
      vectors.columns == dimension && products.columns == dimension
        && products.rows == vectors.rows,
      "\(vectors.rows) × \(vectors.columns) into \(products.rows) × \(products.columns) "
        + "through an operator of order \(dimension)")
  }
}

/// A dense symmetric matrix as an operator.
public struct DenseOperator<Element: Scalar>: LinearOperator {
  public let matrix: Matrix<Element>
  public var dimension: Int { matrix.rows }

  public init(_ matrix: Matrix<Element>) {
    precondition(matrix.isSquare, "\(matrix.rows) × \(matrix.columns) is not square")
    self.matrix = matrix
  }

  public func assembled() -> Matrix<Element> { matrix }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    checkShapes(vectors, products)
    if vectors.rows == 1 {
      // Half of the memory that a general product would read.
      Element.symv(Int32(dimension), matrix.elements, vectors.elements, &products.elements)
      return
    }
    let layout = products.layout
    var target = products.elements.mutableSpan
    multiply(
      vectors.elements.span, vectors.layout, matrix.elements.span, matrix.layout,
      into: &target, layout)
  }
}
