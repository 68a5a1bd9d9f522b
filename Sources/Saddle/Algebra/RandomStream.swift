/// A seeded generator with independent sub-streams by name: SplitMix64 (Steele, Lea, Flood 2014).
///
/// Its values are the same on every platform and in every version: the step from bits to numbers
/// uses only IEEE 754 basic operations. The state is its encoding, so a checkpoint resumes it.
public struct RandomStream: RandomNumberGenerator, Codable, Equatable, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// The sub-stream of `seed` called `name`: "init", "shuffle", "noise", "probes", …
  ///
  /// The name is hashed by FNV-1a and mixed with the seed through the generator itself, so streams
  /// of neighbouring seeds or names do not overlap in practice.
  public init(seed: UInt64, name: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    var mixer = RandomStream(seed: seed)
    state = mixer.next() ^ hash
    state = next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension RandomNumberGenerator {
  /// Uniform on [0, 1): a multiple of 2⁻⁵³, each equally likely.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform on [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Uniform on 0, …, count − 1, without bias (Lemire 2019).
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "an index below \(count)")
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Normal with mean 0 and variance 1, by Marsaglia's polar method (Marsaglia, Bray 1964).
  ///
  /// The second value of each pair is dropped, so that the generator's state is all there is.
  public mutating func normal() -> Double {
    while true {
      let u = uniform(-1, 1)
      let v = uniform(-1, 1)
      let s = u * u + v * v
      if s > 0 && s < 1 { return u * (-2 * portableLog(s) / s).squareRoot() }
    }
  }

  /// A random order of 0, …, count − 1 in place (Fisher–Yates).
  public mutating func shuffle(_ order: inout [Int]) {
    guard order.count > 1 else { return }
    for i in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(i, index(below: i + 1)) }
  }
}

/// The natural logarithm of a positive normal number, from basic operations alone.
///
/// The C library's `log` may differ in the last bit between platforms, and random streams must not.
/// x = 2ᵉ·m with m in [√½, √2), and log m = 2·artanh((m − 1)/(m + 1)) by its series, whose terms
/// fall below 2⁻⁵³ within 11.
///
/// - Accuracy: within 4 ulp of the true value, or 1e-16 absolutely near 1.
func portableLog(_ x: Double) -> Double {
  var exponent = Double(x.exponent)
  var m = x.significand
  if m > 1.4142135623730951 {
    m /= 2
    exponent += 1
  }
  let t = (m - 1) / (m + 1)
  let square = t * t
  var series = 0.0
  for k in stride(from: 23, through: 1, by: -2) { series = series * square + 1 / Double(k) }
  return 2 * t * series + exponent * 0.6931471805599453
}
