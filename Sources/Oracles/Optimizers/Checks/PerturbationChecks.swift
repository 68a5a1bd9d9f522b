import Foundation

extension OptimizerOracle {
  static let perturbs = OptimizerOracle(
    "perturbs when it is due",
    law: """
      The noise comes at the steps where it is due and at no other, and has its length; between, \
      the steps are those of gradient descent.
      """
  ) { (trial) throws(OptimizerViolation) in
    try overLaws(trial) { (law) throws(OptimizerViolation) in
      let property = "the noise comes where it is due, and has its length"
      var generator = trial.generator
      var run = try trial.begin(at: Draw.normals(3, using: &generator), property)
      var last: Int?
      for step in 1...(200 + 3 * law.interval) {
        // Small gradients in stretches longer than the interval, large ones between.
        let isSmall = step % (2 * law.interval + 40) > 20
        let size = isSmall ? 0.9 * law.smallGradient : 1.1 * law.smallGradient
        let gradient = Draw.direction(3, using: &generator).map { size * $0 }
        let ξ = try noise(of: &run, law, gradient)
        let isDue = size <= law.threshold && last.map { step - $0 > law.interval } ?? true
        let length = norm(ξ)
        // What rounding leaves of θ − ηg − θ′.
        let rounding = law.rounding(at: run.point, gradient)
        let isRight =
          isDue
          ? length <= 1 + rounding && length > (law.shape == .sphere ? 1 - rounding : rounding)
          : length <= rounding
        guard isRight else {
          throw OptimizerViolation(
            property: property, step: step, expected: isDue ? 1 : 0, got: length,
            detail: isDue
              ? "noise is due: its length, in units of its scale, is \(length)"
              : "no noise is due, and the step is not gradient descent's")
        }
        if isDue { last = step }
      }
      return 0
    }
  }

  static let noiseIsCentred = OptimizerOracle(
    "draws noise of mean zero",
    law: "The noise has mean 0, within 6 standard deviations (false alarms 2e-9 a coordinate)."
  ) { (trial) throws(OptimizerViolation) in
    try overDraws(trial, "the noise has mean 0") { draws, law in
      let n = draws[0].count
      let deviation = (Double(draws.count) * law.shape.secondMoment(n)).squareRoot()
      return (0..<n).map { i in draws.reduce(0) { $0 + $1[i] } / deviation }
    }
  }

  static let noiseIsNew = OptimizerOracle(
    "draws each noise anew",
    law: "Neighbouring draws are uncorrelated, within 6 standard deviations."
  ) { (trial) throws(OptimizerViolation) in
    try overDraws(trial, "each noise is new") { draws, law in
      let products = zip(draws, draws.dropFirst()).map { dot($0, $1) }
      // E (ξ·ξ′)² = n·(E ξᵢ²)² for independent draws.
      let deviation =
        Double(draws[0].count * products.count).squareRoot()
        * law.shape.secondMoment(draws[0].count)
      return [products.reduce(0, +) / deviation]
    }
  }

  static let noiseIsUniform = OptimizerOracle(
    "draws its noise evenly",
    law: "Every coordinate of the noise has its second moment, within 6 standard deviations."
  ) { (trial) throws(OptimizerViolation) in
    try overDraws(trial, "the noise is spread evenly") { draws, law in
      let n = draws[0].count
      let second = law.shape.secondMoment(n)
      let spread = (law.shape.fourthMoment(n) - second * second).squareRoot()
      let count = Double(draws.count)
      return (0..<n).map { i in
        (draws.reduce(0) { $0 + $1[i] * $1[i] } - count * second) / (count.squareRoot() * spread)
      }
    }
  }

