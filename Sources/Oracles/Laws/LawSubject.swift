/// A law of random matrices as somebody computes it, as the oracles see it.
///
/// What it cannot do is left nil, and the oracles of that are not asked.
public struct LawSubject: Sendable {
  /// What it says that it is.
  public enum Law: Sendable, Hashable {
    /// Wigner's, on [center − radius, center + radius].
    case semicircle(center: Double = 0, radius: Double)
    /// The limit of shift + scale·XXᵀ/m, X p × m of variance 1, p/m → ratio.
    case marchenkoPastur(ratio: Double, scale: Double = 1, shift: Double = 0)
    /// The same with a semicircle of this variance freely added.
    case freeConvolution(variance: Double, ratio: Double, scale: Double = 1, shift: Double = 0)
    /// Of the largest eigenvalue, β = 1 or 2.
    case tracyWidom(beta: Int)
    /// Of neighbours at mean distance 1: independent ones for β = 0, Wigner's surmise for 1 and 2.
    case spacings(beta: Int)
    /// Of the smaller over the larger of two consecutive spacings of 3 × 3 matrices.
    case spacingRatios(beta: Int)
    /// Of sup |Fₙ − F| over so many independent draws.
    case kolmogorov(count: Int)
    /// The variance of the number of levels in an interval, by its length from 1 on.
    case numberVariance(beta: Int)
    /// GOE's eigenvalues to levels of mean spacing 1.
    case unfolding
  }

  public typealias Function = @Sendable (Double) throws -> Double

  public let law: Law
  /// Of the continuous part.
  public let density: Function?
  /// P(X ≤ x).
  public let cumulative: Function?
  /// P(X > x); with it the upper tail is held to its digits.
  public let survival: Function?
  /// inf {x : P(X ≤ x) ≥ p}.
  public let quantile: Function?
  let numberVariance: Function?
  let unfold: (@Sendable ([Double]) throws -> [Double])?

  public init(
    _ law: Law, density: Function? = nil, cumulative: Function? = nil, survival: Function? = nil,
    quantile: Function? = nil
  ) {
    self.law = law
    self.density = density
    self.cumulative = cumulative
    self.survival = survival
    self.quantile = quantile
    numberVariance = nil
    unfold = nil
  }

  private init(
    _ law: Law, numberVariance: Function? = nil,
    unfold: (@Sendable ([Double]) throws -> [Double])? = nil
  ) {
    self.law = law
    density = nil
    cumulative = nil
    survival = nil
    quantile = nil
    self.numberVariance = numberVariance
    self.unfold = unfold
  }

  /// - Parameter curve: by the interval's length.
  public static func numberVariance(beta: Int, _ curve: @escaping Function) -> LawSubject {
    LawSubject(.numberVariance(beta: beta), numberVariance: curve)
  }

  /// - Parameter unfold: of ascending eigenvalues of an n × n GOE matrix with off-diagonal variance
  ///   1.
  public static func unfolding(
    _ unfold: @escaping @Sendable ([Double]) throws -> [Double]
  ) -> LawSubject {
    LawSubject(.unfolding, unfold: unfold)
  }

  /// P(X > x), by itself where the subject has it.
  func upper(_ x: Double) throws -> Double? {
    if let survival { return try survival(x) }
    guard let cumulative else { return nil }
    return 1 - (try cumulative(x))
  }
}
