import CVector

/// All eigenvalues of a symmetric tridiagonal matrix by counting: intervals are halved until each
/// holds one eigenvalue, and that is found as the root of det(T − x) between its ends.
///
/// Sylvester's count for a number takes n steps of Sturm's sequence and is exact for a matrix within
/// a few ulp of T (Givens 1954; Wilkinson 1965, §5.37–46); so is the sign of the determinant, which
/// comes with it. Some ten determinants an eigenvalue are O(n²), as in QR iterations, but 32
/// numbers go at once and on every thread, where a QR step waits for one division after another. No
/// eigenvalue depends on which others are counted with it: the results are the same on any number of
/// threads.
struct TridiagonalBisection {
  /// Elements over 2^`exponent`: the largest is between ⅛ and ¼, so that no eigenvalue exceeds ¾
  /// (Gershgorin) and neighbouring numbers are never further apart than 2⁻⁵³.
  private let diagonal: [Double]
  /// Of the element above each row, the first being 1. None is below 2⁻¹⁰⁸: an element of
  /// 2⁻⁵⁴ for zero moves no eigenvalue by more, and no determinant is zero over many rows.
  private let squares: [Double]
  private let exponent: Int
  /// Whether there is nothing to scale.
  private let isZero: Bool

  /// - Precondition: all elements finite.
  init(diagonal: [Double], offDiagonal: [Double]) {
    var largest = 0.0
    for element in diagonal { largest = max(largest, element.magnitude) }
    for element in offDiagonal { largest = max(largest, element.magnitude) }
    precondition(largest.isFinite, "the largest element is \(largest)")
    isZero = largest == 0
    let exponent = isZero ? 0 : Int(largest.exponent) + 3
    func scaled(_ x: Double) -> Double { Double(sign: .plus, exponent: -exponent, significand: x) }
    self.exponent = exponent
    self.diagonal = diagonal.map(scaled)
    squares = [1] + offDiagonal.map { max(scaled($0) * scaled($0), 0x1p-108) }
  }

  /// All n eigenvalues, ascending, or those of the wanted places among them: within a few ulp of
  /// the largest element.
  func eigenvalues(_ wanted: Range<Int>? = nil) -> [Double] {
    let order = diagonal.count
    let wanted = wanted ?? 0..<order
    precondition(
      wanted.lowerBound >= 0 && wanted.upperBound <= order, "eigenvalues \(wanted) of \(order)")
    var values = [Double](repeating: 0, count: wanted.count)
    guard !isZero else { return values }
    var open = [EigenvalueBracket(lower: Point(x: -1, below: 0), upper: Point(x: 1, below: order))]
    while !open.isEmpty {
      let points = evaluate(open.map(\.next))
      var next: [EigenvalueBracket] = []
      next.reserveCapacity(open.count + open.count / 2)
      for (bracket, point) in zip(open, points) {
        for part in bracket.parts(at: point) {
          let places = (part.lower.below..<part.upper.below).clamped(to: wanted)
          guard !places.isEmpty else { continue }
          if let value = part.value {
            let unscaled = Double(sign: .plus, exponent: exponent, significand: value)
            for k in places { values[k - wanted.lowerBound] = unscaled }
          } else {
            next.append(part)
          }
        }
      }
      open = next
    }
    return values
  }

  /// Counts and determinants at each number.
  private func evaluate(_ numbers: [Double]) -> [Point] {
    let lanes = Int(SADDLE_STURM_LANES)
    var points = numbers.map { Point(x: $0, below: 0) }
    points.withUnsafeMutableBufferPointer { points in
      let points = Lanes(points: points)
      forEachIndex(below: (numbers.count + lanes - 1) / lanes) { batch in
        let range = batch * lanes..<min((batch + 1) * lanes, numbers.count)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * lanes) { reals in
          withUnsafeTemporaryAllocation(of: Int64.self, capacity: 2 * lanes) { integers in
            guard let x = reals.baseAddress, let below = integers.baseAddress else { return }
            for k in 0..<lanes { x[k] = numbers[min(range.lowerBound + k, numbers.count - 1)] }
            let (mantissa, exponent) = (x + lanes, below + lanes)
            saddle_sturm(diagonal.count, diagonal, squares, x, below, mantissa, exponent)
            for (k, i) in range.enumerated() {
              points.points[i].below = Int(below[k])
              points.points[i].determinant = Extended(
                mantissa: mantissa[k], exponent: Int(exponent[k]))
            }
          }
        }
      }
    }
    return points
  }

  /// What several threads write to, each to elements of its own.
  private struct Lanes: @unchecked Sendable {
    let points: UnsafeMutableBufferPointer<Point>
  }
}

