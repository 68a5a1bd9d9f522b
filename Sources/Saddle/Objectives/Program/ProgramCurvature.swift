/// Products with a curvature matrix of any network.
struct ProgramCurvature<T: Scalar>: CurvatureKernel {
  private let objective: NetworkObjective<T>
  private let parameters: [T]
  private let kind: CurvatureKind
  /// The factor of the identity that the penalty adds.
  private let shift: T
  private let chunks: Chunks
  /// All chunks, or none where they would take too much memory.
  private let kept: [ProgramChunk<T>]
  private let passes = Pool<ProgramPass<T>>()
  private let workspaces = Pool<ProgramTangents<T>>()

  private var dimension: Int { objective.dimension }
  var isKept: Bool { !kept.isEmpty }

  init(
    _ objective: NetworkObjective<T>, at parameters: [T], _ kind: CurvatureKind, shift: T,
    memoryLimit: Int
  ) {
    self.objective = objective
    self.parameters = parameters
    self.kind = kind
    self.shift = shift
    let chunks = Chunks(of: objective.samples, largest: ProgramPass<T>.chunk)
    self.chunks = chunks
    let bytes = ProgramChunk<T>.bytesPerSample(objective.program, kind) * objective.samples
    guard bytes <= memoryLimit else {
      kept = []
      return
    }
    let pieces = chunks.pieces(accumulating: 0)
    var parts = [[ProgramChunk<T>]](repeating: [], count: pieces.count)
    let passes = passes
    forEachElement(of: &parts, count: parts.count) { part, i in
      passes.withOne {
        ProgramPass(objective.program, capacity: ProgramPass<T>.chunk)
      } with: { pass in
        part = pieces[i].map {
          ProgramChunk(objective, at: parameters, rows: chunks[$0], kind, &pass)
        }
      }
    }
    kept = Array(parts.joined())
  }

  /// As many vectors at once as keep a chunk's tangents within 64 MiB.
  var block: Int {
    let perDirection = ProgramTangents<T>.elementsPerDirection(
      objective.program, capacity: ProgramPass<T>.chunk)
    return max(1, (1 << 23) / perDirection)
  }

  func apply(_ vectors: Matrix<T>, _ range: Range<Int>, into products: inout Matrix<T>) {
    let count = range.count
    let pieces = chunks.pieces(accumulating: count * dimension)
    let directions = stack(vectors, range)
    var sums = [[T]](repeating: [], count: pieces.count)
    forEachElement(of: &sums, count: sums.count) { sum, i in
      sum = [T](repeating: 0, count: count * dimension)
      workspaces.withOne {
        ProgramTangents(objective.program, capacity: ProgramPass<T>.chunk, count: count)
      } with: { workspace in
        if workspace.count < count {
          workspace = ProgramTangents(
            objective.program, capacity: ProgramPass<T>.chunk, count: count)
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
    guard shift != 0 else { return }
    let all = range.lowerBound * dimension..<range.upperBound * dimension
    var result = products.elements.mutableSpan
    var part = result._mutatingExtracting(all)
    axpy(shift, vectors.elements.span.extracting(all), into: &part)
  }

  private func linearize(_ rows: Range<Int>) -> ProgramChunk<T> {
    passes.withOne {
      ProgramPass(objective.program, capacity: ProgramPass<T>.chunk)
    } with: { pass in
      ProgramChunk(objective, at: parameters, rows: rows, kind, &pass)
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
