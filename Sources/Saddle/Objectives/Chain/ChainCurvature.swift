/// Products with a curvature matrix of dense layers in a row.
///
/// Memory: a few numbers per sample and unit where passes are kept, and in use as many for each
/// vector of a block.
struct ChainCurvature<T: Scalar>: CurvatureKernel {
  private let objective: NetworkObjective<T>
  private let chain: DenseChain
  private let parameters: [T]
  private let kind: CurvatureKind
  /// The factor of the identity that the penalty adds.
  private let shift: T
  /// The passes over all samples, or nothing where they would take too much memory: each product
  /// then makes them anew, one at a time.
  private let kept: [ChainChunk<T>]
  private let chunks: Chunks
  private let parts = Pool<[CurvaturePart<T>]>()
  /// The parameters, in blocks of weights and of biases.
  private let blocks: [Range<Int>]

  private var dimension: Int { objective.dimension }
  var isKept: Bool { !kept.isEmpty }

  init(
    _ objective: NetworkObjective<T>, _ chain: DenseChain, at parameters: [T],
    _ kind: CurvatureKind, shift: T, memoryLimit: Int
  ) {
    self.objective = objective
    self.chain = chain
    self.parameters = parameters
    self.kind = kind
    self.shift = shift
    blocks = objective.parameterBlocks.map(\.range)
    let chunks = Chunks(of: objective.samples, largest: ChainTangents<T>.chunk)
    self.chunks = chunks
    // Activation, slope, bend and δ of a hidden unit; δ and its curvature of an output.
    let units = 4 * chain.layers.reduce(0) { $0 + $1.outputs }
    kept =
      objective.samples * units * MemoryLayout<T>.stride <= memoryLimit
      ? (0..<chunks.count).map {
        ChainChunk(objective, chain, at: parameters, rows: chunks[$0], kind)
      } : []
  }

  /// As many vectors at once as keep a chunk's tangents within about 16 MiB.
  var block: Int { (1 << 21) / (chain.widest * chunks.size) }

  func apply(_ vectors: Matrix<T>, _ range: Range<Int>, into products: inout Matrix<T>) {
    let pieces = chunks.pieces(accumulating: range.count * dimension)
    let directions = StackedVectors(vectors, range, blocks: blocks)
    parts.withOne {
      []
    } with: { parts in
      while parts.count < pieces.count {
        parts.append(CurvaturePart(chain, rows: chunks.size))
      }
      func add(_ part: inout CurvaturePart<T>, _ chunks: Range<Int>) {
        part.reserve(count: range.count, dimension: dimension)
        for c in chunks {
          part.add(
            ChainTangents(
              objective: objective, chain: chain, parameters: parameters, chunk: chunk(c),
              directions: directions, hasSecondDerivatives: kind.hasSecondDerivatives))
        }
      }
      forEachElement(of: &parts, count: pieces.count) { add(&$0, pieces[$1]) }
      directions.unstack(parts[..<pieces.count].map(\.sums), adding: shift, into: &products)
    }
  }

  private func chunk(_ c: Int) -> ChainChunk<T> {
    kept.isEmpty ? ChainChunk(objective, chain, at: parameters, rows: chunks[c], kind) : kept[c]
  }
}

/// One thread's buffers, and its part of the products.
private struct CurvaturePart<T: Scalar>: Sendable {
  private var workspace: TangentWorkspace<T>
  /// Stacked products.
  private(set) var sums: [T] = []

  init(_ chain: DenseChain, rows: Int) {
    workspace = TangentWorkspace(chain, rows: rows, count: 1)
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

  mutating func add(_ pass: ChainTangents<T>) {
    pass.forward(&workspace)
    pass.backward(&workspace, into: &sums)
  }
}