/// mantissa·2^exponent: determinants of large matrices are beyond `Double`'s range.
private struct Extended {
  var mantissa = 0.0
  var exponent = Int.min / 4

  /// The number over 2^`unit`; zero where that is too small to tell.
  func over(_ unit: Int) -> Double {
    exponent - unit < -1000
      ? 0 : Double(sign: .plus, exponent: exponent - unit, significand: mantissa)
  }
}

/// A number, how many eigenvalues lie below it, and det(T − x) there.
private struct Point {
  var x: Double
  var below: Int
  var determinant = Extended()
}

/// Two numbers between which eigenvalues lie.
private struct EigenvalueBracket {
  var lower: Point
  var upper: Point
  /// For the interpolation: which end is the newer one, and what was there before it.
  var isLowerNew = true
  var replaced: Point?

  /// Half of what a bracket is narrowed to, which is the spacing of numbers from ½ on.
  private static let width = 0x1p-54

  /// The end that was replaced last, and the other.
  private var ends: (new: Point, old: Point) { isLowerNew ? (lower, upper) : (upper, lower) }

  /// Where the bracket is divided next.
  var next: Double {
    let middle = lower.x + (upper.x - lower.x) / 2
    guard upper.below - lower.below == 1, let fraction = interpolated else { return middle }
    let (new, old) = ends
    let least = Self.width / (upper.x - lower.x)
    let x = new.x + min(max(fraction, least), 1 - least) * (old.x - new.x)
    return x > lower.x && x < upper.x ? x : middle
  }

  /// How far from the newer end to the older one the determinant has its root, by inverse quadratic
  /// interpolation where that is sure to be monotonic (Chandrupatla 1997), by a straight line for
  /// the first step; nil where the middle is better.
  private var interpolated: Double? {
    let (new, old) = ends
    let unit = max(
      new.determinant.exponent, old.determinant.exponent, replaced?.determinant.exponent ?? .min)
    let (f1, f2) = (new.determinant.over(unit), old.determinant.over(unit))
    guard f1 != 0, f2 != 0, (f1 < 0) != (f2 < 0) else { return nil }
    guard let third = replaced else { return f1 / (f1 - f2) }
    let f3 = third.determinant.over(unit)
    let ξ = (new.x - old.x) / (third.x - old.x)
    let φ = (f1 - f2) / (f3 - f2)
    guard φ * φ < ξ, (1 - φ) * (1 - φ) < 1 - ξ else { return nil }
    return f1 / (f2 - f1) * f3 / (f2 - f3)
      + (third.x - new.x) / (old.x - new.x) * f1 / (f3 - f1) * f2 / (f3 - f2)
  }

  /// The parts that hold eigenvalues, divided at a point whose count is taken to lie between
  /// those at the ends: rounding may say otherwise.
  func parts(at point: Point) -> [EigenvalueBracket] {
    var point = point
    point.below = min(max(point.below, lower.below), upper.below)
    let isSingle = upper.below - lower.below == 1
    var parts: [EigenvalueBracket] = []
    if point.below > lower.below {
      parts.append(
        EigenvalueBracket(
          lower: lower, upper: point, isLowerNew: false, replaced: isSingle ? upper : nil))
    }
    if point.below < upper.below {
      parts.append(
        EigenvalueBracket(
          lower: point, upper: upper, isLowerNew: true, replaced: isSingle ? lower : nil))
    }
    return parts
  }

  /// The eigenvalues in the bracket where it is narrow enough.
  var value: Double? {
    upper.x - lower.x <= 2 * Self.width ? lower.x + (upper.x - lower.x) / 2 : nil
  }
}
