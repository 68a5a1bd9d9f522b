/// The spectral density of an operator from its products with random vectors (Ubaru, Chen, Saad
/// 2017; Ghorbani, Krishnan, Xiao 2019; the variant of Chen, Trogdon, Ubaru 2021: vectors uniform
/// on the sphere, so that the law of every figure over the probes is known).
///
/// Memory: three vectors of n elements per probe that runs at once, and nothing more unless vectors
/// are orthogonalized again. Products: steps × probes.
public struct StochasticLanczosQuadrature: Codable, Equatable, Sendable {
  /// The number k of Lanczos steps, nodes per probe.
  public let steps: Int
  public let probes: Int
  public let reorthogonalization: Reorthogonalization
  /// How many bytes the vectors of probes that run at once may take; one probe always runs.
  public let workspace: Int

  /// - Throws: `SpectralEstimateError.invalidSetting` for counts below 1.
  public init(
    steps: Int, probes: Int, reorthogonalization: Reorthogonalization = .none,
    workspace: Int = 1 << 28
  ) throws(SpectralEstimateError) {
    try SpectralEstimateError.require("the number of steps", steps, atLeast: 1)
    try SpectralEstimateError.require("the number of probes", probes, atLeast: 1)
    try SpectralEstimateError.require("the workspace", workspace, atLeast: 0, atMost: .max)
    self.steps = steps
    self.probes = probes
    self.reorthogonalization = reorthogonalization
    self.workspace = workspace
  }

  /// As many steps and probes as a plan asks for.
  public init(
    _ plan: DensityPlan, reorthogonalization: Reorthogonalization = .none
  ) throws(SpectralEstimateError) {
    try self.init(
      steps: plan.steps, probes: plan.probes, reorthogonalization: reorthogonalization)
  }

  /// How many probes run at once on an operator of order n: their vectors fit the workspace.
  public func probesAtOnce<T: Scalar>(order: Int, _: T.Type) -> Int {
    let vectors = reorthogonalization == .full ? 3 + min(steps, order) : 3
    let bytes = vectors * order * MemoryLayout<T>.stride
    return max(1, min(probes, workspace / max(bytes, 1)))
  }

  /// Runs the probes and takes their Gauss rules.
  ///
  /// - Throws: `.emptyOperator`, `.krylov`, `.noConvergence`.
  public func density<Operator: LinearOperator>(
    of matrix: Operator, using generator: inout some RandomNumberGenerator
  ) throws(SpectralEstimateError) -> SpectralDensity {
    let n = matrix.dimension
    guard n > 0 else { throw .emptyOperator }
    let block = probesAtOnce(order: n, Operator.Element.self)
    var quadratures: [ProbeQuadrature] = []
    var products = 0
    while quadratures.count < probes {
      let starts: Matrix<Operator.Element> = ProbeLaw.normal.vectors(
        min(block, probes - quadratures.count), order: n, using: &generator)
      // Without orthogonalization more than n steps are no waste: convergence comes later.
      let steps = reorthogonalization == .full ? min(steps, n) : steps
      let run = try recurrences(on: matrix, from: starts, steps: steps)
      for coefficients in run.coefficients {
        quadratures.append(try ProbeQuadrature(coefficients))
      }
      products += run.products
    }
    return try SpectralDensity(
      dimension: n, probes: quadratures, products: products,
      ulp: Double(Operator.Element.ulpOfOne))
  }

  private func recurrences<Operator: LinearOperator>(
    on matrix: Operator, from starts: consuming Matrix<Operator.Element>, steps: Int
  ) throws(SpectralEstimateError) -> (coefficients: [LanczosCoefficients], products: Int) {
    do throws(KrylovError) {
      let run = try lanczos(matrix, from: starts, steps: steps, reorthogonalization)
      return (run.decompositions.map(\.coefficients), run.products)
    } catch {
      throw .krylov(error)
    }
  }
}
