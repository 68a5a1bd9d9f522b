import Foundation

/// Paths in closed form, by other formulas than the references' sums.
enum ClosedForm {
  /// Σ_{k=1}^{t} βᵗ⁻ᵏ qᵏ⁻¹ = (qᵗ − βᵗ)/(q − β); the sum itself where the difference would cancel.
  static func geometricSum(_ q: Double, _ beta: Double, _ t: Int) -> Double {
    guard (q - beta).magnitude < 0.02 else {
      return (pow(q, Double(t)) - pow(beta, Double(t))) / (q - beta)
    }
    return (1..<t + 1).reduce(0) { $0 + pow(beta, Double(t - $1)) * pow(q, Double($1 - 1)) }
  }

  /// The moves u_k in units of the rate that a rule makes on the gradients a·qᵏ⁻¹ in each
  /// coordinate by itself.
  typealias GeometricMove = @Sendable (_ amplitude: Double, _ ratio: Double, _ step: Int) -> Double

  static let ratios: [(name: String, ratio: Double)] = [
    ("a constant gradient", 1), ("an alternating gradient", -1),
    ("an alternating gradient that shrinks", -0.6), ("a gradient that grows", 1.2),
    ("a single gradient, then zeros", 0),
  ]

  /// The paths of a rule on geometric gradients: θ_t = θ₀(1 − ηλ)ᵗ − η Σ_k u_k(1 − ηλ)ᵗ⁻ᵏ.
  ///
  /// The start is 0, or as far as a few moves where θ decays, so that moves are not lost beside it.
  static func geometric(
    rate: Double, weightDecay: Double = 0, amplitudes: [Double], steps: Int = 40,
    ratios: [(name: String, ratio: Double)] = ratios, tolerance: Double = 1e-11,
    move: @escaping GeometricMove
  ) -> [OptimizerDeclaration] {
    let kept = 1 - rate * weightDecay
    let start = amplitudes.indices.map { weightDecay == 0 ? 0 : rate * Double(5 - 3 * $0) }
    guard steps > 0 else { return [] }
    return ratios.enumerated().map { r, ratio in
      let (name, q) = ratio
      // The same few coordinates over and over, in blocks and tails of every kind.
      let n = dimensions[r % dimensions.count]
      // Short of overflow in the squares of gradients that grow.
      let last = q.magnitude > 1 ? min(steps, Int(27 / log(q.magnitude))) : steps
      return .knownPath(
        .onGradients(
          "\(name), \(n) coordinates", start: tiled(start, n), steps: max(last, 2),
          tolerance: tolerance,
          gradient: { t in tiled(amplitudes.map { $0 * pow(q, Double(t - 1)) }, n) },
          position: { t in
            let places = amplitudes.indices.map { i in
              let walked = (1..<t + 1).reduce(0) { sum, k in
                sum + move(amplitudes[i], q, k) * pow(kept, Double(t - k))
              }
              return start[i] * pow(kept, Double(t)) - rate * walked
            }
            return tiled(places, n)
          }))
    }
  }

  /// In how many coordinates the forms are tried.
  private static let dimensions = [3, 1, 17, 8, 1000, 33, 2]

  /// The values over and over, n of them.
  static func tiled(_ values: [Double], _ n: Int) -> [Double] {
    (0..<n).map { values[$0 % values.count] }
  }

  /// e_t of e_{t+1} = b·e_t − c·e_{t−1} from e_0 = 1 and e_1, by the roots of r² − br + c = 0.
  static func twoTerm(b: Double, c: Double, first: Double, _ t: Int) -> Double {
    let discriminant = b * b / 4 - c
    if discriminant < 0 {
      // A pair √c·e^{±iφ}: e_t = √cᵗ (cos φt + A sin φt).
      let modulus = c.squareRoot()
      let phase = acos(b / 2 / modulus)
      let sine = (first - b / 2) / (-discriminant).squareRoot()
      return pow(modulus, Double(t)) * (cos(phase * Double(t)) + sine * sin(phase * Double(t)))
    }
    let r = (b / 2 + discriminant.squareRoot(), b / 2 - discriminant.squareRoot())
    let share = (first - r.1) / (r.0 - r.1)
    return share * pow(r.0, Double(t)) + (1 - share) * pow(r.1, Double(t))
  }

  /// The paths of a rule on ½Σλᵢxᵢ², λᵢ in units of 1/η: x_i(t) = x_i(0)·`mode`(ηλᵢ, t).
  static func quadratic(
    rate: Double, curvatures: [Double], steps: Int = 20,
    mode: @escaping @Sendable (_ scaled: Double, _ step: Int) -> Double
  ) -> OptimizerDeclaration {
    let start = curvatures.indices.map { Double($0 + 1) }
    // Each mode eight times, and one once more.
    let n = 8 * curvatures.count + 1
    return .knownPath(
      KnownPath(
        name: "the modes of a quadratic form", start: tiled(start, n), steps: steps,
        function: { _ in .diagonalQuadratic(tiled(curvatures.map { $0 / rate }, n)) },
        position: { t in tiled(zip(start, curvatures).map { $0 * mode($1, t) }, n) },
        tolerance: 1e-10,
        why: "\(steps) steps of a recursion against powers of its roots"))
  }
}

extension KnownPath {
  /// A path on gradients that do not depend on where it goes.
  static func onGradients(
    _ name: String, start: [Double], steps: Int, tolerance: Double = 1e-11,
    needsDouble: Bool = false, gradient: @escaping @Sendable (Int) -> [Double],
    position: @escaping @Sendable (Int) -> [Double]
  ) -> KnownPath {
    KnownPath(
      name: name, start: start, steps: steps, function: { StepFunction(gradient: gradient($0)) },
      position: position, tolerance: tolerance,
      why: "a recursion of \(steps) steps and 1 − βᵗ at small t, some 10⁴ ulp",
      needsDouble: needsDouble)
  }
}

extension StepFunction {
  /// ½Σλᵢxᵢ².
  static func diagonalQuadratic(_ curvatures: [Double]) -> StepFunction {
    .quadratic(curvatures: curvatures, center: curvatures.map { _ in 0 })
  }
}

/// x/y, and 0 where y is 0: where ε = 0 and no gradient has been, a coordinate stays.
func quotient(_ x: Double, _ y: Double) -> Double { y == 0 ? 0 : x / y }
