import Foundation

/// From random bits to values, by steps of our own: the standard library's `random(in:)` may give
/// other values in the next Swift version, and seeds must keep their meaning.
///
/// What is drawn by the million is specialized for the kit's own generator, since a call from
/// another module would go through its witness table.
public enum Draw {
  /// Uniform on [0, 1), a multiple of 2^-53.
  @specialized(where Generator == SplitMix64)
  public static func unit<Generator: RandomNumberGenerator>(
    using generator: inout Generator
  ) -> Double {
    Double(generator.next() >> 11) * 0x1p-53
  }

  /// Uniform on [low, high).
  public static func uniform(
    _ low: Double, _ high: Double, using generator: inout some RandomNumberGenerator
  ) -> Double {
    low + (high - low) * unit(using: &generator)
  }

  /// Uniform on 0 ..< `bound`, without bias: draws above the last whole multiple are rejected.
  @specialized(where Generator == SplitMix64)
  public static func integer<Generator: RandomNumberGenerator>(
    below bound: Int, using generator: inout Generator
  ) -> Int {
    precondition(bound > 0, "an integer below \(bound)")
    let bound = UInt64(bound)
    let rejected = (0 &- bound) % bound
    while true {
      let bits = generator.next()
      if bits >= rejected { return Int(bits % bound) }
    }
  }

  /// +1 or −1.
  @specialized(where Generator == SplitMix64)
  public static func sign<Generator: RandomNumberGenerator>(
    using generator: inout Generator
  ) -> Double {
    generator.next() >> 63 == 0 ? 1 : -1
  }

  /// Standard normal (Box and Muller 1958; one draw of the pair is used).
  @specialized(where Generator == SplitMix64)
  public static func normal<Generator: RandomNumberGenerator>(
    using generator: inout Generator
  ) -> Double {
    // 1 − u lies in (0, 1], where the logarithm is finite.
    let radius = (-2 * log(1 - unit(using: &generator))).squareRoot()
    return radius * cos(2 * Double.pi * unit(using: &generator))
  }

  /// `count` standard normals.
  @specialized(where Generator == SplitMix64)
  public static func normals<Generator: RandomNumberGenerator>(
    _ count: Int, using generator: inout Generator
  ) -> [Double] {
    var result = [Double]()
    for _ in 0..<count { result.append(normal(using: &generator)) }
    return result
  }

  /// Uniform on the unit sphere in `count` ≥ 1 dimensions.
  public static func direction(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    precondition(count > 0, "a direction in \(count) dimensions")
    while true {
      let v = normals(count, using: &generator)
      let length = norm(v)
      if length > 0 { return v.map { $0 / length } }
    }
  }

  /// True once in `count` draws on average.
  public static func once(
    in count: Int, using generator: inout some RandomNumberGenerator
  ) -> Bool {
    integer(below: count, using: &generator) == 0
  }
}