  static let noiseHasItsLengths = OptimizerOracle(
    "draws noise of the right lengths",
    law: """
      On the sphere all noise has length 1, in the ball one half is shorter than 2^(−1/n), within \
      6 standard deviations.
      """
  ) { (trial) throws(OptimizerViolation) in
    try overDraws(trial, "the noise has its lengths") { draws, law in
      switch law.shape {
      case .sphere:
        return [draws.map { (norm($0) - 1).magnitude }.max() ?? 0].map { 6e10 * $0 }
      case .ball:
        let median = pow(2, -1 / Double(draws[0].count))
        let count = Double(draws.count)
        let shorter = Double(draws.count { norm($0) < median })
        return [(shorter - count / 2) / (count.squareRoot() / 2)]
      }
    }
  }

  /// Holds figures of many draws, in standard deviations, to 6.
  private static func overDraws(
    _ trial: OptimizerTrial, _ property: String,
    _ figures: ([[Double]], PerturbationLaw) -> [Double]
  ) throws(OptimizerViolation) -> OptimizerVerdict.Outcome {
    try overLaws(trial) { (law) throws(OptimizerViolation) in
      let draws = try draws(trial, law, property)
      let found = figures(draws, law)
      var agreement = Agreement(property)
      try agreement.require(
        found, found.map { _ in 0 }, within: 6, step: draws.count,
        "in standard deviations, over \(draws.count) draws")
      return agreement.worst
    }
  }

  /// Noise at a zero gradient, with the interval's rests between.
  private static func draws(
    _ trial: OptimizerTrial, _ law: PerturbationLaw, _ property: String
  ) throws(OptimizerViolation) -> [[Double]] {
    let origin = [0.0, 0, 0]
    var run = try trial.begin(at: origin, property)
    var draws: [[Double]] = []
    for _ in 0..<max(100, min(500, 20_000 / (law.interval + 1))) {
      // At the origin again each time, so that nothing rounds the noise off.
      run.move(to: origin)
      draws.append(try noise(of: &run, law, origin))
      let there = run.point
      for _ in 0..<law.interval { try run.advance(on: StepFunction(gradient: origin)) }
      guard run.point == there else {
        throw OptimizerViolation(
          property: property, step: run.step,
          detail: "noise came within the interval of \(law.interval) steps, at a zero gradient")
      }
    }
    return draws
  }

  /// The worst margin over the declared laws.
  private static func overLaws(
    _ trial: OptimizerTrial,
    _ body: (PerturbationLaw) throws(OptimizerViolation) -> Double
  ) throws(OptimizerViolation) -> OptimizerVerdict.Outcome {
    var worst: Double?
    for case .perturbs(let law) in trial.declarations {
      worst = max(worst ?? 0, try body(law))
    }
    return worst.map { .passed(margin: $0) } ?? .notDeclared
  }

  /// What a step did beyond gradient descent's, in units of the noise's scale.
  private static func noise(
    of run: inout ObservedRun, _ law: PerturbationLaw, _ gradient: [Double]
  ) throws(OptimizerViolation) -> [Double] {
    let before = run.point
    try run.advance(on: StepFunction(gradient: gradient))
    return before.indices.map {
      (run.point[$0] - (before[$0] - law.rate * gradient[$0])) / law.scale
    }
  }
}

extension PerturbationLaw.Shape {
  /// E ξᵢ² in n dimensions.
  fileprivate func secondMoment(_ n: Int) -> Double {
    switch self {
    case .sphere: 1 / Double(n)
    case .ball: 1 / Double(n + 2)
    }
  }

  /// E ξᵢ⁴.
  fileprivate func fourthMoment(_ n: Int) -> Double {
    switch self {
    case .sphere: 3 / Double(n * (n + 2))
    case .ball: 3 / Double((n + 2) * (n + 4))
    }
  }
}

extension PerturbationLaw {
  /// The norm of a gradient that is neither small nor large.
  fileprivate var smallGradient: Double { threshold.isFinite ? threshold : 1 }

  /// What rounding leaves in units of the scale, with room for a dozen operations.
  fileprivate func rounding(at point: [Double], _ gradient: [Double]) -> Double {
    let size = zip(point, gradient).map { $0.magnitude + rate * $1.magnitude }.max() ?? 0
    return 1e-14 * (1 + size / scale)
  }
}
