import Foundation
import Oracles
import Saddle
import SaddleOracles

/// A landscape as an objective that can be certified: with bounds of its rounding and a Lipschitz
/// constant of its Hessian by hand.
public struct CertifiedLandscape: Objective {
  public let landscape: Landscape
  /// A bound of the computed gradient's error at θ, and of the Hessian's.
  public var gradientError: @Sendable ([Double]) -> Double
  public var hessianError: @Sendable ([Double]) -> Double
  /// M in the ball of a radius about θ.
  public var lipschitz: @Sendable ([Double], Double) -> Double?
  /// The gradient in ball arithmetic.
  public var gradientBalls: (@Sendable ([Ball]) -> [Ball])?
  public var dimension: Int { landscape.dimension }

  public init(
    _ landscape: Landscape, gradientError: @escaping @Sendable ([Double]) -> Double,
    hessianError: @escaping @Sendable ([Double]) -> Double,
    lipschitz: @escaping @Sendable ([Double], Double) -> Double?
  ) {
    self.landscape = landscape
    self.gradientError = gradientError
    self.hessianError = hessianError
    self.lipschitz = lipschitz
  }

  public func value(at parameters: [Double]) -> Double { landscape.value(parameters) }

  public func gradient(at parameters: [Double]) -> (value: Double, gradient: [Double]) {
    (landscape.value(parameters), landscape.gradient(parameters))
  }

  public func linearized(at parameters: [Double]) -> PlainOperator {
    PlainOperator(rows: landscape.hessian(parameters))
  }

  public func rounding(at parameters: [Double]) -> EvaluationRounding? {
    EvaluationRounding(loss: 0, gradientNorm: gradientError(parameters))
  }

  public func gradientEnclosure(at parameters: [Ball]) -> [Ball]? { gradientBalls?(parameters) }

  public func hessianRounding(at parameters: [Double]) -> Double? { hessianError(parameters) }

  public func hessianLipschitz(at parameters: [Double], radius: Double) -> Double? {
    lipschitz(parameters, radius)
  }
}

extension CertifiedLandscape {
  /// Errors by the sums of the terms' magnitudes: fewer than 16 roundings in each.
  ///
  /// f has third derivatives 24x, 4, 4, 24y: along a unit vector at most 24·max(|x|, |y|) + 6√2.
  public static let himmelblau = CertifiedLandscape(
    .himmelblau,
    gradientError: { p in
      let (x, y) = (p[0].magnitude, p[1].magnitude)
      let (a, b) = (x * x + y + 11, x + y * y + 7)
      return 16 * Double.ulpOfOne * (4 * x * a + 2 * b + 2 * a + 4 * y * b)
    },
    hessianError: { p in
      let (x, y) = (p[0].magnitude, p[1].magnitude)
      return 16 * Double.ulpOfOne * (12 * x * x + 12 * y * y + 12 * (x + y) + 68)
    },
    lipschitz: { p, r in 24 * (max(p[0].magnitude, p[1].magnitude) + r) + 8.49 })

  /// f has no mixed third derivatives, and |v₁|³ + |v₂|³ ≤ 1.
  public static let sixHumpCamel = CertifiedLandscape(
    .sixHumpCamel,
    gradientError: { p in
      let (x, y) = (p[0].magnitude, p[1].magnitude)
      return 16 * Double.ulpOfOne
        * (x * (8 + 8.4 * x * x + 2 * x * x * x * x) + y + x + y * (16 * y * y + 8))
    },
    hessianError: { p in
      let (x, y) = (p[0] * p[0], p[1] * p[1])
      return 16 * Double.ulpOfOne * (8 + 25.2 * x + 10 * x * x + 2 + 48 * y + 8)
    },
    lipschitz: { p, r in
      let (x, y) = (p[0].magnitude + r, p[1].magnitude + r)
      return 1.0001 * max(50.4 * x + 40 * x * x * x, 96 * y)
    })
}

/// f(x, y) = x³/6 − cx + sy²/2 with a gradient and a Hessian that are off by stated amounts: the
/// Lipschitz constant is 1 exactly, so that no bound has room to spare, and everything is known:
/// critical points (±√(2c), 0) where c ≥ 0, none where c < 0.
public struct NoisyCubic: Sendable {
  /// What a certificate's maker may do wrong.
  public enum Fault: String, CaseIterable, Sendable {
    case lipschitzHalved, hessianErrorDropped, gradientErrorDropped
  }

