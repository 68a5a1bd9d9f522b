/// A claim from the literature, the rule that decides it, and what came of it at one point.
public struct Claim: Codable, Equatable, Sendable {
  public let statement: String
  public let citation: String
  /// The rule, which no run can change.
  public let rule: String
  public let verdict: Verdict
  /// The figures that the rule was applied to, in words.
  public let evidence: String

  /// The claims of the paper, decided at one end point of training.
  ///
  /// - Parameter startingLoss: nil where it is not known, of imported parameters.
  public static func all(for record: PointRecord, startingLoss: Double?) -> [Claim] {
    PointClaim.ofOnePoint.map { claim in
      let (verdict, evidence) = claim.decide(record, startingLoss)
      return Claim(
        statement: claim.statement, citation: claim.citation, rule: claim.rule, verdict: verdict,
        evidence: evidence)
    }
  }
}

/// A claim about points: one rule and one function from a point's record to a verdict. A report on
/// one run applies it once, a survey to each of its runs.
public struct PointClaim: Sendable {
  public typealias Decision = (verdict: Verdict, evidence: String)

  /// A short name that stays: "negative-curvature".
  public let id: String
  public let statement: String
  public let citation: String
  public let rule: String
  /// - Parameter startingLoss: where training began; nil where it is not known.
  public let decide: @Sendable (_ record: PointRecord, _ startingLoss: Double?) -> Decision

  init(
    _ id: String, _ statement: String, _ citation: String, rule: String,
    decide: @escaping @Sendable (PointRecord, Double?) -> Decision
  ) {
    self.id = id
    self.statement = statement
    self.citation = citation
    self.rule = rule
    self.decide = decide
  }

  static let paper = "arXiv 1706.02052"

  /// Those that a report on one run decides.
  public static let ofOnePoint = [negativeCurvature, degenerate, lowLoss, saddle]
}

extension PointClaim {
  public static let negativeCurvature = PointClaim(
    "negative-curvature", "Training ends where the Hessian has negative eigenvalues.", paper,
    rule: "reproduced if a direction is certified by a Hessian-vector product and by function "
      + "values that agree; not reproduced if no eigenvalue is negative beyond its error, and that is "
      + "at most 1e-6·max|λ|"
  ) { record, _ in
    guard let curvature = record.curvature else { return (.undecided, "not measured") }
    let verdict: Verdict =
      switch curvature.outcome {
      case .certified: .reproduced
      case .noneBeyondRounding: .notReproduced
      case .notResolved, .withinNoise, .contradicted, .notFound: .undecided
      }
    return (verdict, curvature.inWords(of: record))
  }

  public static let degenerate = PointClaim(
    "degenerate", "Most eigenvalues are about zero.", paper,
    rule: "of the eigenvalues that are no structural zeros, reproduced if more than half are about "
      + "zero at ε = 1e-6; not reproduced if at most half are at 1e-3, whatever rounding did; else "
      + "the answer depends on the tolerance"
  ) { record, _ in
    guard let strictLimits = record.emergentLimits(at: PointLimits.strictZero),
      let looseLimits = record.emergentLimits(at: PointLimits.looseZero)
    else { return (.undecided, "not measured") }
    func share(at tolerance: Double, _ limits: ClosedRange<Double>) -> String {
      record.emergentShare(at: tolerance).map(percent)
        ?? "between \(percent(limits.lowerBound)) and \(percent(limits.upperBound))"
    }
    let evidence =
      "\(share(at: PointLimits.strictZero, strictLimits)) at ε = 1e-6, "
      + "\(share(at: PointLimits.looseZero, looseLimits)) at 1e-3, besides "
      + "\(record.spectrum?.structuralZeros ?? 0) structural zeros of \(record.order)"
    if strictLimits.lowerBound > ClaimLimits.most { return (.reproduced, evidence) }
    let isFew = looseLimits.upperBound <= ClaimLimits.most
    return (isFew ? .notReproduced : .undecided, evidence)
  }

  public static let lowLoss = PointClaim(
    "low-loss", "The loss is low where training ends.", paper,
    rule: "reproduced if the training loss is at most a tenth of the loss at the start; else not"
  ) { record, startingLoss in
    let evaluation = record.evaluation
    let evidence =
      "loss \(short(evaluation.loss))"
      + (startingLoss.map { " from \(short($0))" } ?? ", from where is not known")
      + (evaluation.accuracy.map { ", training accuracy \(percent($0))" } ?? "")
    guard let startingLoss else { return (.undecided, evidence) }
    let isLow = evaluation.loss / startingLoss <= ClaimLimits.lowLoss
    return (isLow ? .reproduced : .notReproduced, evidence)
  }

  public static let saddle = PointClaim(
    "saddles", "The end point is a saddle point.", paper,
    rule: "decided only at a critical point: where Newton's step, over all modes that the arithmetic "
      + "resolves, is at most a thousandth of ‖θ‖, and the gradient along the others is within its "
      + "rounding; there reproduced if negative curvature is certified, not reproduced if no "
      + "eigenvalue is negative beyond its error"
  ) { record, startingLoss in
    guard let criticality = record.criticality else {
      return (
        .undecided,
        "‖∇L‖ = \(short(record.evaluation.gradientNorm)); Newton's step was not measured"
      )
    }
    let curvature = negativeCurvature.decide(record, startingLoss)
    return (
      criticality.isCritical ? curvature.verdict : .undecided,
      criticality.inWords + "; " + curvature.evidence
    )
  }

