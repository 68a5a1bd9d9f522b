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
/// Z is never formed. It is the last n − k columns of the product Q of the k reflections that take
/// the vectors to coordinates (Golub, Van Loan 2013, §5.1–5.2), as I − VᵀTV: k vectors of n elements,
/// and a triangle (Schreiber, Van Loan 1989).
public struct ComplementOperator<Base: LinearOperator>: LinearOperator {
  public typealias Element = Base.Element
  public let base: Base
  /// V: row i is the i-th reflection's vector v of norm √2, zero before coordinate i: I − vvᵀ.
  private let reflections: Matrix<Element>
  /// T (k × k).
  private let triangle: Matrix<Element>
  private let workspaces = Pool<Workspace>()
  public var dimension: Int { base.dimension - reflections.rows }

  /// Blocks of the base's order, and overlaps (k × b) with V: of 10⁷ elements fresh memory costs
  /// more than the reflections.
  private struct Workspace {
    var vectors, products: Matrix<Element>
    var overlaps, turned: [Element]

    init(rows: Int, order: Int, reflections: Int) {
      vectors = Matrix(rows: rows, columns: order, elements: .zeros(rows * order))
      products = vectors
      overlaps = .zeros(rows * reflections)
      turned = overlaps
    }
  }

  init(_ base: Base, _ basis: Matrix<Element>) {
    precondition(
      basis.columns == base.dimension && basis.rows < base.dimension,
      "\(basis.rows) × \(basis.columns) for an operator of order \(base.dimension)")
    self.base = base
    let (k, n) = (basis.rows, basis.columns)
    var reflections = Matrix<Element>(rows: k, columns: n, elements: .zeros(k * n))
    var triangle = Matrix<Element>(rows: k, columns: k)
    for i in 0..<k {
      var vector = basis.row(i)
      for j in 0..<i {
        let earlier = reflections.elements.span.extracting(j * n..<(j + 1) * n)
        let overlap = Element(innerProduct(earlier, vector.span))
        var rest = vector.mutableSpan
        axpy(-overlap, earlier, into: &rest)
      }
      for j in 0..<i { vector[j] = 0 }
      let norm = vector.norm
      // Away from zero, so that nothing cancels.
      vector[i] += vector[i] < 0 ? -norm : norm
      let scaled = vector.scaled(by: (2 / vector.dot(vector)).squareRoot())
      for j in i..<n { reflections[i, j] = scaled[j] }
      // The next column of T is −T·(Vv), above 1.
      let overlaps = (0..<i).map { j in
        Element(innerProduct(reflections.elements.span.extracting(j * n..<(j + 1) * n), scaled.span))
      }
      for j in 0..<i { triangle[j, i] = -(j..<i).reduce(0) { $0 + triangle[j, $1] * overlaps[$1] } }
      triangle[i, i] = 1
    }
    self.reflections = reflections
    self.triangle = triangle
  }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    checkShapes(vectors, products)
    let (rows, k, n, rest) = (vectors.rows, reflections.rows, base.dimension, dimension)
    workspaces.withOne {
      Workspace(rows: rows, order: n, reflections: k)
    } with: { work in
      if work.vectors.rows != rows { work = Workspace(rows: rows, order: n, reflections: k) }
      for row in 0..<rows {
        var whole = work.vectors.elements.mutableSpan
        for i in 0..<k { whole[row * n + i] = 0 }
        var own = whole._mutatingExtracting(row * n + k..<(row + 1) * n)
        copy(vectors.elements.span.extracting(row * rest..<(row + 1) * rest), into: &own)
      }
      turn(&work.vectors, triangle.layout, &work.overlaps, &work.turned)
      base.apply(work.vectors, into: &work.products)
      turn(&work.products, triangle.layout.transposed, &work.overlaps, &work.turned)
      var target = products.elements.mutableSpan
      for row in 0..<rows {
        var own = target._mutatingExtracting(row * rest..<(row + 1) * rest)
        copy(work.products.elements.span.extracting(row * n + k..<(row + 1) * n), into: &own)
      }
    }
  }

  /// x ← Qx for every row, or Qᵀx where T is read transposed.
  private func turn(
    _ vectors: inout Matrix<Element>, _ triangle: Layout, _ overlaps: inout [Element],
    _ turned: inout [Element]
  ) {
    guard reflections.rows > 0 else { return }
    let block = vectors.layout
    var products = overlaps.mutableSpan
    overlap(
      reflections.elements.span, reflections.layout, with: vectors.elements.span, block,
      into: &products)
    var weights = turned.mutableSpan
    multiply(
      self.triangle.elements.span, triangle, overlaps.span,
      Layout(rows: reflections.rows, columns: block.rows), into: &weights,
      Layout(rows: reflections.rows, columns: block.rows))
    var rest = vectors.elements.mutableSpan
    subtract(
      turned.span, of: reflections.elements.span, reflections.layout, from: &rest, block)
  }
}
