/// A curvature matrix of a network's objective at a fixed θ, as an operator (for the Hessian,
/// Pearlmutter 1994's R-pass; for the others, Schraudolph 2002's products; both for a block of
/// vectors at once).
public struct NetworkCurvature<T: Scalar>: LinearOperator {
  let objective: NetworkObjective<T>
  let parameters: [T]
  public let kind: CurvatureKind
  /// The factor of the identity that the penalty adds.
  private let shift: T
  /// The passes over all samples, or nothing where they would not fit in memory: each product then
  /// makes them anew, one at a time.
  private let kept: [LinearizedChunk<T>]
  /// ḡ, which the gradient covariance takes out.
  private let mean: [T]
  private let chunks: Chunks
  private let parts = Pool<[CurvaturePart<T>]>()

  public var dimension: Int { objective.dimension }

  init(
    _ objective: NetworkObjective<T>, at parameters: [T], _ kind: CurvatureKind, shift: T
  ) {
    self.objective = objective
    self.parameters = parameters
    self.kind = kind
    self.shift = shift
    let chunks = Chunks(of: objective.samples, largest: TangentPass<T>.chunk)
    self.chunks = chunks
    kept =
      objective.keepsPasses
      ? (0..<chunks.count).map {
        LinearizedChunk(objective, at: parameters, rows: chunks[$0], kind)
      } : []
    mean = kind == .gradientCovariance ? objective.lossGradient(at: parameters) : []
  }

  public func apply(_ vectors: Matrix<T>, into products: inout Matrix<T>) {
    checkShapes(vectors, products)
    // As many vectors at once as keep a chunk's tangents within about 16 MiB.
    let widest = objective.network.widths.dropFirst().max() ?? 1
    let block = max(1, min(vectors.rows, (1 << 21) / (widest * chunks.size)))
    for start in stride(from: 0, to: vectors.rows, by: block) {
      apply(vectors, start..<min(start + block, vectors.rows), into: &products)
    }
  }

  /// Multiplies some of the vectors, all of them at once.
  private func apply(_ vectors: Matrix<T>, _ range: Range<Int>, into products: inout Matrix<T>) {
    let pieces = chunks.pieces(accumulating: range.count * dimension)
    parts.withOne {
      []
    } with: { parts in
      while parts.count < pieces.count {
        parts.append(CurvaturePart(objective.network, rows: chunks.size))
      }
      func add(_ part: inout CurvaturePart<T>, _ chunks: Range<Int>) {
        part.reserve(count: range.count, dimension: dimension)
        for c in chunks {
          part.add(
            TangentPass(
              objective: objective, parameters: parameters, chunk: chunk(c), vectors: vectors,
              range: range, hasSecondDerivatives: kind.hasSecondDerivatives))
        }
      }
      if pieces.count > 1 {
        withoutBLASThreads {
          forEachElement(of: &parts, count: pieces.count) { add(&$0, pieces[$1]) }
        }
      } else {
        add(&parts[0], pieces[0])
      }
      finish(parts[..<pieces.count], vectors, range, &products)
    }
  }

  private func chunk(_ c: Int) -> LinearizedChunk<T> {
    kept.isEmpty ? LinearizedChunk(objective, at: parameters, rows: chunks[c], kind) : kept[c]
  }

  /// Adds up the parts of some products, the penalty's among them, and takes out the mean
  /// gradient's.
  private func finish(
    _ parts: ArraySlice<CurvaturePart<T>>, _ vectors: Matrix<T>, _ range: Range<Int>,
    _ products: inout Matrix<T>
  ) {
    let start = range.lowerBound * dimension
    let count = range.count * dimension
    products.elements.withUnsafeMutableBufferPointer { products in
      forEachPiece(of: count) { piece in
        let global = start + piece.lowerBound..<start + piece.upperBound
        var product = products.extracting(global).mutableSpan
        scale(vectors.elements.span.extracting(global), by: shift, into: &product)
        for part in parts { axpy(1, part.sums.span.extracting(piece), into: &product) }
      }
    }
    guard !mean.isEmpty else { return }
    var result = products.elements.mutableSpan
    for v in range {
      let row = v * dimension..<(v + 1) * dimension
      var product = result._mutatingExtracting(row)
      axpy(
        -dot(mean.span, vectors.elements.span.extracting(row)), mean.span, into: &product)
    }
  }
}

/// One thread's buffers, and its part of the products.
private struct CurvaturePart<T: Scalar>: Sendable {
  private var workspace: TangentWorkspace<T>
  /// A product a row.
  private(set) var sums: [T] = []

  init(_ network: FullyConnectedNetwork, rows: Int) {
    workspace = TangentWorkspace(network, rows: rows, count: 1)
  }

  /// Makes room for `count` products of nothing yet.
  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func reserve(count: Int, dimension: Int) {
    workspace.reserve(count: count)
    if sums.count < count * dimension {
      sums = .zeros(count * dimension)
    } else {
      var all = sums.mutableSpan
      var used = all._mutatingExtracting(0..<count * dimension)
      used.update(repeating: 0)
    }
  }

  mutating func add(_ pass: TangentPass<T>) {
    pass.forward(&workspace)
    pass.backward(&workspace, into: &sums)
  }
}

extension NetworkObjective {
  /// Whether the passes over all samples take at most a quarter of the memory that is free.
  fileprivate var keepsPasses: Bool {
    // Activation, slope, bend and δ of a hidden unit; δ and its curvature of an output.
    let units = 4 * network.widths.dropFirst().reduce(0, +)
    return samples * units * MemoryLayout<T>.stride <= MemoryBudget.available() / 4
  }

  /// A curvature matrix as an operator: the forward pass is kept, so a product is only GEMMs and
  /// element-wise multiplications.
  ///
  /// Memory: a few numbers per sample and unit, and in use as many for each vector of a block.
  @specialized(where T == Float)
  @specialized(where T == Double)
  public func curvature(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool
  ) -> NetworkCurvature<T> {
    precondition(parameters.count == dimension, "\(parameters.count) parameters for \(network)")
    return NetworkCurvature(
      self, at: parameters, kind,
      shift: penaltyShift(of: kind, includingPenalty: includingPenalty))
  }
}
