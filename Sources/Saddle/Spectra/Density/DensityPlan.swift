/// How many steps and probes stochastic Lanczos quadrature takes for a wanted error.
///
/// With k ≥ 12/t + ½ and m ≥ 4·ln(2n/η)/((n + 2)·t²) the Wasserstein-1 distance of the mean measure
/// to the eigenvalues' is at most t·(λmax − λmin) with probability at least 1 − η (Chen, Trogdon,
/// Ubaru 2021, theorem 1), in exact arithmetic and for probes uniform on the sphere. The bound is
/// far from sharp: observed errors lie one to two orders of magnitude below. `SpectralDensity`
/// estimates the error that was reached.
public struct DensityPlan: Codable, Equatable, Sendable {
  /// The order n of the operator.
  public let dimension: Int
  /// t: the wanted distance, relative to λmax − λmin.
  public let error: Double
  /// η.
  public let failureProbability: Double
  public let steps: Int
  public let probes: Int

  /// Products with a vector in all.
  public var products: Int { steps * probes }

  /// - Throws: `SpectralEstimateError.invalidSetting` unless n ≥ 1 and t and η lie between 0 and 1,
  ///   and where t is so small that the counts are no integers of this machine.
  public init(
    dimension n: Int, error t: Double, failureProbability η: Double = 0.05
  ) throws(SpectralEstimateError) {
    try SpectralEstimateError.require("the operator's order", n, atLeast: 1)
    try SpectralEstimateError.require("the wanted error", t, above: 0, below: 1)
    try SpectralEstimateError.require("the failure probability", η, above: 0, below: 1)
    let steps = (12 / t + 0.5).rounded(.up)
    let probes = (4 * portableLog(2 * Double(n) / η) / (Double(n + 2) * t * t)).rounded(.up)
    guard steps * probes < 0x1p62 else {
      throw .invalidSetting(
        "the wanted error", value: t, requirement: "larger: 2⁶² products do not do")
    }
    dimension = n
    error = t
    failureProbability = η
    self.steps = Int(steps)
    self.probes = Int(probes)
  }
}
