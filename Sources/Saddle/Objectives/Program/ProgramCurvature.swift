/// Products with a curvature matrix of any network.
struct ProgramCurvature<T: Scalar>: CurvatureKernel {
  private let objective: NetworkObjective<T>
  private let parameters: [T]
  private let kind: CurvatureKind
  /// The factor of the identity that the penalty adds.
  private let shift: T
  private let blocks: [Range<Int>]
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
    blocks = objective.parameterBlocks.map(\.range)
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
    let directions = StackedVectors(vectors, range, blocks: blocks)
    let all = directions.all(0..<dimension)
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
            linear, at: parameters.span, directions: directions.elements.span.extracting(all), count: count,
            hasSecondDerivatives: kind.hasSecondDerivatives, scale: 1 / T(objective.samples),
            into: &target)
        }
      }
    }
    directions.unstack(sums, adding: shift, into: &products)
  }

  private func linearize(_ rows: Range<Int>) -> ProgramChunk<T> {
    passes.withOne {
      ProgramPass(objective.program, capacity: ProgramPass<T>.chunk)
    } with: { pass in
      ProgramChunk(objective, at: parameters, rows: rows, kind, &pass)
    }
  }
}
