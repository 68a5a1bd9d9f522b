/// Backward passes of the vectors u with Bₙ = Σ uuᵀ: what they bring to a layer or a parameter is Jₙᵀu,
/// and a curvature matrix (1/N) Σₙ JₙᵀBₙJₙ the mean of its squares.
struct CurvatureRoots<T: Scalar>: Sendable {
  let objective: NetworkObjective<T>
  let parameters: [T]
  let kind: CurvatureKind
  /// The samples that are taken at once.
  let chunk: Int
  private let passes = Pool<ProgramPass<T>>()

  /// - Parameter chunk: no more than a pass takes; nil for that many.
  /// - Throws: `ApproximationError.unsupported` for a matrix that is no such mean.
  init(
    of objective: NetworkObjective<T>, at parameters: [T], _ kind: CurvatureKind, chunk: Int? = nil
  ) throws(ApproximationError) {
    objective.checkDimension(parameters)
    guard !kind.hasSecondDerivatives, kind.matrix.secondMoment == nil else {
      throw .unsupported(kind)
    }
    self.objective = objective
    self.parameters = parameters
    self.kind = kind
    self.chunk = chunk ?? ProgramPass<T>.chunk
  }

  /// Gives `add` a pass of each chunk of samples for each of its vectors u, which stand as ∂L/∂outputs
  /// and are still to be carried back; on `isFirst` the chunk is new.
  ///
  /// - Returns: Sums of pieces of the samples, to be added in their order.
  func sums<Sum: Sendable>(
    from zero: Sum, size: Int,
    _ add: @Sendable (inout Sum, inout ProgramPass<T>, _ isFirst: Bool) -> Void
  ) -> [Sum] {
    let chunks = Chunks(of: objective.samples, largest: chunk)
    let pieces = chunks.pieces(accumulating: size)
    var sums = [Sum](repeating: zero, count: pieces.count)
    forEachElement(of: &sums, count: sums.count) { sum, i in
      passes.withOne {
        ProgramPass(objective.program, capacity: ProgramPass<T>.chunk)
      } with: { pass in
        for c in pieces[i] {
          let linear = ProgramChunk(objective, at: parameters, rows: chunks[c], kind, &pass)
          for root in 0..<linear.outputs.rootCount {
            pass.setErrors(linear.outputs.root(root, samples: linear.rows.count))
            add(&sum, &pass, root == 0)
          }
        }
      }
    }
    return sums
  }
}

/// Why a curvature matrix has no such approximation.
public enum ApproximationError: Error, Equatable, CustomStringConvertible {
  /// It is no mean of squares of gradients.
  case unsupported(CurvatureKind)
  /// A damping that leaves an eigenvalue that is not above zero.
  case notDefinite(least: Double)
  case linearAlgebra(LinearAlgebraError)

  public var description: String {
    switch self {
    case .unsupported(let kind):
      "the \(kind) matrix is no mean of squares of gradients, as this needs: take Gauss–Newton, Fisher, "
        + "its Monte-Carlo form or the empirical one"
    case .notDefinite(let least):
      "the least eigenvalue is \(least): a damping above \(-least) makes it invertible"
    case .linearAlgebra(let error): "a layer's factor: \(error)"
    }
  }
}
