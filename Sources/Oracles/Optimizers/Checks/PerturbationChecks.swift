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
      let start = Draw.normals(3, using: &generator)
      var run = try trial.begin(at: start, property)
      var last: Int?
      for step in 1...(200 + 3 * law.interval) {
        // Small gradients in stretches longer than the interval, large ones between, at the
        // threshold and up to six orders of magnitude away from it.
        let isSmall = step % (2 * law.interval + 40) > 20
        let factor = pow(10, Double(step % 7))
        let size = law.smallGradient * (isSmall ? 0.9 / factor : 1.1 * factor)
        let gradient = Draw.direction(3, using: &generator).map { size * $0 }
        // Back again each time: far away the noise would be rounded off.
        run.move(to: start)
        let ξ = try run.noise(law, gradient)
        let isDue = size <= law.threshold && last.map { step - $0 > law.interval } ?? true
        let length = norm(ξ)
        // What rounding leaves of θ − ηg − θ′.
        let rounding = law.rounding(at: start, gradient, trial.precision.unit)
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
}

extension PerturbationLaw {
  /// The norm of a gradient that is neither small nor large.
  fileprivate var smallGradient: Double { threshold.isFinite ? threshold : scale / rate }
}
