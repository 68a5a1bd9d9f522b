// What the value says of the gradient, and the gradient of the products.

extension CurvatureOracle {
  /// Where two steps in a row agree no better than this, differences decide nothing.
  private static let roughest = 0.05
  /// Many kinks look smooth to differences that step over them, so that in single precision, whose
  /// steps are long, only a function that says it is smooth can be refuted.
  private static func canRefute(_ subject: CurvatureSubject) -> Bool {
    subject.precision == .double || subject.isSmooth == true
  }

  private static func firstStep(_ subject: CurvatureSubject) -> (step: Double, count: Int) {
    subject.precision == .double ? (1 / 16, 15) : (1 / 4, 7)
  }

  static let gradient = CurvatureOracle(
    "the gradient is the value's derivative",
    law: "gᵀv is what differences of the value along v come to, for v along g and for random v"
  ) { subject, trial in
    var findings: [Double] = []
    // At a critical point differences are rounding: beside it they are not.
    for point in [trial.point, moved(trial.point, by: trial.reach, along: trial.u)] {
      let gradient = try checked(
        subject.gradient(point), "gradient", expecting: subject.dimension, at: "the point")
      let length = norm(gradient)
      let rounding = subject.precision.roundoff * (try subject.value(point)).magnitude
      for direction in [length > 0 ? gradient.map { $0 / length } : trial.u, trial.v] {
        let scaled = direction.map { trial.reach * $0 }
        let (step, count) = firstStep(subject)
        let ladder = try DifferenceLadder(
          of: { [try subject.value($0)] }, at: point, along: scaled, first: step, count: count)
        let claimed = dot(gradient, scaled)
        let size = max(claimed.magnitude, ladder.quotient[0].magnitude)
        let error = (ladder.quotient[0] - claimed).magnitude
        let bound =
          4 * ladder.disagreement + 16 * rounding / ladder.step
          + 64 * subject.precision.roundoff * length * trial.reach
        guard bound < roughest * size else { continue }
        findings.append(error / size)
        guard error > bound else { continue }
        guard canRefute(subject) else { return undecidedByKinks }
        throw PropertyViolation(
          "the gradient is the value's derivative",
          "gᵀv = \(claimed), where differences of the value give \(ladder.quotient[0])"
            + hint(ratio: claimed / ladder.quotient[0]), ratio: error / bound)
      }
    }
    guard let worst = findings.max() else {
      return .undecided("differences of the value are no clearer than their rounding")
    }
    return .passed("to \(shortText(worst))")
  }

  static let derivative = CurvatureOracle(
    "products are the gradient's derivative",
    law: """
      Av is what differences of the gradient along v come to, for random v and v = Au, and at another \
      point
      """
  ) { subject, trial in
    guard subject.isHessian else { return .notAsked }
    var findings: [Double] = []
    let length = norm(trial.Au)
    // A random vector is mostly of the bulk, a product of the greatest eigenvalues.
    var directions = [(trial.point, trial.v, trial.Av)]
    // Products that are always those of one point are right at that point.
    let elsewhere = moved(trial.point, by: trial.reach, along: trial.u)
    directions.append(
      (elsewhere, trial.v, try subject.checkedProducts(elsewhere, [trial.v])[0]))
    if length > 0 {
      let along = trial.Au.map { $0 / length }
      directions.append((trial.point, along, try subject.checkedProducts(trial.point, [along])[0]))
    }
    for (point, direction, product) in directions {
      let scaled = direction.map { trial.reach * $0 }
      let (step, count) = firstStep(subject)
      let ladder = try DifferenceLadder(
        of: { try subject.gradient($0) }, at: point, along: scaled, first: step, count: count)
      let claimed = product.map { trial.reach * $0 }
      let size = max(norm(claimed), norm(ladder.quotient))
      let error = norm(ladder.quotient - claimed)
      // Differences that are lost to rounding are all zero, and agree with one another: what the
      // disagreement does not show.
      let rounding = subject.precision.roundoff * norm(try subject.gradient(point))
      let bound =
        4 * ladder.disagreement + 16 * rounding / ladder.step
        + 1000 * subject.precision.roundoff * trial.scale * trial.reach
      guard bound < roughest * size else { continue }
      findings.append(error / size)
      guard error > bound else { continue }
      guard canRefute(subject) else { return undecidedByKinks }
      throw PropertyViolation(
        "products are the gradient's derivative",
        "Av is \(shortText(error / size)) of its length from what differences of the gradient give"
          + hint(ratio: dot(claimed, ladder.quotient) / dot(ladder.quotient, ladder.quotient))
          + (point == trial.point ? "" : ", at another point than the first"),
        ratio: error / bound)
    }
    guard let worst = findings.max() else {
      return .undecided(
        "differences of the gradient are no clearer than their rounding: double precision would be")
    }
    return .passed("to \(shortText(worst))")
  }

  private static let undecidedByKinks = Outcome.undecided(
    "it is not what differences say, at steps as long as single precision needs; where the function has "
      + "kinks (ReLU, max-pooling) it need not be: double precision decides")

  /// What a factor between claim and truth points to.
  private static func hint(ratio: Double) -> String {
    if (ratio + 1).magnitude < 0.02 { return ": the sign is the other" }
    if (ratio - 2).magnitude < 0.04 { return ": twice too much" }
    if (ratio - 0.5).magnitude < 0.01 { return ": half of it" }
    if ratio > 3, (ratio - ratio.rounded()).magnitude < 0.02 * ratio {
      return ": \(Int(ratio.rounded())) times too much: is a mean over samples missing?"
    }
    return ""
  }

  static let samples = CurvatureOracle(
    "the value is the mean of the samples' own",
    law: "L = Σℓᵢ/N + ½λ‖θ‖², and its gradient the mean of theirs"
  ) { subject, trial in
    guard let samples = subject.samples else { return .notAsked }
    guard samples.count <= sampleLimit else {
      return .undecided("it has \(samples.count) samples, and \(sampleLimit) are taken at most")
    }
    let value = try subject.value(trial.point)
    let gradient = try subject.gradient(trial.point)
    var (sum, largest) = (0.0, 0.0)
    var total = trial.point.map { samples.weightDecay * $0 * Double(samples.count) }
    for i in 0..<samples.count {
      let (own, slope) = try samples.term(trial.point, i)
      sum += own
      total = zip(total, slope).map(+)
      largest = max(largest, norm(slope))
    }
    let count = Double(samples.count)
    let mean = sum / count + samples.weightDecay * dot(trial.point, trial.point) / 2
    let u = 1e4 * subject.precision.roundoff
    let hint = "does a sample's term depend on others, as in batch normalization in training mode?"
    try PropertyViolation.require(
      (mean - value).magnitude, atMost: u * max(value.magnitude, mean.magnitude),
      "the value is the mean of the samples' own", "\(value), and the mean is \(mean): " + hint)
    let error = norm(gradient - total.map { $0 / count })
    // Terms are larger than their mean, and their rounding with them.
    let scale = max(norm(gradient), largest / count.squareRoot(), 1e-3 * value.magnitude)
    if error > u * scale, error <= roughest * scale, !canRefute(subject) {
      return .undecided(
        "the gradient is \(shortText(error / scale)) of its length from the mean of the samples' own, as "
          + "where a unit at its kink (ReLU, max-pooling) falls on the other side in a batch of another "
          + "size: double precision decides")
    }
    try PropertyViolation.require(
      error, atMost: u * scale, "the value is the mean of the samples' own", "the gradient: " + hint)
    return .passed("over \(samples.count) samples")
  }

  private static let sampleLimit = 300
}