  public let c, s: Double
  public let start: [Double]
  /// What is added to the gradient, and to the Hessian's first element.
  public let gradientNoise: [Double]
  public let hessianNoise: Double

  public init(
    c: Double, s: Double, start: [Double], gradientNoise: [Double] = [0, 0],
    hessianNoise: Double = 0
  ) {
    self.c = c
    self.s = s
    self.start = start
    self.gradientNoise = gradientNoise
    self.hessianNoise = hessianNoise
  }

  public static func draw(using generator: inout some RandomNumberGenerator) -> NoisyCubic {
    func power10(_ low: Double, _ high: Double) -> Double {
      Draw.sign(using: &generator) * pow(10, Draw.uniform(low, high, using: &generator))
    }
    let x = power10(-3, 1)
    // Critical points near and far, and none.
    let c = x * x / 2 * (1 + power10(-4, 0.5))
    let s = power10(-2, 1)
    let g = power10(-5, 0) * x * x
    return NoisyCubic(
      c: c, s: s, start: [x, power10(-8, -2) * x], gradientNoise: [g, 0],
      hessianNoise: power10(-4, 0.3) * x)
  }

  /// The objective, with a fault or without.
  ///
  /// - Parameter inBalls: whether it has its gradient in ball arithmetic, so that points nearby are
  ///   tried.
  public func objective(_ fault: Fault? = nil, inBalls: Bool = false) -> CertifiedLandscape {
    let (c, s, noise, bend) = (c, s, gradientNoise, hessianNoise)
    let landscape = Landscape(
      name: "noisy cubic", dimension: 2,
      value: { $0[0] * $0[0] * $0[0] / 6 - c * $0[0] + s * $0[1] * $0[1] / 2 },
      gradient: { [$0[0] * $0[0] / 2 - c + noise[0], s * $0[1] + noise[1]] },
      hessian: { [[$0[0] + bend, 0], [0, s]] }, criticalPoints: [], hasAllCriticalPoints: true)
    let (size, tiny) = (noise[0].magnitude + noise[1].magnitude, 16 * Double.ulpOfOne)
    var objective = CertifiedLandscape(
      landscape,
      gradientError: { p in
        (fault == .gradientErrorDropped ? 0 : size)
          + tiny * (p[0] * p[0] + c.magnitude + (s * p[1]).magnitude + size)
      },
      hessianError: { p in
        (fault == .hessianErrorDropped ? 0 : bend.magnitude) + tiny * (p[0].magnitude + bend.magnitude)
      },
      lipschitz: { _, _ in fault == .lipschitzHalved ? 0.5 : 1 })
    guard inBalls else { return objective }
    let radius = fault == .gradientErrorDropped ? 0 : size
    objective.gradientBalls = { p in
      [
        p[0] * p[0] * Ball(0.5) - Ball(c) + Ball(noise[0], radius: radius),
        Ball(s) * p[1] + Ball(noise[1], radius: radius),
      ]
    }
    return objective
  }

  /// Whether what a certificate says of the start is false.
  public func isRefuted(_ certificate: CriticalPointCertificate) -> Bool {
    let roots = c < 0 ? [] : [(2 * c).squareRoot(), -(2 * c).squareRoot()]
    let distances = roots.map { x in
      ((x - start[0]) * (x - start[0]) + start[1] * start[1]).squareRoot()
    }
    if let free = certificate.exclusionRadius, distances.contains(where: { $0 < free * (1 - 1e-12) }) {
      return true
    }
    guard let reach = certificate.distance, let unique = certificate.uniquenessRadius else {
      return false
    }
    let near = distances.indices.filter { distances[$0] <= reach * (1 + 1e-12) }
    guard near.count == 1, distances.count(where: { $0 < unique * (1 - 1e-12) }) <= 1 else {
      return true
    }
    return certificate.index != (roots[near[0]] < 0 ? 1 : 0) + (s < 0 ? 1 : 0)
  }
}
