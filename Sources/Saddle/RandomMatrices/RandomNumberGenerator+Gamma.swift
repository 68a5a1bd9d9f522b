import RealModule

extension RandomNumberGenerator {
  /// Gamma with the given shape and scale 1 (Marsaglia, Tsang 2000; below 1 by their boost).
  ///
  /// - Parameter shape: above 0. Far below 1 draws underflow to 0, as what they stand for does.
  mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0 && shape.isFinite, "a gamma distribution of shape \(shape)")
    if shape < 1 {
      // 1 − u lies in (0, 1].
      let boost = Double.pow(1 - uniform(), 1 / shape)
      return gamma(shape: shape + 1) * boost
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let u = 1 - uniform()
      if portableLog(u) < x * x / 2 + d - d * v + d * portableLog(v) { return d * v }
    }
  }

  /// χ with the given degrees of freedom, above 0, whole or not.
  mutating func chi(degrees: Double) -> Double {
    degrees == 1 ? normal().magnitude : (2 * gamma(shape: degrees / 2)).squareRoot()
  }
}
