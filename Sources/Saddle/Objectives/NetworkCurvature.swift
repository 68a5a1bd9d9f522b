/// A curvature matrix of a network's objective at a fixed θ, as an operator (for the Hessian,
/// Pearlmutter 1994's R-pass; for the others, Schraudolph 2002's products; both for a block of
/// vectors at once).
public struct NetworkCurvature<T: Scalar>: LinearOperator {
  public let kind: CurvatureKind
  private let kernel: any CurvatureKernel<T>
  /// ḡ, which the gradient covariance takes out.
  private let mean: [T]

  public let dimension: Int

  /// Whether the passes over all samples are kept, so that a product is only GEMMs and element-wise
  /// multiplications; else each product makes them anew.
  public var isKept: Bool { kernel.isKept }

  init(
    _ objective: NetworkObjective<T>, at parameters: [T], _ kind: CurvatureKind, shift: T,
    memoryLimit: Int
  ) {
    self.kind = kind
    dimension = objective.dimension
    kernel =
      if let chain = objective.chain {
        ChainCurvature(
          objective, chain, at: parameters, kind, shift: shift, memoryLimit: memoryLimit)
      } else {
        ProgramCurvature(objective, at: parameters, kind, shift: shift, memoryLimit: memoryLimit)
      }
    mean = kind.matrix.secondMoment != nil ? objective.lossGradient(at: parameters) : []
  }

  public func apply(_ vectors: Matrix<T>, into products: inout Matrix<T>) {
    checkShapes(vectors, products)
    let block = min(max(kernel.block, 1), max(vectors.rows, 1))
    for start in stride(from: 0, to: vectors.rows, by: block) {
      let range = start..<min(start + block, vectors.rows)
      kernel.apply(vectors, range, into: &products)
      takeOutMean(vectors, range, &products)
    }
  }

  private func takeOutMean(
    _ vectors: Matrix<T>, _ range: Range<Int>, _ products: inout Matrix<T>
  ) {
    guard !mean.isEmpty else { return }
    var result = products.elements.mutableSpan
    for v in range {
      let row = v * dimension..<(v + 1) * dimension
      var product = result._mutatingExtracting(row)
      axpy(-dot(mean.span, vectors.elements.span.extracting(row)), mean.span, into: &product)
    }
  }
}

/// How a kernel multiplies vectors by a curvature matrix: α·I and all of the samples' parts, but for
/// the mean gradient's.
protocol CurvatureKernel<T>: Sendable {
  associatedtype T: Scalar
  /// The most vectors that are multiplied at once.
  var block: Int { get }
  var isKept: Bool { get }
  /// Multiplies some of the vectors, all of them at once.
  func apply(_ vectors: Matrix<T>, _ range: Range<Int>, into products: inout Matrix<T>)
}

extension NetworkObjective {
  public func curvature(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool
  ) -> NetworkCurvature<T> {
    curvature(
      kind, at: parameters, includingPenalty: includingPenalty,
      keepingAtMost: MemoryBudget.available() / 4)
  }

  /// A curvature matrix as an operator: what its products share is kept, so that a product is only
  /// GEMMs and element-wise multiplications, or, where that takes more than so many bytes (a quarter
  /// of the memory that is free unless told otherwise), computed anew for each product.
  public func curvature(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool, keepingAtMost bytes: Int
  ) -> NetworkCurvature<T> {
    checkDimension(parameters)
    return NetworkCurvature(
      self, at: parameters, kind, shift: penaltyShift(of: kind, includingPenalty: includingPenalty),
      memoryLimit: bytes)
  }
}
