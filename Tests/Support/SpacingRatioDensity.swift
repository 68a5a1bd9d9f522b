import Foundation
import Saddle

extension SpacingLaw {
  /// The density of the smaller over the larger of two consecutive spacings, 0 ≤ r ≤ 1: 2/(1 + r)²,
  /// and 2(r + r²)^β / (Z·(1 + r + r²)^(1 + 3β/2)) with Z₁ = 8/27, Z₂ = 4π/(81√3), exact for 3 × 3
  /// matrices (Atas, Bogomolny, Giraud, Roux 2013, Phys. Rev. Lett. 110, 084101).
  public func ratioDensity(_ r: Double) -> Double {
    if r < 0 || r > 1 { return 0 }
    let (up, down) = (r + r * r, 1 + r + r * r)
    switch self {
    case .poisson: return 2 / ((1 + r) * (1 + r))
    case .goe: return 27 / 4 * up / (down * down * down.squareRoot())
    case .gue:
      let square = down * down
      return 81 * 3.0.squareRoot() / (2 * .pi) * up * up / (square * square)
    }
  }
}
