/// A curvature matrix of a layered network's objective at a fixed θ, as an operator.
///
/// The Hessian's products are Pearlmutter's R-pass (1994), the other kinds' Schraudolph's (2002),
/// for a block of vectors at once.
public struct LayeredCurvature<T: Scalar>: LinearOperator {
  let objective: LayeredObjective<T>
  let parameters: [T]
  public let kind: CurvatureKind
  /// The factor of the identity that the penalty adds.
  private let shift: T
  private let chunks: Chunks
  /// All chunks, or none where they would take too much memory.
  private let kept: [LayeredChunk<T>]
  /// ḡ, which the gradient covariance takes out.
  private let mean: [T]
  private let passes = Pool<LayeredPass<T>>()
  private let workspaces = Pool<LayeredTangents<T>>()

  public var dimension: Int { objective.dimension }

  /// Whether products share a pass that is kept.
  public var isKept: Bool { !kept.isEmpty }

  init(
    _ objective: LayeredObjective<T>, at parameters: [T], _ kind: CurvatureKind, shift: T,
    memoryLimit: Int
  ) {
    self.objective = objective
    self.parameters = parameters
    self.kind = kind
    self.shift = shift
    let chunks = Chunks(of: objective.samples, largest: LayeredPass<T>.chunk)
    self.chunks = chunks
    mean = kind == .gradientCovariance ? objective.lossGradient(at: parameters) : []
    let bytes = LayeredChunk<T>.bytesPerSample(objective.program, kind) * objective.samples
    guard bytes <= memoryLimit else {
      kept = []
      return
    }
    let pieces = chunks.pieces(accumulating: 0)
    var parts = [[LayeredChunk<T>]](repeating: [], count: pieces.count)
    let passes = passes
    forEachElement(of: &parts, count: parts.count) { part, i in
      passes.withOne {
        LayeredPass(objective.program, capacity: LayeredPass<T>.chunk)
      } with: { pass in
        part = pieces[i].map {
          LayeredChunk(objective, at: parameters, rows: chunks[$0], kind, &pass)
        }
      }
    }
    kept = Array(parts.joined())
  }

  public func apply(_ vectors: Matrix<T>, into products: inout Matrix<T>) {
    checkShapes(vectors, products)
    // As many vectors at once as keep a chunk's tangents within 64 MiB.
    let perDirection = LayeredTangents<T>.elementsPerDirection(
      objective.program, capacity: LayeredPass<T>.chunk)
    let block = max(1, min(vectors.rows, (1 << 23) / perDirection))
    for start in stride(from: 0, to: vectors.rows, by: block) {
      apply(vectors, start..<min(start + block, vectors.rows), block: block, into: &products)
    }
  }

  /// Multiplies some of the vectors, all of them at once.
  private func apply(
    _ vectors: Matrix<T>, _ range: Range<Int>, block: Int, into products: inout Matrix<T>
  ) {
    let count = range.count
    let pieces = chunks.pieces(accumulating: count * dimension)
    let directions = stack(vectors, range)
    var sums = [[T]](repeating: [], count: pieces.count)
    forEachElement(of: &sums, count: sums.count) { sum, i in
      sum = [T](repeating: 0, count: count * dimension)
      workspaces.withOne {
        LayeredTangents(objective.program, capacity: LayeredPass<T>.chunk, count: block)
      } with: { workspace in
        if workspace.count < count {
          workspace = LayeredTangents(
            objective.program, capacity: LayeredPass<T>.chunk, count: block)
        }
        var target = sum.mutableSpan
        for chunk in pieces[i] {
          let linear = kept.isEmpty ? linearize(chunks[chunk]) : kept[chunk]
          workspace.multiply(
            linear, at: parameters.span, directions: directions.span, count: count,
            hasSecondDerivatives: kind.hasSecondDerivatives, scale: 1 / T(objective.samples),
            into: &target)
        }
      }
    }
    for sum in sums.dropFirst() {
      var total = sums[0].mutableSpan
      axpy(1, sum.span, into: &total)
    }
    unstack(sums[0], range, into: &products)
    finish(vectors, range, &products)
  }

  private func linearize(_ rows: Range<Int>) -> LayeredChunk<T> {
    passes.withOne {
      LayeredPass(objective.program, capacity: LayeredPass<T>.chunk)
    } with: { pass in
      LayeredChunk(objective, at: parameters, rows: rows, kind, &pass)
    }
  }

  /// The penalty's part, and the mean gradient's, which the covariance takes out.
  private func finish(_ vectors: Matrix<T>, _ range: Range<Int>, _ products: inout Matrix<T>) {
    for v in range {
      let row = v * dimension..<(v + 1) * dimension
      let vector = vectors.elements.span.extracting(row)
      var result = products.elements.mutableSpan
      var part = result._mutatingExtracting(row)
      if shift != 0 { axpy(shift, vector, into: &part) }
      if !mean.isEmpty { axpy(-dot(mean.span, vector), mean.span, into: &part) }
    }
  }

  /// For every parameter block the parts of some vectors, one below the other.
  private func stack(_ vectors: Matrix<T>, _ range: Range<Int>) -> [T] {
    guard range.count > 1 else { return vectors.row(range.lowerBound) }
    var result: [T] = []
    result.reserveCapacity(range.count * dimension)
    for block in objective.parameterBlocks {
      for v in range {
        let start = v * dimension
        result +=
          vectors.elements[
            start + block.range.lowerBound..<start + block.range.upperBound]
      }
    }
    return result
  }

  /// The inverse of `stack`.
  private func unstack(_ stacked: [T], _ range: Range<Int>, into products: inout Matrix<T>) {
    var result = products.elements.mutableSpan
    var at = 0
    for block in objective.parameterBlocks {
      for v in range {
        let start = v * dimension
        var part = result._mutatingExtracting(
          start + block.range.lowerBound..<start + block.range.upperBound)
        copy(stacked.span.extracting(at..<at + block.range.count), into: &part)
        at += block.range.count
      }
    }
  }
}
