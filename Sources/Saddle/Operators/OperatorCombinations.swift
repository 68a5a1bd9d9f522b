// Operators made of others. Each acts on a block of vectors at once, through the block products of
// what it is made of.

/// Σ cᵢ·Aᵢ + σ·I: sums, multiples and shifts of operators of one order.
public struct OperatorSum<Element: Scalar>: LinearOperator {
  public struct Term: Sendable {
    public let factor: Element
    public let matrix: any LinearOperator<Element>

    public init(_ factor: Element, _ matrix: any LinearOperator<Element>) {
      self.factor = factor
      self.matrix = matrix
    }
  }

  public let terms: [Term]
  /// σ.
  public let shift: Element
  public let dimension: Int

  /// - Precondition: at least one term, all of one order.
  public init(_ terms: [Term], shift: Element = 0) {
    precondition(!terms.isEmpty, "a sum of no operators has no order")
    dimension = terms[0].matrix.dimension
    for term in terms {
      precondition(
        term.matrix.dimension == dimension,
        "operators of orders \(dimension) and \(term.matrix.dimension) in a sum")
    }
    self.terms = terms
    self.shift = shift
  }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    checkShapes(vectors, products)
    var result = products.elements.mutableSpan
    scale(vectors.elements.span, by: shift, into: &result)
    var part = Matrix<Element>(rows: vectors.rows, columns: vectors.columns)
    for term in terms {
      term.matrix.apply(vectors, into: &part)
      var result = products.elements.mutableSpan
      axpy(term.factor, part.elements.span, into: &result)
    }
  }
}

extension LinearOperator {
  /// c·A + σ·I.
  public func scaled(by factor: Element, shiftedBy shift: Element = 0) -> OperatorSum<Element> {
    OperatorSum([.init(factor, self)], shift: shift)
  }

  /// A + B.
  public func adding(_ other: some LinearOperator<Element>) -> OperatorSum<Element> {
    OperatorSum([.init(1, self), .init(1, other)])
  }

  /// The principal submatrix of some coordinates: a layer's or a block's part of the matrix.
  public func restricted(to coordinates: Range<Int>) -> RestrictedOperator<Self> {
    RestrictedOperator(self, [coordinates])
  }

  /// (I − QᵀQ)·A·(I − QᵀQ) for orthonormal rows Q (k × n): A where its known null vectors, or any
  /// others, are taken out and have eigenvalue 0.
  public func deflated(by basis: Matrix<Element>) -> DeflatedOperator<Self> {
    DeflatedOperator(self, by: basis)
  }
}

/// The principal submatrix of an operator on some coordinates.
public struct RestrictedOperator<Base: LinearOperator>: LinearOperator {
  public typealias Element = Base.Element
  public let base: Base
  /// None overlaps another.
  public let coordinates: [Range<Int>]
  public let dimension: Int

  init(_ base: Base, _ coordinates: [Range<Int>]) {
    var end = 0
    for range in coordinates.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      precondition(
        range.lowerBound >= end && range.upperBound <= base.dimension,
        "coordinates \(coordinates) of an operator of order \(base.dimension)")
      end = range.upperBound
    }
    self.base = base
    self.coordinates = coordinates
    dimension = coordinates.reduce(0) { $0 + $1.count }
  }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    checkShapes(vectors, products)
    var whole = Matrix<Element>(rows: vectors.rows, columns: base.dimension)
    forEachPart(of: vectors.rows) { own, base in
      whole.elements.replaceSubrange(base, with: vectors.elements[own])
    }
    let image = base.apply(whole)
    forEachPart(of: vectors.rows) { own, base in
      products.elements.replaceSubrange(own, with: image.elements[base])
    }
  }

  /// Where each range of each row stands here and in the whole.
  private func forEachPart(of rows: Int, _ body: (_ own: Range<Int>, _ base: Range<Int>) -> Void) {
    var start = 0
    for v in 0..<rows {
      let row = v * base.dimension
      for range in coordinates {
        body(start..<start + range.count, row + range.lowerBound..<row + range.upperBound)
        start += range.count
      }
    }
  }
}

/// An operator between projections off some orthonormal vectors.
public struct DeflatedOperator<Base: LinearOperator>: LinearOperator {
  public typealias Element = Base.Element
  public let base: Base
  /// Q, k × n, orthonormal rows.
  public let basis: Matrix<Element>
  public var dimension: Int { base.dimension }

  init(_ base: Base, by basis: Matrix<Element>) {
    precondition(
      basis.columns == base.dimension,
      "vectors of \(basis.columns) elements for an operator of order \(base.dimension)")
    self.base = base
    self.basis = basis
  }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    checkShapes(vectors, products)
    var inside = vectors
    project(&inside)
    base.apply(inside, into: &products)
    project(&products)
  }

  /// v ← v − Qᵀ(Qv) for every row.
  private func project(_ vectors: inout Matrix<Element>) {
    var overlaps = [Element].zeros(basis.rows * vectors.rows)
    var products = overlaps.mutableSpan
    let layout = vectors.layout
    overlap(
      basis.elements.span, basis.layout, with: vectors.elements.span, layout, into: &products)
    var rest = vectors.elements.mutableSpan
    subtract(overlaps.span, of: basis.elements.span, basis.layout, from: &rest, layout)
  }
}
