// What needs no derivative: repetition, symmetry, linearity, digits, sign.

import Foundation

extension CurvatureOracle {
  /// Rounding that a right product may show, relative to ‖A‖: sums of some thousands of terms in
  /// several layers.
  private static let allowance = 1e4

  static let repetition = CurvatureOracle(
    "the same request has the same answer",
    law: "value, gradient and products at a point are what they were before another was asked for"
  ) { subject, trial in
    let elsewhere = moved(trial.point, by: trial.reach, along: trial.u)
    let first = (try subject.value(trial.point), try subject.gradient(trial.point))
    _ = try subject.checkedProducts(elsewhere, [trial.v])
    _ = try subject.value(elsewhere)
    let again = (
      try subject.value(trial.point), try subject.gradient(trial.point),
      try subject.checkedProducts(trial.point, [trial.u])[0]
    )
    let u = subject.precision.roundoff
    // An order of summation that changes from call to call is no other function.
    func require(_ difference: Double, _ scale: Double, _ name: String) throws(PropertyViolation) {
      let relative = scale > 0 ? difference / scale : difference
      try PropertyViolation.require(
        relative, atMost: allowance * u, "the same request has the same answer",
        "\(name), asked again, is another: "
          + (relative > 1e-4
            ? "is dropout on, or batch normalization in training mode?"
            : "is the order of its sums left to chance?"))
    }
    try require((again.0 - first.0).magnitude, first.0.magnitude, "the value")
    try require(norm(again.1 - first.1), norm(first.1), "the gradient")
    try require(norm(again.2 - trial.Au), trial.scale, "a product")
    let isSame = again.0 == first.0 && again.1 == first.1 && again.2 == trial.Au
    return .passed(isSame ? "bit for bit" : "but for rounding")
  }

  static let symmetry = CurvatureOracle(
    "the matrix is symmetric", law: "uᵀAv = vᵀAu for random u and v"
  ) { subject, trial in
    let defect = (dot(trial.u, trial.Av) - dot(trial.v, trial.Au)).magnitude
    try PropertyViolation.require(
      defect, atMost: allowance * subject.precision.roundoff * trial.scale,
      "the matrix is symmetric", "|uᵀAv − vᵀAu|, with ‖A‖ about \(trial.scale)")
    // Beside random vectors, which hide a defect of few rows: those that the products themselves are.
    let (p, q) = (trial.Au, trial.Av)
    guard norm(p) > 0, norm(q) > 0 else { return .passed("A·u or A·v is zero") }
    let products = try subject.checkedProducts(trial.point, [p, q])
    let second = (dot(p, products[1]) - dot(q, products[0])).magnitude / (norm(p) * norm(q))
    try PropertyViolation.require(
      second, atMost: allowance * subject.precision.roundoff * trial.scale,
      "the matrix is symmetric", "|pᵀAq − qᵀAp| of p = Au, q = Av")
    return .passed("to \(relative(max(defect, second), trial)) of ‖A‖")
  }

  static let linearity = CurvatureOracle(
    "products are linear, a vector at a time or many",
    law: "A(2u − 3v) = 2Au − 3Av, and a block's products are those of its vectors one by one"
  ) { subject, trial in
    let mixed = zip(trial.u, trial.v).map { 2 * $0 - 3 * $1 }
    let expected = zip(trial.Au, trial.Av).map { 2 * $0 - 3 * $1 }
    let alone = try subject.checkedProducts(trial.point, [mixed])[0]
    let block = try subject.checkedProducts(trial.point, [trial.v, mixed, trial.u])
    let tolerance = allowance * subject.precision.roundoff * trial.scale
    var worst = 0.0
    for (found, right, what) in [
      (alone, expected, "A(2u − 3v)"), (block[0], trial.Av, "the first of a block of three"),
      (block[1], alone, "the second"), (block[2], trial.Au, "the third"),
    ] {
      let error = norm(found - right)
      worst = max(worst, error)
      try PropertyViolation.require(
        error, atMost: 6 * tolerance, "products are linear, a vector at a time or many", what)
    }
    return .passed("to \(relative(worst, trial)) of ‖A‖")
  }

  /// How far products are from linear and symmetric, relative to ‖A‖: what bounds that rest on them
  /// have to be widened by.
  public static func productNoise(
    of subject: CurvatureSubject, at point: [Double], seed: UInt64 = 2
  ) throws -> Double {
    let trial = try CurvatureTrial(subject, at: point, seed: seed)
    guard trial.scale > 0 else { return 0 }
    let symmetric = (dot(trial.u, trial.Av) - dot(trial.v, trial.Au)).magnitude / trial.scale
    // Single draws: four times what they show.
    return max(4 * max(try linearNoise(subject, trial), symmetric), 16 * subject.precision.roundoff)
  }

  private static func linearNoise(_ subject: CurvatureSubject, _ trial: CurvatureTrial) throws -> Double {
    guard trial.scale > 0 else { return 0 }
    // Scaled by what is no power of two: by those every product is exact.
    let mixed = zip(trial.u, trial.v).map { $0 / 3 - $1 / 7 }
    let product = try subject.checkedProducts(trial.point, [mixed])[0]
    let expected = zip(trial.Au, trial.Av).map { $0 / 3 - $1 / 7 }
    return norm(product - expected) / norm(mixed) / trial.scale
  }

  static let digits = CurvatureOracle(
    "products have the digits that they should",
    law: "A(u/3 − v/7) differs from Au/3 − Av/7 by rounding in the precision that is said"
  ) { subject, trial in
    let noise = try linearNoise(subject, trial)
    let u = subject.precision.roundoff
    try PropertyViolation.require(
      noise, atMost: 1000 * u, "products have the digits that they should",
      noise > 1000 * 0x1p-24
        ? "as where matrices are multiplied in TF32 or bfloat16"
        : "as where it computes in single precision")
    return .passed("to \(shortText(noise)) of ‖A‖, where the roundoff is \(shortText(u))")
  }

  static let semidefinite = CurvatureOracle(
    "no eigenvalue is negative",
    law: "vᵀAv ≥ 0 for random v, and where the power method on ‖A‖·I − A leads"
  ) { subject, trial in
    guard subject.isSemidefinite else { return .notAsked }
    let tolerance = allowance * subject.precision.roundoff * trial.scale
    var vector = trial.u
    var least = min(dot(trial.u, trial.Au), dot(trial.v, trial.Av))
    for _ in 0..<20 {
      let product = try subject.checkedProducts(trial.point, [vector])[0]
      least = min(least, dot(vector, product))
      let next = zip(vector, product).map { 1.01 * trial.scale * $0 - $1 }
      let length = norm(next)
      guard length > 0 else { break }
      vector = next.map { $0 / length }
    }
    try PropertyViolation.require(-least, atMost: tolerance, "no eigenvalue is negative", "−vᵀAv")
    return .passed("vᵀAv ≥ \(shortText(least))")
  }

  private static func relative(_ error: Double, _ trial: CurvatureTrial) -> String {
    trial.scale > 0 ? shortText(error / trial.scale) : "0"
  }
}

/// Two digits.
func shortText(_ number: Double) -> String {
  guard number != 0, number.isFinite else { return "\(number)" }
  let power = floor(log10(number.magnitude))
  return "\((number / pow(10, power) * 10).rounded() / 10)e\(Int(power))"
}
