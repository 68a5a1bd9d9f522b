import RealModule

/// How the entries of a Wigner matrix are distributed: all have mean 0, and all but `heavyTailed`
/// have variance 1.
public enum EntryLaw: Codable, Hashable, Sendable {
  case normal
  /// ±1 with probability ½ each.
  case rademacher
  /// Uniform on [−√3, √3].
  case uniform
  /// Density exp(−√2·|x|)/√2: kurtosis 6.
  case laplace
  /// ±1/√p with probability p, else 0: for 0 < p ≤ 1.
  case sparse(density: Double)
  /// ±u^(−1/α), u uniform on (0, 1]: P(|x| > t) = t^−α for t ≥ 1, of infinite variance for the
  /// α < 2 that is taken, so that Wigner's law does not hold (Ben Arous, Guionnet 2008).
  case heavyTailed(index: Double)

  /// What entries of a matrix of order n are multiplied by so that its spectrum has a limit:
  /// n^−½, and n^(−1/α) for a heavy tail.
  func scale(order n: Int) -> Double {
    switch self {
    case .heavyTailed(let index): .pow(Double(n), -1 / index)
    default: 1 / Double(n).squareRoot()
    }
  }

  /// Whether the entries have a variance.
  var isOfFiniteVariance: Bool {
    if case .heavyTailed = self { false } else { true }
  }

  func validate() throws(RandomMatrixError) {
    switch self {
    case .normal, .rademacher, .uniform, .laplace: break
    case .sparse(let density):
      guard density > 0, density <= 1 else {
        throw .invalidParameter(name: "density", value: "\(density)", domain: "0 < density ≤ 1")
      }
    case .heavyTailed(let index):
      // u is at least 2^−53: entries are at most 2^848, and no sum of them overflows.
      guard index >= 0.0625, index < 2 else {
        throw .invalidParameter(name: "index", value: "\(index)", domain: "1/16 ≤ index < 2")
      }
    }
  }

  /// One entry, not scaled. The parameters are taken as valid.
  func draw(using generator: inout some RandomNumberGenerator) -> Double {
    func sign() -> Double { generator.next() >> 63 == 0 ? 1 : -1 }
    switch self {
    case .normal: return generator.normal()
    case .rademacher: return sign()
    case .uniform: return 3.0.squareRoot() * generator.uniform(-1, 1)
    case .laplace: return -sign() * portableLog(1 - generator.uniform()) * 0.5.squareRoot()
    case .sparse(let density):
      let isPresent = generator.uniform() < density
      return isPresent ? sign() / density.squareRoot() : 0
    case .heavyTailed(let index): return sign() * .pow(1 - generator.uniform(), -1 / index)
    }
  }
}
