/// What an oracle found.
public struct OptimizerVerdict: Sendable, Equatable, Codable {
  public enum Outcome: Sendable, Equatable, Codable {
    /// `margin` is the worst error over its tolerance: at most 1; 0 for what is exact.
    case passed(margin: Double)
    case failed(OptimizerViolation)
    /// The optimizer declares nothing that this oracle could hold it to.
    case notDeclared
  }

  public let oracle: String
  public let outcome: Outcome
  /// Replays the check.
  public let seed: UInt64
}

/// How an optimizer broke a law.
public struct OptimizerViolation: Error, Equatable, Sendable, CustomStringConvertible {
  public let property: String
  /// Counted from 1.
  public var step: Int?
  /// Counted from 0.
  public var coordinate: Int?
  public var expected: Double?
  public var got: Double?
  /// The error over its tolerance; infinite where a thing is not a matter of degree.
  public var ratio: Double
  /// What else there is to say: the case, the hyperparameter, what was thrown.
  public var detail: String
  /// Replays the check; set by the oracle.
  public var seed: UInt64?

  public init(
    property: String, step: Int? = nil, coordinate: Int? = nil, expected: Double? = nil,
    got: Double? = nil, ratio: Double = .infinity, detail: String = ""
  ) {
    self.property = property
    self.step = step
    self.coordinate = coordinate
    self.expected = expected
    self.got = got
    self.ratio = ratio
    self.detail = detail
  }

  public var description: String {
    var text = property
    if let step { text += ", step \(step)" }
    if let coordinate { text += ", coordinate \(coordinate)" }
    if let expected, let got { text += ": expected \(expected), got \(got)" }
    if ratio.isFinite { text += " (\(ratio) × the tolerance)" }
    if !detail.isEmpty { text += "; " + detail }
    return seed.map { text + "; replay with seed \($0)" } ?? text
  }
}

/// Numbers that are not finite travel as text: JSON has none.
extension OptimizerViolation: Codable {
  private enum Key: String, CodingKey {
    case property, step, coordinate, expected, got, ratio, detail, seed
  }

  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Double? {
      if let text = try? box.decode(String.self, forKey: key) { return Double(text) }
      return try box.decodeIfPresent(Double.self, forKey: key)
    }
    self.init(
      property: try box.decode(String.self, forKey: .property),
      step: try box.decodeIfPresent(Int.self, forKey: .step),
      coordinate: try box.decodeIfPresent(Int.self, forKey: .coordinate),
      expected: try number(.expected), got: try number(.got),
      ratio: try number(.ratio) ?? .infinity,
      detail: try box.decode(String.self, forKey: .detail))
    seed = try box.decodeIfPresent(UInt64.self, forKey: .seed)
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: Key.self)
    func encode(_ number: Double?, _ key: Key) throws {
      guard let number else { return }
      if number.isFinite {
        try box.encode(number, forKey: key)
      } else {
        try box.encode("\(number)", forKey: key)
      }
    }
    try box.encode(property, forKey: .property)
    try box.encodeIfPresent(step, forKey: .step)
    try box.encodeIfPresent(coordinate, forKey: .coordinate)
    try encode(expected, .expected)
    try encode(got, .got)
    try encode(ratio, .ratio)
    try box.encode(detail, forKey: .detail)
    try box.encodeIfPresent(seed, forKey: .seed)
  }
}
