/// How many eigenvalues are negative, about zero and positive, as a function of the tolerance,
/// without one of them being computed (except the largest, which tolerances are relative to).
///
/// Two factorizations per tolerance, one at 0, in the matrix's own storage; see `ShiftedInertia`
/// for when a count is one number and when an interval.
public struct EigenvalueCounts: Codable, Equatable, Sendable {
  /// n.
  public let order: Int
  public let radius: SpectralRadius
  /// One for each tolerance, in the order asked for.
  public let counts: [ToleranceCount]
  /// LDLᵀ factorizations that it took.
  public let factorizations: Int

  /// - Parameters:
  ///   - matrix: passed with `consume`, its storage is all the memory of size n² that is used.
  ///   - tolerances: ε ≥ 0, relative to the spectral radius.
  ///   - radius: max|λ| where it is known; else the largest Ritz value of a Lanczos run, to a
  ///     relative 1e-6 in its residual.
  ///   - matrixError: ‖given − true matrix‖₂ at most; counts are then the true matrix's.
  ///   - doubt: as in `ShiftedInertia.count(below:doubt:using:)`, for each factorization.
  ///   - generator: the random vectors of both.
  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and exactly symmetric;
  ///   `KrylovError` for a tolerance or radius that is negative or not finite.
  public init<T: Scalar>(
    of matrix: consuming Matrix<T>, tolerances: [Double], radius: Double? = nil,
    matrixError: Double = 0, doubt: Double = 1e-6, using generator: inout some RandomNumberGenerator
  ) throws {
    for ε in tolerances {
      try KrylovError.require("tolerance", ε, "0 or more and finite", ε >= 0 && ε.isFinite)
    }
    try KrylovError.require("doubt", doubt, "from 0 to below 1", doubt >= 0 && doubt < 1)
    if let radius {
      try KrylovError.require(
        "radius", radius, "0 or more and finite", radius >= 0 && radius.isFinite)
    }
    // To T's precision from above.
    var counter = try ShiftedInertia(
      matrix, matrixError: matrixError > 0 ? T(matrixError).nextUp : 0)
    let found = try Self.radius(of: counter, known: radius, using: &generator)
    let size = found.value
    // Rounding to the matrix's own precision here, once, so that the threshold reported is the one
    // that was used.
    let bounds = tolerances.map { Double(T($0 * size)) }
    var below: [Double: InertiaCount<T>] = [:]
    for shift in Set(bounds.flatMap { [-$0, $0] }).sorted() where below[shift] == nil {
      below[shift] = try counter.count(below: T(shift), doubt: doubt, using: &generator)
    }
    let isZero = counter.norm == 0 && matrixError == 0
    order = counter.order
    factorizations = counter.factorizations
    self.radius = found
    counts = zip(tolerances, bounds).compactMap { [order] ε, bound in
      guard let low = below[-bound], let high = below[bound] else { return nil }
      if isZero {
        return ToleranceCount(
          tolerance: ε, threshold: 0, order: order, below: 0...0, notAbove: order...order,
          errorBound: 0, doubt: 0)
      }
      return ToleranceCount(
        tolerance: ε, threshold: bound, order: order, below: low.below, notAbove: high.below,
        errorBound: max(Double(low.errorBound), Double(high.errorBound)),
        doubt: low.doubt + high.doubt)
    }
  }

  private static func radius<T: Scalar>(
    of counter: ShiftedInertia<T>, known: Double?, using generator: inout some RandomNumberGenerator
  ) throws(KrylovError) -> SpectralRadius {
    let norm = Double(counter.norm)
    if let known {
      return SpectralRadius(value: known, lower: known, upper: max(known, norm), source: .given)
    }
    guard let matrix = counter.matrix, counter.order > 0 else {
      return SpectralRadius(value: 0, lower: 0, upper: norm, source: .lanczos)
    }
    let result = try ThickRestartLanczos<T>(
      ends: .largestMagnitude(1), tolerance: max(1e-6, 32 * T.ulpOfOne), maximumProducts: 300,
      searchesForMissed: false
    ).run(on: DenseOperator(matrix), using: &generator)
    let value = Double(result.radius)
    let lower = max(0, value - Double(result.errorBounds.first ?? 0))
    return SpectralRadius(value: value, lower: lower, upper: max(value, norm), source: .lanczos)
  }
}

/// The counts at one tolerance, each as "at least … at most".
public struct ToleranceCount: Codable, Equatable, Sendable {
  /// ε.
  public let tolerance: Double
  /// ε·max|λ|, in the units of the matrix.
  public let threshold: Double
  /// n.
  public let order: Int
  /// How many eigenvalues lie below −ε·max|λ|.
  public let index: ClosedRange<Int>
  /// How many lie within ±ε·max|λ|.
  public let zeros: ClosedRange<Int>
  /// How many lie above ε·max|λ|.
  public let positive: ClosedRange<Int>
  /// Eigenvalues within this of ±`threshold` may be counted on either side.
  public let errorBound: Double
  /// The probability, over random vectors, that an interval is too narrow.
  public let doubt: Double

  /// Whether all three are single numbers.
  public var isCertain: Bool { index.count == 1 && zeros.count == 1 && positive.count == 1 }

  /// - Parameters:
  ///   - below: how many eigenvalues lie below −`threshold`.
  ///   - notAbove: how many do not lie above `threshold`.
  public init(
    tolerance: Double, threshold: Double, order: Int, below: ClosedRange<Int>,
    notAbove: ClosedRange<Int>, errorBound: Double, doubt: Double
  ) {
    self.tolerance = tolerance
    self.threshold = threshold
    self.order = order
    index = below
    positive = order - notAbove.upperBound...order - notAbove.lowerBound
    let least = max(0, notAbove.lowerBound - below.upperBound)
    zeros = least...max(least, notAbove.upperBound - below.lowerBound)
    self.errorBound = errorBound
    self.doubt = doubt
  }
}
