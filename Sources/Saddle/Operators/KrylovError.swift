/// Why a method that works by products with an operator was refused, or what the operator did wrong.
public enum KrylovError: Error, Equatable, CustomStringConvertible {
  /// A setting is out of range.
  case invalid(setting: String, value: Double, expected: String)
  /// A product with a finite vector, counted from 1, is NaN or infinite at a coordinate; nil where it
  /// is finite, and sums of its squares are not.
  case productNotFinite(product: Int, coordinate: Int?)
  /// Vectors that are not of the operator's order, or not finite.
  case badVectors(String)
  /// The vectors to be deflated depend on each other.
  case dependent(row: Int)
  /// The smallest basis for this task does not fit the memory allowed.
  case memory(needed: Int, allowed: Int)
  /// LAPACK gave up on the projected matrix.
  case projection(LinearAlgebraError)

  public var description: String {
    switch self {
    case .invalid(let setting, let value, let expected):
      "\(setting) is \(value), and must be \(expected)"
    case .productNotFinite(let product, let coordinate):
      "product \(product) with the operator is "
        + (coordinate.map { "not finite at coordinate \($0)" } ?? "beyond the precision's range")
        + ": is the operator taken at a point where training has diverged, or scaled too far?"
    case .badVectors(let what): what
    case .dependent(let row):
      "row \(row) of the vectors to deflate is a combination of the rows before it: leave it out"
    case .memory(let needed, let allowed):
      "the smallest basis takes \(needed) bytes of the \(allowed) allowed: ask for fewer pairs, "
        + "a smaller block, or allow more"
    case .projection(let error): "the projected matrix: \(error)"
    }
  }

  static func require(
    _ setting: String, _ value: Double, _ expected: String, _ holds: Bool
  ) throws(KrylovError) {
    guard holds else { throw .invalid(setting: setting, value: value, expected: expected) }
  }

  /// Throws `.invalid` for a relative tolerance outside [0, 1).
  static func requireTolerance(_ setting: String, _ value: Double) throws(KrylovError) {
    try require(setting, value, "in [0, 1)", value >= 0 && value < 1)
  }

  /// Throws `.invalid` for a budget below 1.
  static func requireBudget(_ budget: Int) throws(KrylovError) {
    try require("budget", Double(budget), "1 or more", budget >= 1)
  }

  /// That products, or sums of their squares, are not finite.
  ///
  /// - Parameters:
  ///   - products: one after the other, each of n elements.
  ///   - number: the first one's.
  static func notFinite<T: Scalar>(_ products: [T], order n: Int, number: Int) -> KrylovError {
    guard let at = firstNotFinite(products) else {
      return .productNotFinite(product: number, coordinate: nil)
    }
    return .productNotFinite(product: number + at / n, coordinate: at % n)
  }
}

extension KrylovError {
  /// No work is for more vectors, steps or probes than this.
  static let mostCount = 1_000_000

  /// Throws `.invalid` unless a count is from `least` to `mostCount`.
  static func require(
    _ setting: String, _ count: Int, from least: Int = 1
  ) throws(KrylovError) {
    try require(
      setting, Double(count), "from \(least) to 1,000,000", least...mostCount ~= count)
  }
}
