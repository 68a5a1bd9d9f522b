/// Eigenpairs at the ends of a symmetric operator's spectrum, by the locally optimal block
/// preconditioned conjugate gradient method (Knyazev 2001, SIAM J. Sci. Comput. 23).
///
/// Each step takes the best pairs from the span of the vectors X, their preconditioned residuals W
/// and the last directions P. The three are kept orthonormal, P by an orthonormalization of its
/// weights (Hetmaniuk, Lehoucq 2006; Duersch et al. 2018, algorithm 5), since the plain basis loses
/// its rank near convergence. Pairs that have converged stay in X and get no new direction (soft
/// locking).
///
/// It sees copies of an eigenvalue up to the block's size at once, and it does not look for what it
/// missed: `ThickRestartLanczos` does, and takes fewer products without a preconditioner.
public struct LOBPCG<T: Scalar>: Sendable {
  public let ends: SpectralEnds
  /// As in `ThickRestartLanczos`.
  public let tolerance: T
  /// Vectors iterated beside the wanted ones, at each end, so that those converge at the rate of a
  /// gap further in.
  public let guards: Int
  /// Products with one vector each.
  public let maximumProducts: Int

  /// - Throws: `KrylovError.invalid` naming the setting that is out of range.
  public init(
    ends: SpectralEnds, tolerance: T = T.ulpOfOne.squareRoot(), guards: Int = 2,
    maximumProducts: Int = 5000
  ) throws(KrylovError) {
    try KrylovError.require("k", Double(ends.k), "0 or more", ends.k >= 0)
    try KrylovError.require(
      "tolerance", Double(tolerance), "from 0 to below 1", tolerance >= 0 && tolerance < 1)
    try KrylovError.require("guards", Double(guards), "0 or more", guards >= 0)
    try KrylovError.require(
      "maximumProducts", Double(maximumProducts), "1 or more", maximumProducts >= 1)
    self.ends = ends
    self.tolerance = max(tolerance, 32 * T.ulpOfOne)
    self.guards = guards
    self.maximumProducts = maximumProducts
  }

  /// Finds the pairs of `map`, those in the span of `deflated` left out.
  ///
  /// Memory: about ten vectors for each one that is iterated.
  /// - Parameters:
  ///   - preconditioner: the diagonal of a positive definite approximate inverse (n elements); the
  ///     identity where nil.
  ///   - deflated: as in `ThickRestartLanczos.run`.
  ///   - start: rows to begin from; random ones are added.
  /// - Returns: the pairs, ascending; `search` and gap bounds are nil.
  /// - Throws: `KrylovError`, as `ThickRestartLanczos.run`.
  public func run(
    on map: some LinearOperator<T>, preconditioner: [T]? = nil,
    deflating deflated: Matrix<T>? = nil, startingFrom start: Matrix<T>? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws(KrylovError) -> EigenpairResult<T> {
    let order = map.dimension
    try requireVectors(deflated, "vectors to deflate", order: order)
    try requireVectors(start, "vectors to start from", order: order)
    if let preconditioner {
      guard preconditioner.count == order, preconditioner.allSatisfy({ $0 > 0 && $0.isFinite })
      else {
        throw .badVectors("a preconditioner needs \(order) positive finite elements")
      }
    }
    let rest = order - (deflated?.rows ?? 0)
    let wanted = ends.count(order: max(rest, 0))
    guard wanted > 0, rest > 0 else { return .empty(order: order) }
    var sides = 1
    if case .bothEnds = ends { sides = 2 }
    var state = try LOBPCGState(
      map, settings: self, width: min(rest, wanted + sides * guards), deflated: deflated,
      start: start, using: &generator)
    var ending = EigenpairEnding.converged
    while !state.hasConverged(wanted) {
      if state.products >= maximumProducts {
        ending = .budgetSpent
        break
      }
      guard try state.step(map, preconditioner) else { break }
    }
    let positions = ends.preference(state.values).prefix(wanted).sorted()
    let vectors = Matrix(
      rows: positions.count, columns: order, elements: positions.flatMap(state.vectors.row))
    let check = try EigenpairCheck(vectors, of: map, block: wanted, scale: state.scale)
    let threshold = tolerance * state.scale
    if ending == .converged, check.residuals.contains(where: { !($0 <= threshold) }) {
      ending = .stalled
    }
    return EigenpairResult(
      values: check.values, vectors: check.vectors, residuals: check.residuals,
      errorBounds: check.errorBounds,
      gapBounds: [T?](repeating: nil, count: check.values.count), jointBound: check.jointBound,
      orthogonalityDefect: check.orthogonalityDefect, threshold: threshold, steps: state.steps,
      products: state.products + wanted, ending: ending, search: nil)
  }
}
