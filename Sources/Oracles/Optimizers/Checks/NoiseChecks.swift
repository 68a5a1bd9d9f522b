import Foundation

/// The distribution of the noise.
///
/// Every check draws a fixed number of times in one dimension and more, and accuses right noise
/// with a probability of at most 10⁻⁹: its tests rest on Massart's inequality for samples of a
/// known law, on the exact law of a fair coin, and on a union bound, none on a limit.
extension OptimizerOracle {
  /// The bound on a check's false alarms: eight checks of three sets of hyperparameters stay
  /// below 10⁻⁷.
  static let falseAlarmOfNoise = 1e-9

  static let noise = [
    noiseHasItsLengths, noiseHasItsMoments, noiseHasItsProjections, noiseIsUniform, noiseIsNew,
    noiseIsNotRepeated, noiseIsApart, noiseHasItsSeed,
  ]

  private static let noiseHasItsLengths = ofNoise(
    "draws noise of the right lengths", on: .still,
    law: "On the sphere all noise has length 1; in the ball rⁿ is uniform (false alarms 1e-9)."
  ) { sample, evidence, _ in sample.gatherLengths(into: &evidence) }

  private static let noiseHasItsMoments = ofNoise(
    "draws noise of the right moments", on: .steady,
    law: """
      Means, covariances and moments up to the fourth degree are those of the law: each monomial \
      is above a right draw's half of the time (false alarms 1e-9).
      """
  ) { sample, evidence, generator in
    sample.gatherMoments(into: &evidence, using: &generator)
  }

  private static let noiseHasItsProjections = ofNoise(
    "draws noise of the right projections", on: .steady,
    law: """
      Along coordinates, diagonals and directions at random the noise has the law of a coordinate \
      of a uniform direction (false alarms 1e-9).
      """
  ) { sample, evidence, generator in
    sample.gatherProjections(into: &evidence, using: &generator)
  }

  private static let noiseIsUniform = ofNoise(
    "draws its noise evenly", on: .still,
    law: """
      Given the coordinates before it, each coordinate has its law and tells nothing of the next, \
      nor the length of any (false alarms 1e-9).
      """
  ) { sample, evidence, _ in sample.gatherJointLaw(into: &evidence) }

  private static let noiseIsNew = ofNoise(
    "draws each noise anew", on: .steady,
    law: "Directions and lengths are independent at all lags to 64 (false alarms 1e-9)."
  ) { sample, evidence, _ in sample.gatherLags(into: &evidence) }

  private static let noiseIsNotRepeated = ofNoise(
    "draws no noise twice", on: .still,
    law: """
      No noise comes again, nor with other signs, another length or its coordinates in another \
      order (false alarms 1e-9).
      """
  ) { sample, evidence, _ in sample.gatherRepeats(into: &evidence) }

  private static let noiseIsApart = ofNoise(
    "draws noise apart from the gradient", on: .changing,
    law: """
      The noise tells nothing of the gradient's direction or size, of the last gradient, of the \
      last move or of θ (false alarms 1e-9).
      """
  ) { sample, evidence, _ in sample.gatherSurroundings(into: &evidence) }

  private static let noiseHasItsSeed = OptimizerOracle(
    "draws other noise from another seed",
    law: "Neighbouring seeds draw independent noise (false alarms 1e-9)."
  ) { (trial) throws(OptimizerViolation) in
    let property = "neighbouring seeds draw independent noise"
    var worst: Double?
    for case .seeded(let make) in trial.declarations {
      let margin = try overLaws(trial) { (law) throws(OptimizerViolation) in
        var generator = trial.generator
        var evidence = Evidence()
        // The first draws of a hundred seeds, one seed after the other: their lags reach from
        // seed to seed.
        var sample = NoiseSample(dimension: 8, shape: law.shape)
        for seed in trial.seed..<trial.seed + 100 {
          let subject: any OptimizerSubject
          do { subject = try make(seed) } catch {
            throw OptimizerViolation(property: property, detail: "seed \(seed): \(error)")
          }
          try trial.gatherNoise(
            law, count: 3, on: .still, of: subject, property, into: &sample, using: &generator)
        }
        sample.gatherProjections(into: &evidence, using: &generator)
        sample.gatherLags(into: &evidence)
        sample.gatherRepeats(into: &evidence)
        return try evidence.margin(property, draws: sample.count)
      }
      guard case .passed(let found) = margin else { continue }
      worst = max(worst ?? 0, found)
    }
    return worst.map { .passed(margin: $0) } ?? .notDeclared
  }

  /// A check of draws in 1, 2, 3, 8 and 33 dimensions.
  private static func ofNoise(
    _ name: String, on course: NoiseCourse, law: String,
    _ gather: @escaping @Sendable (NoiseSample, inout Evidence, inout SplitMix64) -> Void
  ) -> OptimizerOracle {
    OptimizerOracle(name, law: law) { (trial) throws(OptimizerViolation) in
      try overLaws(trial) { (law) throws(OptimizerViolation) in
        var generator = trial.generator
        var evidence = Evidence()
        var draws = 0
        for n in [1, 2, 3, 8, 33] {
          let sample = try trial.noise(
            law, dimension: n, count: law.draws(in: n), on: course, "it \(name)", using: &generator)
          gather(sample, &evidence, &generator)
          draws += sample.count
        }
        return try evidence.margin("it \(name)", draws: draws)
      }
    }
  }

  /// The worst margin over the declared laws.
  static func overLaws(
    _ trial: OptimizerTrial,
    _ body: (PerturbationLaw) throws(OptimizerViolation) -> Double
  ) throws(OptimizerViolation) -> OptimizerVerdict.Outcome {
    var worst: Double?
    for case .perturbs(let law) in trial.declarations {
      worst = max(worst ?? 0, try body(law))
    }
    return worst.map { .passed(margin: $0) } ?? .notDeclared
  }
}

extension Evidence {
  /// log p over the log of the bound on false alarms.
  ///
  /// - Throws: above 1.
  fileprivate func margin(
    _ property: String, draws: Int
  ) throws(OptimizerViolation) -> Double {
    let margin = logP / log(OptimizerOracle.falseAlarmOfNoise)
    guard margin <= 1 else {
      let power = (logP / log(10)).rounded()
      throw OptimizerViolation(
        property: property, ratio: margin,
        detail: "\(strongest): p ≤ 1e\(power.isFinite ? "\(Int(power))" : "-∞") "
          + "over \(tests) tests of \(draws) draws")
    }
    return margin
  }
}

extension PerturbationLaw {
  /// As many as steps and numbers allow.
  fileprivate func draws(in dimension: Int) -> Int {
    max(60, min(2000, 24_000 / dimension, 20_000 / (interval + 1)))
  }
}
