import RealModule

/// The free convolution of a semicircle and a Marchenko–Pastur law with mean 0 and variance 1:
/// z = a + v/a + w/(a − τ), v + w = 1, τ > 0.
struct StandardFreeConvolution: Equatable, Sendable {
  private let v: Double
  private let w: Double
  private let tau: Double
  let support: ClosedRange<Double>
  /// The interval without mass inside the support, if there is one.
  private let gap: ClosedRange<Double>?

  /// - Parameters:
  ///   - share: w, between 0 and 1 without either.
  ///   - step: τ > 0.
  init(share: Double, step: Double) {
    let (v, w, tau) = (1 - share, share, step)
    self.v = v
    self.w = w
    self.tau = tau
    func z(_ a: Double) -> Double { a + v / a + w / (a - tau) }
    // Edges are where z′ = 1 − v/a² − w/(a − τ)² is zero: one beyond each pole, since the sum falls
    // away from them, and between the poles none or two.
    func slope(_ a: Double) -> (value: Double, slope: Double) {
      let (p, q) = (1 / a, 1 / (a - tau))
      return (1 - v * p * p - w * q * q, 2 * (v * p * p * p + w * q * q * q))
    }
    let lower = z(
      bracketedRoot(negativeAt: -v.squareRoot(), positiveAt: -1.0, of: slope))
    let upper = z(
      bracketedRoot(negativeAt: tau + w.squareRoot(), positiveAt: tau + 1, of: slope))
    support = min(lower, upper)...max(lower, upper)
    let (p, q) = (Double.root(v, 3), Double.root(w, 3))
    let middle = tau * p / (p + q)
    if tau * tau > (p + q) * (p + q) * (p + q) {
      let left = z(bracketedRoot(negativeAt: v.squareRoot(), positiveAt: middle, of: slope))
      let right = z(
        bracketedRoot(negativeAt: tau - w.squareRoot(), positiveAt: middle, of: slope))
      gap = left < right ? left...right : nil
    } else {
      gap = nil
    }
  }

  var components: [ClosedRange<Double>] {
    guard let gap else { return [support] }
    return [
      min(support.lowerBound, gap.lowerBound)...gap.lowerBound,
      gap.upperBound...max(support.upperBound, gap.upperBound),
    ]
  }

  /// Im g/(−π).
  func density(_ z: Double) -> Double {
    guard hasMass(at: z) else { return 0 }
    let a = root(z)
    return a.imaginary / (.pi * (a.real * a.real + a.imaginary * a.imaginary))
  }

  /// The mass above z.
  ///
  /// ∫ g dz by way of z(g): (1/π)·Im [v·g²/2 + (w/τ²)(1/(1 − τg) + log(1 − τg)) − log g], whose
  /// logarithms stay on their principal branch since g stays in the lower half plane.
  func survival(_ z: Double) -> Double {
    if z <= support.lowerBound { return 1 }
    if z >= support.upperBound { return 0 }
    // Right of the gap lies what the Marchenko–Pastur law has besides its atom: 1/ratio.
    if let gap, gap.contains(z) { return w / (tau * tau) }
    let a = root(z)
    let square = a.real * a.real + a.imaginary * a.imaginary
    let g = (real: a.real / square, imaginary: -a.imaginary / square)
    let angle = Double.atan2(y: a.imaginary, x: a.real)
    let sum = v * g.real * g.imaginary + w * marchenkoPasturPart(a, g, angle) + angle
    return min(max(sum / .pi, 0), 1)
  }

  private func hasMass(at z: Double) -> Bool {
    z > support.lowerBound && z < support.upperBound && !(gap?.contains(z) ?? false)
  }

  /// Im (1/(1 − y) + log(1 − y))/τ² at y = τg.
  private func marchenkoPasturPart(
    _ a: (real: Double, imaginary: Double), _ g: (real: Double, imaginary: Double), _ angle: Double
  ) -> Double {
    let y = (real: tau * g.real, imaginary: tau * g.imaginary)
    guard y.real * y.real + y.imaginary * y.imaginary < 0.04 else {
      let difference = a.real - tau
      let square = difference * difference + a.imaginary * a.imaginary
      let logarithm = Double.atan2(y: a.imaginary, x: difference) - angle
      return (logarithm - tau * a.imaginary / square) / (tau * tau)
    }
    // The first two terms of the series cancel: g²·Σ (1 − 1/k)·y^(k−2), k ≥ 2; |y| < 0.2.
    var sum = (real: 0.0, imaginary: 0.0)
    for k in stride(from: 26.0, through: 2, by: -1) {
      sum = (
        sum.real * y.real - sum.imaginary * y.imaginary + (1 - 1 / k),
        sum.real * y.imaginary + sum.imaginary * y.real
      )
    }
    let square = (
      real: g.real * g.real - g.imaginary * g.imaginary, imaginary: 2 * g.real * g.imaginary
    )
    return sum.real * square.imaginary + sum.imaginary * square.real
  }

  /// The root a = 1/g in the upper half plane of a³ − (τ + z)a² + (1 + τz)a − vτ = 0, z inside the
  /// support: the real one first, which lies in (0, τ), then the pair that is left.
  private func root(_ z: Double) -> (real: Double, imaginary: Double) {
    let (second, first, constant) = (-(tau + z), 1 + tau * z, -v * tau)
    let real = bracketedRoot(negativeAt: 0, positiveAt: tau) { a in
      (((a + second) * a + first) * a + constant, (3 * a + 2 * second) * a + first)
    }
    let sum = second + real
    // The product of the pair from whichever end of the cubic loses less.
    let forward = first + real * sum
    let product = real * real * real < -constant || real <= 0 ? forward : -constant / real
    let discriminant = product - sum * sum / 4
    return (-sum / 2, max(discriminant, 0).squareRoot())
  }
}
