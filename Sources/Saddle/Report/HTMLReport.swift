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
    let url = URL(fileURLWithPath: folder, isDirectory: true)
    let pictures = [
      ("training.svg", try gnuplot.svg(Charts.training(history))),
      ("spectrum.svg", try gnuplot.svg(Charts.density(analysis.spectrum))),
      ("magnitudes.svg", try gnuplot.svg(Charts.magnitudes(analysis.spectrum))),
      ("degeneracy.svg", try gnuplot.svg(Charts.degeneracy(analysis.spectrum))),
    ]
    let page = url.appending(path: "index.html")
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      for (name, svg) in pictures {
        try Data(svg.utf8).write(to: url.appending(path: name), options: .atomic)
      }
      try Data(html(pictures.map(\.1)).utf8).write(to: page, options: .atomic)
    } catch {
      throw .notWritable(path: page.path, cause: error.localizedDescription)
    }
    return page.path
  }

  private func html(_ pictures: [String]) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(experiment.name)): where training ended</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <h1>Where training ended</h1>
    <p class="lead">\(escaped(network)) on \(escaped(data)): \(escaped(summary))</p>
    <p>\(escaped(experiment.trainingSummary)).</p>
    <h2>Verdicts</h2>
    <table class="claims">
    <thead><tr><th>claim</th><th>verdict</th><th>evidence</th></tr></thead>
    <tbody>
    \(claims.map(row).joined(separator: "\n"))
    </tbody>
    </table>
    <h2>The point</h2>
    \(figures)
    \(figure(
      pictures[1], "Density of the Hessian's \(analysis.spectrum.order) eigenvalues",
      "All \(analysis.spectrum.order) eigenvalues of the exact Hessian over the training set, "
        + "from \(short(analysis.spectrum.least)) to \(short(analysis.spectrum.greatest)), "
        + "as a density on a logarithmic scale."))
    \(figure(
      pictures[2], "The same eigenvalues by sign and magnitude",
      "Most eigenvalues are small, and a part of them is negative: \(analysis.spectrum.index) lie "
        + "below zero beyond the resolution of the arithmetic."))
    \(figure(
      pictures[3], "Degeneracy as a function of the tolerance",
      "How many eigenvalues are about zero, |λ| ≤ ε·max|λ|, depends on ε. Grey: the "
        + "\(analysis.spectrum.structuralZeros) structural zeros, known from data and network "
        + "alone. Red: the share below −ε·max|λ|."))
    \(figure(
      pictures[0], "Loss and gradient norm during training",
      "Over the whole training set after each epoch. The gradient norm at the end, "
        + "\(short(analysis.evaluation.gradientNorm)), says how far from a critical point the run "
        + "stopped."))
    <h2>Make it again</h2>
    <pre>\(escaped(command))</pre>
    </body>
    </html>

    """
  }

  /// The result in one sentence.
  public var summary: String {
    let spectrum = analysis.spectrum
    let zeros = spectrum.degeneracy(at: ClaimLimits.strictZero)
    let curvature =
      analysis.isCertified
      ? "certified negative curvature (index \(spectrum.index(at: ClaimLimits.strictZero)) at "
        + "ε = 1e-6)"
      : "no certified negative curvature"
    let point = analysis.isCritical ? "a critical point" : "not a critical point"
    return "\(curvature), \(percent(zeros.fraction)) of \(spectrum.order) eigenvalues about zero "
      + "at ε = 1e-6, and ‖∇L‖ = \(short(analysis.evaluation.gradientNorm)): \(point)."
  }

  private func row(_ claim: Claim) -> String {
    let mark = claim.verdict.rawValue.replacing(" ", with: "-")
    return """
      <tr><td>\(escaped(claim.statement))<br><small>\(escaped(claim.citation)). Rule: \
      \(escaped(claim.rule)).</small></td><td class="\(mark)">\(claim.verdict.rawValue)</td>\
      <td>\(escaped(claim.evidence))</td></tr>
      """
  }

  private var figures: String {
    let rows = analysis.table(test: test).map {
      "<tr><th>\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>"
    }
    return "<table>\n" + rows.joined(separator: "\n") + "\n</table>"
  }

  private func figure(_ svg: String, _ title: String, _ caption: String) -> String {
    // As an image of its own, so that the pictures' identifiers do not meet in one page.
    """
    <figure><img alt="\(escaped(title))" \
    src="data:image/svg+xml;base64,\(Data(svg.utf8).base64EncodedString())">
    <figcaption><strong>\(escaped(title)).</strong> \(escaped(caption))</figcaption></figure>
    """
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fdfdfc; --rule: #d9d9d6; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6e6e3; --paper: #17181a; --rule: #3a3c40; }
    }
    body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
      max-width: 50rem; margin: 2.5rem auto; padding: 0 1.2rem; }
    h1 { font-size: 1.7rem; margin-bottom: .3rem; } h2 { margin-top: 2.2rem; font-size: 1.2rem; }
    .lead { font-size: 1.1rem; }
    table { border-collapse: collapse; width: 100%; font-size: .92rem; }
    th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0;
      border-bottom: 1px solid var(--rule); }
    td { font-variant-numeric: tabular-nums; } small { opacity: .75; }
    .reproduced { color: #1d7a46; font-weight: 600; }
    .not-reproduced { color: #b3402a; font-weight: 600; }
    .undecided { color: #8a6d00; font-weight: 600; }
    @media (prefers-color-scheme: dark) {
      .reproduced { color: #62c58c; } .not-reproduced { color: #ee8a75; }
      .undecided { color: #dcbb4f; }
    }
    figure { margin: 1.6rem 0; break-inside: avoid; }
    img { width: 100%; height: auto; border-radius: 4px; }
    figcaption { font-size: .88rem; margin-top: .4rem; }
    pre { padding: .8rem 1rem; border: 1px solid var(--rule); border-radius: 4px;
      overflow-x: auto; }
    """
}
