extension LinearOperator {
  /// A·v for every row v of `vectors` (k × n), as `apply` gives them.
  ///
  /// - Parameter count: the products that were taken before, of which an error tells.
  /// - Throws: `KrylovError.productNotFinite`.
  func finiteProducts(
    _ vectors: Matrix<Element>, after count: Int = 0
  ) throws(KrylovError) -> Matrix<Element> {
    var products = Matrix<Element>(rows: vectors.rows, columns: vectors.columns)
    try applyFinite(vectors, into: &products, after: count)
    return products
  }

  /// The same into the caller's `products` (k × n).
  func applyFinite(
    _ vectors: Matrix<Element>, into products: inout Matrix<Element>, after count: Int = 0
  ) throws(KrylovError) {
    apply(vectors, into: &products)
    guard allFinite(products.elements.span) else {
      throw .notFinite(products.elements, order: products.columns, number: count + 1)
    }
  }

  /// A·v for one vector of n elements.
  func finiteProduct(_ vector: [Element], after count: Int = 0) throws(KrylovError) -> [Element] {
    try finiteProducts(Matrix(rows: 1, columns: vector.count, elements: vector), after: count)
      .elements
  }
}
