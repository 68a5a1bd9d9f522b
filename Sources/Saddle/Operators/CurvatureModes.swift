/// Orthonormal directions in which a symmetric operator, or its projection on what they span, is
/// diagonal.
struct CurvatureModes<T: Scalar>: Sendable {
  /// Ascending: eigenvalues, or Ritz values.
  let values: [T]
  /// Row k is the direction of `values[k]` (k × n).
  let vectors: Matrix<T>

  init(values: [T], vectors: Matrix<T>) {
    self.values = values
    self.vectors = vectors
  }

  /// All of a matrix's: n³ operations.
  ///
  /// - Parameter matrix: n × n, exactly symmetric.
  /// - Throws: `LinearAlgebraError` where it is not finite, say.
  init(of matrix: Matrix<T>) throws(LinearAlgebraError) {
    let system = try matrix.eigensystem()
    self.init(values: system.values, vectors: system.vectors)
  }

  /// Those of the Krylov space of a vector (n elements), one product each, fewer than `count` where
  /// the space is invariant; none of a zero vector.
  ///
  /// - Throws: `KrylovError.productNotFinite`, `.projection`.
  init(
    of matrix: some LinearOperator<T>, from start: [T], count: Int
  ) throws(KrylovError) {
    guard start.norm.isNormal else {
      self.init(values: [], vectors: Matrix(rows: 0, columns: start.count))
      return
    }
    let krylov = try LanczosDecomposition(of: matrix, from: start, steps: count)
    let pairs = try krylov.ritzPairs()
    self.init(values: pairs.values, vectors: krylov.combinations(pairs.weights))
  }

  /// A vector's components along the directions (k elements).
  func components(of vector: [T]) -> [T] { vectors * vector }

  /// The vector with these components (n elements).
  func combination(_ components: [T]) -> [T] {
    (Matrix(rows: 1, columns: components.count, elements: components) * vectors).elements
  }

  /// The largest |λ|.
  var scale: T { max((values.first ?? 0).magnitude, (values.last ?? 0).magnitude) }
}
