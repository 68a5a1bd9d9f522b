import Foundation

extension RandomMatrix {
  /// Symmetric with entries ±u^(−1/index), u uniform: of infinite variance where `index` < 2, so
  /// that the semicircle law does not hold (Ben Arous, Guionnet 2008).
  public static func heavyTailed(
    order n: Int, index: Double, using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    symmetric(order: n) { _, _ in
      Draw.sign(using: &generator) * pow(1 - Draw.unit(using: &generator), -1 / index)
    }
  }

  /// XXᵀ with X order × degrees of standard normal entries.
  public static func wishart(
    order p: Int, degrees m: Int, using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    var x = [[Double]]()
    for _ in 0..<p { x.append(Draw.normals(m, using: &generator)) }
    return symmetric(order: p) { i, j in zip(x[i], x[j]).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// Symmetric with entries ±1.
  public static func signs(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    symmetric(order: n) { _, _ in Draw.sign(using: &generator) }
  }
}