  /// - Parameter classes: how many the network tells apart.
  public static func outliers(classes: Int) -> PointClaim {
    let expected = classes - 2...classes
    return PointClaim(
      "outliers", "About as many eigenvalues stand apart as there are classes, less one.",
      "Sagun et al. 2016, 2017; Papyan 2018",
      rule: "outliers are those above the largest ratio of neighbours among the 100 greatest, if it "
        + "is 1.5 or more; reproduced if there are \(expected.lowerBound) to "
        + "\(expected.upperBound), else not"
    ) { record, _ in
      guard let outliers = record.spectrum?.outliers else { return (.undecided, "not measured") }
      return (expected.contains(outliers) ? .reproduced : .notReproduced, "outliers \(outliers)")
    }
  }

  public static let gaussNewtonOutliers = PointClaim(
    "gauss-newton-outliers", "The Hessian's outliers are those of the Gauss–Newton matrix.",
    "Sagun et al. 2017; Papyan 2018",
    rule: "reproduced if the ten greatest eigenvalues of both agree within 10 %, else not"
  ) { record, _ in
    guard let figures = record.gaussNewton else { return (.undecided, "not measured") }
    let agree = figures.leadingDeviation <= ClaimLimits.leadingDeviation
    return (agree ? .reproduced : .notReproduced, figures.inWords)
  }

  public static let gaussNewtonBulk = PointClaim(
    "gauss-newton-bulk", "The Hessian's bulk is not that of the Gauss–Newton matrix.",
    "Papyan 2018",
    rule: "reproduced if the distribution functions of the other eigenvalues differ by 0.1 or more "
      + "somewhere, else not"
  ) { record, _ in
    guard let figures = record.gaussNewton else { return (.undecided, "not measured") }
    let differ = figures.bulkDistance >= ClaimLimits.bulkDistance
    return (differ ? .reproduced : .notReproduced, figures.inWords)
  }
}

extension CurvatureFigures {
  /// The evidence, so that it cannot contradict the outcome.
  func inWords(of record: PointRecord) -> String {
    var text: String
    switch outcome {
    case .noneBeyondRounding:
      guard let least = record.spectrum?.least else { return "no eigenvalue is negative" }
      return "no eigenvalue is negative beyond its error: the least is \(short(least.value)) ± "
        + short(least.upper - least.value)
    case .notResolved:
      let error = record.spectrum.map { short($0.least.upper - $0.least.value) } ?? "unknown"
      return "rounding hides whether an eigenvalue is negative: their error is \(error)"
    case .notFound:
      let least = record.spectrum.map { short($0.least.value) } ?? "unknown"
      return "the least eigenvalue is \(least), but no direction was found that shows it"
    case .certified: text = "certified"
    case .withinNoise: text = "not certified: function values are too noisy to bear it out"
    case .contradicted:
      text = "not certified: products and function values contradict each other"
    }
    if let spectrum = record.spectrum, let index = spectrum.share(at: PointLimits.strictZero)?.index {
      func count(_ share: Double) -> String { "\(Int((share * Double(record.order)).rounded()))" }
      let limits =
        spectrum.isExact || !index.isResolved
        ? "" : " (\(count(index.lower)) … \(count(index.upper)))"
      text = "index \(index.inWords(count))\(limits) of \(record.order) at ε = 1e-6; " + text
    }
    // Their errors stand in the record: digits of rounding differ from one machine to the next.
    guard let rayleighQuotient, let fromValues else { return text }
    return text + "; vᵀHv = \(short(rayleighQuotient)), function values give \(short(fromValues))"
  }
}

extension Criticality {
  /// What was found, and what it says.
  var inWords: String {
    // Beyond ‖θ‖ the figure is of modes that rounding all but hides, and its digits say nothing.
    let size =
      newtonStep == 0
      ? "0"
      : newtonStep > lengthScale
        ? "longer than ‖θ‖" : "\(short(newtonStep / lengthScale)) of ‖θ‖"
    let figures =
      "‖∇L‖ = \(short(gradientNorm)), Newton's step \(size), \(percent(nearKernelShare)) of ‖∇L‖² in "
      + "the near-kernel"
    if isCritical { return figures + ": a critical point" }
    guard isRuledOut else { return figures + ": rounding leaves open whether it is a critical point" }
    let away = (outwardCosine ?? 0) > 0 ? ", and downhill leads outward" : ""
    return figures + (isGradientFlat ? ": gradient-flat" : ": not a critical point") + away
  }
}

extension GaussNewtonComparison {
  var inWords: String {
    "the \(Self.leading) greatest differ by at most \(percent(leadingDeviation)), the others' "
      + "distributions by \(short(bulkDistance))"
  }
}
