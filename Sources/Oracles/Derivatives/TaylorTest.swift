import Foundation

/// Does f(x + hv) follow the Taylor polynomial that a gradient and a Hessian claim?
///
/// With a right gradient the remainder |f(x+hv) − f − h gᵀv| falls like h²; with a right Hessian,
/// |… − ½h² vᵀHv| falls like h³. The exponents are read off where h is smallest but the remainder
/// still stands above rounding: there a Hessian that is 1 % wrong has long dropped to order 2,
/// while at large h it would still look like 3.
public enum TaylorTest {
  /// Steps are 1, 1/2, …, 2^−`lastOctave`.
  static let lastOctave = 40
  /// Points used are this many times above the rounding bound …
  static let clearance = 16.0
  /// … and this many: four octaves where there are so many, never fewer than three.
  static let fittedPoints = 5

  /// - Parameters:
  ///   - value: f.
  ///   - gradient: ∇f.
  ///   - hessianVectorProduct: (x, v) ↦ H(x)·v.
  ///   - x: the point, n components.
  ///   - v: the direction, n components, not zero; its length sets the scale of the steps.
  /// - Throws: `notFiniteResult`, `wrongLength`, `invalidArgument` for a zero direction.
  public static func slopes(
    value: ([Double]) -> Double, gradient: ([Double]) -> [Double],
    hessianVectorProduct: ([Double], [Double]) -> [Double], at x: [Double], along v: [Double]
  ) throws(OracleError) -> TaylorSlopes {
    guard v.count == x.count else {
      throw .wrongLength(of: "direction", expected: x.count, found: v.count)
    }
    guard norm(v) > 0 else {
      throw .invalidArgument(message: "the direction is zero; pass one with a positive length")
    }
    let f = try checked([value(x)], "value", expecting: 1, at: "x")[0]
    let g = try checked(gradient(x), "gradient", expecting: x.count, at: "x")
    let hv = try checked(
      hessianVectorProduct(x, v), "Hessian-vector product", expecting: x.count, at: "x")
    let noise = try Noise.measured(of: { [value($0)] }, named: "value", at: x, along: v)[0]

    let slope = dot(g, v)
    let curvature = dot(v, hv)
    let count = Double(x.count)
    let slopeError = Noise.ulp * count * zip(g, v).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
    let curvatureError = Noise.ulp * count * zip(v, hv).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
    // x + hv is rounded, which moves f by up to Σ|gᵢ|·ulp·|xᵢ|/2.
    let argumentError = Noise.ulp * zip(g, x).reduce(0) { $0 + ($1.0 * $1.1).magnitude }

    var second = [Remainder]()
    var third = [Remainder]()
    for octave in 0...lastOctave {
      let h = 1 / Double(1 << octave)
      let moving = try checked(
        [value(moved(x, by: h, along: v))], "value", expecting: 1, at: "x + \(h)·v")[0]
      let linear = (moving - f) - h * slope
      let largest = max(f.magnitude, moving.magnitude, (h * slope).magnitude)
      let floor = 3 * noise + 2 * Noise.ulp * largest + argumentError + h * slopeError
      let square = 0.5 * h * h
      second.append(Remainder(octave: octave, size: linear.magnitude, floor: floor))
      third.append(
        Remainder(
          octave: octave, size: (linear - square * curvature).magnitude,
          floor: floor + square * (curvatureError + Noise.ulp * curvature.magnitude)))
    }
    return TaylorSlopes(withGradient: fit(second), withHessian: fit(third))
  }

  private struct Remainder {
    let octave: Int
    let size: Double
    let floor: Double
    var isClear: Bool { size > clearance * floor }
  }

  private static func fit(_ remainders: [Remainder]) -> TaylorSlopes.Fit {
    // The run of clear points that begins at h = 1 or where the first clear point stands.
    let clear = remainders.drop { !$0.isClear }.prefix { $0.isClear }
    let isExact = remainders.allSatisfy { !$0.isClear }
    guard clear.count >= 4 else {
      return .init(slope: nil, octaves: max(clear.count - 1, 0), isExact: isExact)
    }
    let points = clear.suffix(fittedPoints)
    let count = Double(points.count)
    let meanX = points.reduce(0) { $0 - Double($1.octave) } / count
    let meanY = points.reduce(0) { $0 + log2($1.size) } / count
    var covariance = 0.0
    var variance = 0.0
    for point in points {
      let x = -Double(point.octave) - meanX
      covariance += x * (log2(point.size) - meanY)
      variance += x * x
    }
    return .init(slope: covariance / variance, octaves: clear.count - 1, isExact: false)
  }
}
