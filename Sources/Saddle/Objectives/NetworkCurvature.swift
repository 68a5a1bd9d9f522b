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
  private let workspaces = Pool<TangentWorkspace<T>>()

  public var dimension: Int { objective.dimension }

  init(
    _ objective: NetworkObjective<T>, at parameters: [T], _ kind: CurvatureKind, shift: T
  ) {
    self.objective = objective
    self.parameters = parameters
    self.kind = kind
    self.shift = shift
    kept =
      objective.keepsPasses
      ? objective.chunks.map { LinearizedChunk(objective, at: parameters, rows: $0, kind) } : []
    mean = kind == .gradientCovariance ? objective.lossGradient(at: parameters) : []
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  public func apply(_ vectors: Matrix<T>, into products: inout Matrix<T>) {
    checkShapes(vectors, products)
    var result = products.elements.mutableSpan
    if shift == 0 {
      result.update(repeating: 0)
    } else {
      scale(vectors.elements.span, by: shift, into: &result)
    }
    // As many vectors at once as keep a chunk's tangents within about 32 MiB.
    let widest = objective.network.widths.dropFirst().max() ?? 1
    let block = max(1, min(vectors.rows, (1 << 22) / (widest * NetworkObjective<T>.chunk)))
    workspaces.withOne {
      TangentWorkspace(
        objective.network, rows: min(objective.samples, NetworkObjective<T>.chunk), count: block)
    } with: { workspace in
      workspace.reserve(count: block)
      for start in stride(from: 0, to: vectors.rows, by: block) {
        let range = start..<min(start + block, vectors.rows)
        for (c, rows) in objective.chunks.enumerated() {
          let chunk =
            kept.isEmpty ? LinearizedChunk(objective, at: parameters, rows: rows, kind) : kept[c]
          let pass = TangentPass(
            objective: objective, parameters: parameters, chunk: chunk, vectors: vectors,
            range: range, hasSecondDerivatives: kind.hasSecondDerivatives)
          pass.forward(&workspace)
          pass.backward(&workspace, into: &products)
        }
      }
    }
    guard !mean.isEmpty else { return }
    for v in 0..<vectors.rows {
      let row = v * dimension..<(v + 1) * dimension
      let overlap = dot(mean.span, vectors.elements.span.extracting(row))
      var result = products.elements.mutableSpan
      var part = result._mutatingExtracting(row)
      axpy(-overlap, mean.span, into: &part)
    }
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
      shift: includingPenalty && kind.seesPenalty ? weightDecay : 0)
  }
}
