/// How a gradient's square is shared among the Hessian's eigenvectors: (vᵢᵀg)²/‖g‖² at λᵢ. Newton's
/// step, the decrement and the part of g in the near-kernel are sums over it; none needs a vector.
struct GradientMeasure: Equatable, Sendable {
  /// Ascending.
  let eigenvalues: [Double]
  /// (vᵢᵀg)²/‖g‖², as many: their sum is 1, or less where a Krylov space does not hold all of g's.
  let shares: [Double]
  /// The Lanczos steps that it comes from, as Gauss' rule for the true measure; nil where it is the
  /// measure itself.
  let lanczosSteps: Int?

  /// The largest P of which the measure itself is taken: beyond, reduction in one stage takes longer
  /// than all eigenvalues in two.
  static let exactLimit = 5000

  /// Of all of H: reduced to tridiagonal form from g, the squares of the eigenvectors' first
  /// components are the shares (Golub, Welsch 1969).
  ///
  /// - Throws: `LinearAlgebraError`, `SpectralEstimateError.noConvergence`.
  init(of gradient: [Double], in hessian: consuming Matrix<Double>) throws {
    let reduced = try KrylovReduction(hessian, from: gradient)
    // The reduction from g leaves large entries at the top and small ones at the bottom, which QL
    // iterations want the other way round (Parlett 1998, §8.14): the first component is then the last.
    let rule = try TridiagonalQuadrature(
      diagonal: reduced.diagonal.reversed(), offDiagonal: reduced.offDiagonal.reversed())
    eigenvalues = rule.values
    shares = rule.last.map { $0 * $0 }
    lanczosSteps = nil
  }

  /// Of all of H where that is at hand soon enough, else of a Krylov space of g; also where QL
  /// iterations give up, since a Krylov space still tells most, and never says "critical".
  ///
  /// - Throws: `LinearAlgebraError`, `CriticalPointError.krylov`.
  init(
    of gradient: [Double], in hessian: consuming Matrix<Double>,
    of objective: some Objective<Double>, at parameters: [Double]
  ) throws {
    if hessian.rows <= Self.exactLimit {
      do {
        self = try GradientMeasure(of: gradient, in: consume hessian)
        return
      } catch SpectralEstimateError.noConvergence {}
    }
    try self.init(
      CurvatureModes(of: objective.linearized(at: parameters), aroundGradient: gradient),
      of: gradient)
  }

  /// Of all of H, whose eigenpairs are known.
  init(_ eigenpairs: VerifiedEigenpairs) {
    eigenvalues = eigenpairs.values
    shares = eigenpairs.gradientShares
    lanczosSteps = nil
  }

  /// Of H's Ritz values in a Krylov space of g.
  private init(_ modes: CurvatureModes<Double>, of gradient: [Double]) {
    let length = gradient.norm
    eigenvalues = modes.values
    shares = modes.components(of: gradient).map { $0 / length * ($0 / length) }
    lanczosSteps = modes.values.count
  }

  /// Σ (vᵢᵀg)²/‖g‖²·f(λᵢ) over the eigenvalues that are wanted.
  func sum(
    _ includes: (Double) -> Bool = { _ in true }, _ value: (Double) -> Double = { _ in 1 }
  ) -> Double {
    zip(eigenvalues, shares).reduce(0) { sum, mode in
      includes(mode.0) ? sum + mode.1 * value(mode.0) : sum
    }
  }

  /// √(Σ (vᵢᵀg)²/‖g‖²·f(λᵢ)²) over them, where squares of f may be beyond all numbers.
  func length(_ includes: (Double) -> Bool, _ value: (Double) -> Double) -> Double {
    zip(eigenvalues, shares).map { includes($0) ? $1.squareRoot() * value($0) : 0 }.norm
  }
}
