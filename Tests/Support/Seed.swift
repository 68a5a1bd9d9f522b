import Saddle
import Testing

/// The seed of one random case, printed with a failure so that it can be replayed.
public struct Seed: Codable, Hashable, Sendable, CustomTestStringConvertible {
  public let value: UInt64

  public init(_ value: UInt64) { self.value = value }

  public var testDescription: String { "seed \(value)" }
  public var generator: RandomStream { RandomStream(seed: value, name: "test") }

  /// The fixed seeds 1 to `count`: a campaign is the same on every run.
  public static func campaign(_ count: Int) -> [Seed] { (1...UInt64(count)).map(Seed.init) }
}

extension Tag {
  /// Compared with an independent implementation or a closed form.
  @Tag public static var oracle: Self
  /// A law about random draws, at a stated false-alarm rate.
  @Tag public static var statistical: Self
  /// Held against a committed fixture.
  @Tag public static var pinned: Self
  /// More than a few seconds.
  @Tag public static var slow: Self
}
