/// How many eigenvalues of a symmetric tridiagonal matrix lie below a number, with no eigensolver.
///
/// By Sylvester's law this is the number of negative pivots of T − xI (Givens 1954; Demmel,
/// Dhillon and Ren 1995). The recurrence q ← (dᵢ − x) − eᵢ₋₁²/q is kept from dividing by zero by
/// moving a pivot smaller than the underflow threshold to minus that threshold, as LAPACK's
/// `dlaebz` does: the count is exact for a matrix within a few ulp of T.
public struct SturmCount: Sendable {
  private let diagonal: [Double]
  private let squares: [Double]
  private let exponent: Int
  /// No eigenvalue exceeds this in magnitude, in scaled units (Gershgorin).
  private let bound = 3.5

  /// - Parameters:
  ///   - diagonal: the n diagonal entries, finite.
  ///   - offDiagonal: the n − 1 entries beside the diagonal (none for n = 0), finite.
  /// - Throws: `wrongLength`, `notFinite`.
  public init(diagonal: [Double], offDiagonal: [Double]) throws(OracleError) {
    let expected = max(diagonal.count - 1, 0)
    guard offDiagonal.count == expected else {
      throw .wrongLength(of: "off-diagonal", expected: expected, found: offDiagonal.count)
    }
    for (i, d) in diagonal.enumerated() where !d.isFinite {
      throw .notFinite(row: i, column: i, entry: "\(d)")
    }
    for (i, e) in offDiagonal.enumerated() where !e.isFinite {
      throw .notFinite(row: i + 1, column: i, entry: "\(e)")
    }
    let largest = (diagonal + offDiagonal).reduce(0) { max($0, $1.magnitude) }
    let exponent = largest > 0 ? Int(largest.exponent) + 1 : 0
    self.exponent = exponent
    self.diagonal = diagonal.map { Double(sign: .plus, exponent: -exponent, significand: $0) }
    self.squares = offDiagonal.map {
      let scaled = Double(sign: .plus, exponent: -exponent, significand: $0)
      return scaled * scaled
    }
  }

  /// The number of eigenvalues less than `x`; an eigenvalue within rounding of `x` may fall on
  /// either side. Not defined for NaN.
  public func below(_ x: Double) -> Int {
    precondition(!x.isNaN, "a Sturm count needs a number to count below, not NaN")
    let shift = Double(sign: .plus, exponent: -exponent, significand: x)
    if shift > bound { return diagonal.count }
    if shift < -bound { return 0 }
    let smallestPivot = Double.leastNormalMagnitude
    var count = 0
    var pivot = 1.0
    for i in diagonal.indices {
      pivot = (diagonal[i] - shift) - (i == 0 ? 0 : squares[i - 1] / pivot)
      if pivot.magnitude < smallestPivot { pivot = -smallestPivot }
      if pivot < 0 { count += 1 }
    }
    return count
  }

  /// LAPACK's certificate (`dstech`): each claimed eigenvalue, widened by
  /// `tolerance`·ulp·max|λ|, must lie in an interval that holds as many eigenvalues as claims;
  /// overlapping intervals are merged first.
  ///
  /// - Parameters:
  ///   - claims: all n eigenvalues, ascending.
  ///   - tolerance: half-width in units of 2^-52·max|λ|.
  /// - Returns: nil if the claims stand, else the first interval whose count is wrong.
  /// - Throws: `wrongLength`; `invalidArgument` for claims that are NaN or not ascending.
  public func firstRefuted(
    _ claims: [Double], tolerance: Double
  ) throws(OracleError) -> RefutedInterval? {
    guard claims.count == diagonal.count else {
      throw .wrongLength(of: "list of eigenvalues", expected: diagonal.count, found: claims.count)
    }
    for k in claims.indices {
      guard claims[k].isFinite, k == 0 || claims[k - 1] <= claims[k] else {
        throw .invalidArgument(message: "claim \(k) is \(claims[k]); pass finite values, ascending")
      }
    }
    let largest = claims.reduce(0) { max($0, $1.magnitude) }
    let width = max(tolerance * 0x1p-52 * largest, Double.leastNormalMagnitude)
    var start = 0
    while start < claims.count {
      var end = start + 1
      while end < claims.count, claims[end] - width <= claims[end - 1] + width { end += 1 }
      let interval = (claims[start] - width)...(claims[end - 1] + width)
      let found = below(interval.upperBound) - below(interval.lowerBound)
      if found != end - start {
        return RefutedInterval(interval: interval, claimed: end - start, found: found)
      }
      start = end
    }
    return nil
  }

  /// An interval that holds another number of eigenvalues than was claimed.
  public struct RefutedInterval: Sendable, Equatable {
    public let interval: ClosedRange<Double>
    public let claimed: Int
    public let found: Int
  }
}
