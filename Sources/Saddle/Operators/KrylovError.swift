/// Why an iterative eigensolver or a count was refused, or what the operator did wrong.
public enum KrylovError: Error, Equatable, CustomStringConvertible {
  /// A setting is out of range.
  case invalid(setting: String, value: Double, expected: String)
  /// A product A·v has an element that is NaN or infinite though v is finite.
  case productNotFinite(product: Int, coordinate: Int)
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
      "element \(coordinate) of product \(product) with the operator is not a finite number: is "
        + "the operator finite at this point?"
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
}
