import Foundation

/// One self-contained page on where a training run ended.
public struct HTMLReport: Sendable {
  public let experiment: Experiment
  public let data: String
  public let network: String
  public let history: [EpochRecord]
  public let analysis: PointAnalysis
  public let test: Evaluation?
  public let claims: [Claim]
  /// The command that remakes the page.
  public let command: String

  public init(
    experiment: Experiment, data: String, network: String, history: [EpochRecord],
    analysis: PointAnalysis, test: Evaluation?, claims: [Claim], command: String
  ) {
    self.experiment = experiment
    self.data = data
    self.network = network
    self.history = history
    self.analysis = analysis
    self.test = test
    self.claims = claims
    self.command = command
  }

  /// Writes `index.html`, and each picture beside it as SVG.
  ///
  /// - Returns: The page's path.
  /// - Throws: `ReportError`.
  public func write(to folder: String, using gnuplot: Gnuplot) throws(ReportError) -> String {
    let drawn = try gnuplot.draw(pictures)
    return try HTMLPage.write(html(HTMLPage.figures(drawn)), pictures: drawn, to: folder)
  }

  private var pictures: [Picture] {
    let spectrum = analysis.spectrum
    return [
      Picture(
        name: "spectrum", title: "Density of the Hessian's \(spectrum.order) eigenvalues",
        caption: "All \(spectrum.order) eigenvalues of the exact Hessian over the training set, "
          + "from \(short(spectrum.least)) to \(short(spectrum.greatest)), "
          + "as a density on a logarithmic scale.",
        chart: Charts.density(spectrum)),
      Picture(
        name: "magnitudes", title: "The same eigenvalues by sign and magnitude",
        caption: "Most eigenvalues are small, and a part of them is negative: \(spectrum.index) lie "
          + "below zero beyond the resolution of the arithmetic.",
        chart: Charts.magnitudes(spectrum)),
      Picture(
        name: "degeneracy", title: "Degeneracy as a function of the tolerance",
        caption: "How many eigenvalues are about zero, |λ| ≤ ε·max|λ|, depends on ε. Grey: the "
          + "\(spectrum.structuralZeros) structural zeros, known from data and network "
          + "alone. Red: the share below −ε·max|λ|.",
        chart: Charts.degeneracy(spectrum)),
      Picture(
        name: "training", title: "Loss and gradient norm during training",
        caption: "Over the whole training set after each epoch. The gradient norm at the end, "
          + "\(short(analysis.evaluation.gradientNorm)), says how far from a critical point the run "
          + "stopped.",
        chart: Charts.training(history)),
    ]
  }

  private func html(_ figures: [String]) -> String {
    HTMLPage.page(
      title: "\(experiment.name): where training ended",
      body: """
        <h1>Where training ended</h1>
        <p class="lead">\(HTMLPage.escaped(network)) on \(HTMLPage.escaped(data)): \(HTMLPage.escaped(summary))</p>
        <p>\(HTMLPage.escaped(experiment.trainingSummary)).</p>
        <h2>Verdicts</h2>
        \(HTMLPage.table(claims))
        <h2>The point</h2>
        \(HTMLPage.table(analysis.table(test: test)))
        \(figures.joined(separator: "\n"))
        <h2>Make it again</h2>
        <pre>\(HTMLPage.escaped(command))</pre>
        """)
  }

  /// The result in one sentence.
  public var summary: String {
    let spectrum = analysis.spectrum
    let zeros = spectrum.degeneracy(at: PointLimits.strictZero)
    let curvature =
      analysis.isCertified
      ? "certified negative curvature (index \(spectrum.index(at: PointLimits.strictZero)) at "
        + "ε = 1e-6)"
      : "no certified negative curvature"
    return "\(curvature), \(percent(zeros.fraction)) of \(spectrum.order) eigenvalues about zero "
      + "at ε = 1e-6, and \(analysis.criticality.inWords)."
  }
}
