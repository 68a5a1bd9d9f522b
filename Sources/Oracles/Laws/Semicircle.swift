import Foundation

/// Wigner's semicircle law on [−R, R], the limit of a random symmetric matrix's spectrum.
///
/// For GOE of order n with off-diagonal variance 1 (`RandomMatrix.goe`), R = 2√n.
public struct Semicircle: Sendable, Equatable {
  public let radius: Double

  public init(radius: Double) {
    precondition(radius > 0 && radius.isFinite, "a semicircle of radius \(radius)")
    self.radius = radius
  }

  /// The law of the n × n GOE with off-diagonal variance 1.
  public init(goeOrder n: Int) { self.init(radius: 2 * Double(n).squareRoot()) }

  /// 2√(R² − x²)/(πR²), zero outside.
  public func density(_ x: Double) -> Double {
    let t = x / radius
    guard t.magnitude < 1 else { return 0 }
    return 2 * (1 - t * t).squareRoot() / (Double.pi * radius)
  }

  /// ½ + x√(R² − x²)/(πR²) + asin(x/R)/π.
  public func cumulative(_ x: Double) -> Double {
    let t = x / radius
    if t <= -1 { return 0 }
    if t >= 1 { return 1 }
    return 0.5 + (t * (1 - t * t).squareRoot() + asin(t)) / Double.pi
  }

  /// The Kolmogorov–Smirnov distance sup |Fₙ − F| of a list of eigenvalues.
  ///
  /// For GOE it shrinks like 1/n, not 1/√n: eigenvalues repel.
  ///
  /// - Parameter eigenvalues: n ≥ 1 finite numbers in any order.
  /// - Throws: `invalidArgument` for an empty list or one with NaN.
  public func distance(to eigenvalues: [Double]) throws(OracleError) -> Double {
    guard !eigenvalues.isEmpty, !eigenvalues.contains(where: \.isNaN) else {
      throw .invalidArgument(
        message: "\(eigenvalues.count) eigenvalues, or NaN among them; pass at least one number")
    }
    let count = Double(eigenvalues.count)
    var worst = 0.0
    for (k, x) in eigenvalues.sorted().enumerated() {
      let f = cumulative(x)
      worst = max(worst, f - Double(k) / count, Double(k + 1) / count - f)
    }
    return worst
  }
}
