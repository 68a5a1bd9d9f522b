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
        let length = euclidean(ξ)
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

  static let noiseIsUniform = OptimizerOracle(
    "draws its noise uniformly",
    law: """
      The noise has mean 0, equal second moments and no memory of the noise before; each figure \
      within 6 standard deviations (false alarms about 2e-9 a figure).
      """
  ) { (trial) throws(OptimizerViolation) in
    try overLaws(trial) { (law) throws(OptimizerViolation) in
      let property = "the noise is uniform, and each draw new"
      let (n, draws) = (3, 2000)
      var run = try trial.begin(at: [0, 0, 0], property)
      var (sum, squares, products) = ([0.0, 0, 0], [0.0, 0, 0], 0.0)
      var before = [0.0, 0, 0]
      for _ in 0..<draws {
        // At the origin again each time, so that nothing rounds the noise off.
        run.move(to: [0, 0, 0])
        let ξ = try noise(of: &run, law, [0, 0, 0])
        for _ in 0..<law.interval { try run.advance(on: StepFunction(gradient: [0, 0, 0])) }
        for i in 0..<n {
          sum[i] += ξ[i]
          squares[i] += ξ[i] * ξ[i]
          products += ξ[i] * before[i]
        }
        before = ξ
      }
      // Of a coordinate: E ξᵢ² = 1/n on the sphere, 1/(n + 2) in the ball; E ξᵢ⁴ = 3/(n(n + 2)),
      // or 3/((n + 2)(n + 4)), which the variance of ξᵢ² follows from.
      let dimension = Double(n)
      let (second, fourth): (Double, Double) =
        switch law.shape {
        case .sphere: (1 / dimension, 3 / (dimension * (dimension + 2)))
        case .ball: (1 / (dimension + 2), 3 / ((dimension + 2) * (dimension + 4)))
        }
      let count = Double(draws)
      var agreement = Agreement(property)
      let spread = (fourth - second * second).squareRoot()
      try agreement.require(
        sum.map { $0 / (count * second).squareRoot() }, [0, 0, 0], within: 6, step: draws,
        "means, in standard deviations")
      try agreement.require(
        squares.map { ($0 - count * second) / (count.squareRoot() * spread) }, [0, 0, 0],
        within: 6, step: draws, "second moments, in standard deviations")
      // E (ξ·ξ′)² = n·second² for independent draws.
      try agreement.require(
        [products / (count * dimension).squareRoot() / second], [0], within: 6, step: draws,
        "products of neighbouring draws, in standard deviations")
      return agreement.worst
    }
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

  private static func euclidean(_ v: [Double]) -> Double {
    v.reduce(0) { $0 + $1 * $1 }.squareRoot()
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
