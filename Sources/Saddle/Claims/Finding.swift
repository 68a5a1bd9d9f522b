/// A figure that is pinned, how far a recomputed one may lie from it, and why.
public struct PinnedFigure: Codable, Equatable, Sendable {
  public let name: String
  public let value: Double
  /// The largest |recomputed − value| that is accepted.
  public let tolerance: Double
  public let reason: String

  public init(name: String, value: Double, tolerance: Double, reason: String) {
    self.name = name
    self.value = value
    self.tolerance = tolerance
    self.reason = reason
  }

  /// How far `recomputed` is off, in tolerances: above 1 is a failure, and NaN is infinitely far.
  public func deviation(of recomputed: Double) -> Double {
    let error = (recomputed - value).magnitude
    guard error.isFinite else { return .infinity }
    if error == 0 { return 0 }
    return tolerance > 0 ? error / tolerance : .infinity
  }
}

/// Where a finding comes from.
public struct Provenance: Codable, Equatable, Sendable {
  /// The command that makes the finding.
  public let command: String
  /// The project's commit that made it.
  public let commit: String
  public let toolchain: String
  /// The BLAS and its kernels, since they decide the last bits of a trajectory.
  public let blas: String
  /// The data in words, and each file with its SHA-256.
  public let data: String
  public let sources: [RecordSource]
  /// The SHA-256 of the samples that were used: the same from plain, compressed or longer files.
  public let contentSHA256: String

  public init(
    command: String, commit: String, toolchain: String, blas: String, samples: SampleSet
  ) throws(DataError) {
    self.command = command
    self.commit = commit
    self.toolchain = toolchain
    self.blas = blas
    data = samples.name
    sources = samples.sources
    contentSHA256 = try samples.contentSHA256()
  }
}

/// What was found at the end of one run: claims with verdicts, and figures to hold later runs of
/// the analysis against.
public struct Finding: Codable, Equatable, Sendable {
  public let experiment: Experiment
  public let provenance: Provenance
  public let claims: [Claim]
  public let figures: [PinnedFigure]

  public init(
    experiment: Experiment, provenance: Provenance, analysis: PointAnalysis,
    startingLoss: Double, test: Evaluation?
  ) {
    self.experiment = experiment
    self.provenance = provenance
    claims = Claim.all(for: PointRecord(analysis), startingLoss: startingLoss)
    figures = PinnedFigure.all(of: analysis, startingLoss: startingLoss, test: test)
  }

  /// The loss that training started from, as it is pinned.
  public var startingLoss: Double? {
    figures.first { $0.name == PinnedFigure.startingLossName }?.value
  }

  /// The figures that a recomputed analysis misses, each with its deviation in tolerances; a
  /// figure that is missing altogether counts as infinitely far off.
  public func misses(
    of analysis: PointAnalysis, startingLoss: Double, test: Evaluation?
  ) -> [(figure: PinnedFigure, recomputed: Double?, deviation: Double)] {
    let recomputed = Dictionary(
      uniqueKeysWithValues: PinnedFigure.all(
        of: analysis, startingLoss: startingLoss, test: test
      ).map { ($0.name, $0.value) })
    return figures.compactMap { figure in
      let value = recomputed[figure.name]
      let deviation = value.map(figure.deviation(of:)) ?? .infinity
      return deviation <= 1 ? nil : (figure, value, deviation)
    }
  }
}

extension PinnedFigure {
  /// Every pinned figure of an analysis, with tolerances that follow from rounding.
  static func all(
    of analysis: PointAnalysis, startingLoss: Double, test: Evaluation?
  ) -> [PinnedFigure] {
    let spectrum = analysis.spectrum
    let rounding = Double(spectrum.order) * Double.ulpOfOne * spectrum.radius
    let perValue = "60 n ulp max|λ|: LAPACK's threshold for an eigenvalue"
    var figures = [
      relative("loss", analysis.evaluation.loss),
      relative(startingLossName, startingLoss),
      relative("gradient norm", analysis.evaluation.gradientNorm),
      PinnedFigure(
        name: "least eigenvalue", value: spectrum.least, tolerance: 60 * rounding,
        reason: perValue),
      PinnedFigure(
        name: "greatest eigenvalue", value: spectrum.greatest, tolerance: 60 * rounding,
        reason: perValue),
      PinnedFigure(
        name: "trace", value: spectrum.trace,
        tolerance: 60 * rounding * Double(spectrum.order).squareRoot(),
        reason: "the eigenvalues' tolerance, their errors independent"),
      PinnedFigure(
        name: "squared Frobenius norm",
        value: spectrum.squaredFrobeniusNorm,
        tolerance: 120 * rounding * spectrum.radius * Double(spectrum.order).squareRoot(),
        reason: "the same for squares of at most max|λ|²"),
      exact("structural zeros", spectrum.structuralZeros, "they follow from data and network"),
    ]
    if let accuracy = analysis.evaluation.accuracy {
      figures.append(share("training accuracy", accuracy))
    }
    if let test {
      figures.append(relative("test loss", test.loss))
      if let accuracy = test.accuracy { figures.append(share("test accuracy", accuracy)) }
    }
    for (name, tolerance) in [("1e-10", 1e-10), ("1e-6", 1e-6), ("1e-4", 1e-4), ("1e-3", 1e-3)] {
      let bound = tolerance * spectrum.radius
      let reason = "as many as lie within 60 n ulp max|λ| of the bound"
      figures.append(
        PinnedFigure(
          name: "zeros at \(name)", value: Double(spectrum.degeneracy(at: tolerance).zeros),
          tolerance: Double(spectrum.uncertain(about: bound, below: true, above: true)),
          reason: reason))
      figures.append(
        PinnedFigure(
          name: "index at \(name)", value: Double(spectrum.index(at: tolerance)),
          tolerance: Double(spectrum.uncertain(about: bound, below: true, above: false)),
          reason: reason))
    }
    if let certificate = analysis.certificate {
      figures.append(
        PinnedFigure(
          name: "Rayleigh quotient of the witness", value: certificate.rayleighQuotient,
          tolerance: 60 * rounding, reason: perValue))
    }
    return figures
  }

  static let startingLossName = "loss at the start"

  private static func relative(_ name: String, _ value: Double) -> PinnedFigure {
    PinnedFigure(
      name: name, value: value, tolerance: Evaluation.tolerance * value.magnitude,
      reason: "1e-11 of the value: sums over thousands of samples in another order")
  }

  private static func share(_ name: String, _ value: Double) -> PinnedFigure {
    PinnedFigure(
      name: name, value: value, tolerance: 1e-12,
      reason: "a count over samples; outputs tie only by accident")
  }

  private static func exact(_ name: String, _ value: Int, _ reason: String) -> PinnedFigure {
    PinnedFigure(name: name, value: Double(value), tolerance: 0, reason: reason)
  }
}
