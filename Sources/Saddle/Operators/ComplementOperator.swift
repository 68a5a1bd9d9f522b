extension LinearOperator {
  /// The operator on the orthogonal complement of some vectors, of order n − k.
  ///
  /// - Parameter basis: orthonormal rows (k × n), k < n.
  public func complement(of basis: Matrix<Element>) -> ComplementOperator<Self> {
    ComplementOperator(self, basis)
  }
}

/// ZᵀAZ for an orthonormal basis Z (n × (n − k)) of what is orthogonal to k vectors: the operator
/// without them, and without the k zeros that a projection leaves in their place.
///
/// Z is never formed. It is the last n − k columns of the product of the k reflections that take
/// the vectors to coordinates (Golub, Van Loan 2013, §5.1–5.2): k vectors of n elements.
public struct ComplementOperator<Base: LinearOperator>: LinearOperator {
  public typealias Element = Base.Element
  public let base: Base
  /// Row i is the i-th reflection's vector v of norm √2, zero before coordinate i: I − vvᵀ.
  private let reflections: Matrix<Element>
  public var dimension: Int { base.dimension - reflections.rows }

  init(_ base: Base, _ basis: Matrix<Element>) {
    precondition(
      basis.columns == base.dimension && basis.rows < base.dimension,
      "\(basis.rows) × \(basis.columns) for an operator of order \(base.dimension)")
    self.base = base
    var reflections = Matrix<Element>(rows: basis.rows, columns: basis.columns)
    for i in 0..<basis.rows {
      var vector = basis.row(i)
      for j in 0..<i { reflect(&vector, by: reflections, j) }
      for j in 0..<i { vector[j] = 0 }
      let norm = vector.norm
      // Away from zero, so that nothing cancels.
      vector[i] += vector[i] < 0 ? -norm : norm
      let scaled = vector.scaled(by: (2 / vector.dot(vector)).squareRoot())
      for j in i..<basis.columns { reflections[i, j] = scaled[j] }
    }
    self.reflections = reflections
  }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    checkShapes(vectors, products)
    let (k, n) = (reflections.rows, base.dimension)
    var whole = Matrix<Element>(rows: vectors.rows, columns: n)
    for row in 0..<vectors.rows {
      var vector = [Element].zeros(k) + vectors.row(row)
      for i in (0..<k).reversed() { reflect(&vector, by: reflections, i) }
      whole.elements.replaceSubrange(row * n..<(row + 1) * n, with: vector)
    }
    let images = base.apply(whole)
    for row in 0..<vectors.rows {
      var image = images.row(row)
      for i in 0..<k { reflect(&image, by: reflections, i) }
      products.elements.replaceSubrange(
        row * dimension..<(row + 1) * dimension, with: image[k...])
    }
  }
}

/// x ← x − (vᵀx)·v, with v row i.
private func reflect<T: Scalar>(_ x: inout [T], by vectors: Matrix<T>, _ i: Int) {
  let range = i * vectors.columns..<(i + 1) * vectors.columns
  let vector = vectors.elements.span.extracting(range)
  let overlap = dot(vector, x.span)
  var target = x.mutableSpan
  axpy(-overlap, vector, into: &target)
}
