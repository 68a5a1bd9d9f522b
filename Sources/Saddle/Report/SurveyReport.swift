import Foundation

/// One self-contained page on what a store's runs say of the claims: verdicts first, then claim by
/// claim the pictures.
public struct SurveyReport: Sendable {
  public let survey: Survey
  /// All eigenvalues of those runs that have them, by key.
  public let eigenvalues: [String: [Double]]
  /// Spectra layer by layer of some runs, by key.
  public let layers: [String: [BlockSpectrum]]
  /// The store's folder, for the commands below the pictures.
  public let store: String
  /// What was decided at critical points, for the page's head.
  public let claims: [ClaimFinding]

  public init(
    survey: Survey, eigenvalues: [String: [Double]], layers: [String: [BlockSpectrum]],
    store: String, claims: [ClaimFinding] = []
  ) {
    self.survey = survey
    self.eigenvalues = eigenvalues
    self.layers = layers
    self.store = store
    self.claims = claims
  }

  struct Picture {
    let name: String
    let title: String
    let caption: String
    /// The claims that it is shown with.
    let claims: Set<String>
    let script: String
    /// What prints the figures that it shows.
    let command: String
  }

  /// Writes `index.html`, and each picture beside it as SVG.
  ///
  /// - Returns: The page's path.
  /// - Throws: `ReportError`, `BulkFitError` for a spectrum that LAPACK fails on.
  public func write(to folder: String, using gnuplot: Gnuplot) throws -> String {
    var drawn: [(picture: Picture, svg: String)] = []
    for picture in try pictures() {
      drawn.append((picture, try gnuplot.svg(picture.script, width: 900, height: 420)))
    }
    return try HTMLPage.write(
      html(drawn), pictures: drawn.map { ($0.picture.name + ".svg", $0.svg) }, to: folder)
  }

  private func html(_ pictures: [(picture: Picture, svg: String)]) -> String {
    var shown: Set<String> = []
    let sections = byTheme { finding in
      let figures = pictures.filter { picture, _ in
        picture.claims.contains(finding.id) && shown.insert(picture.name).inserted
      }
      return section(finding, figures.map { picture, svg in
        HTMLPage.figure(svg, picture.title, picture.caption, command: picture.command)
      })
    }
    let runs = survey.settings.reduce(0) { $0 + $1.runs.count }
    return HTMLPage.page(
      title: "Are saddles good enough? What the runs say",
      body: """
        <h1>Are saddles good enough?</h1>
        <p class="lead">The claims of arXiv 1706.02052 and of the literature around it, decided by
        \(runs) training runs in \(survey.settings.count) settings.</p>
        \(ClaimSummary(claims).html)
        <h2>Verdicts</h2>
        <table>
        <thead><tr><th>claim</th><th>verdict</th><th>evidence</th></tr></thead>
        <tbody>
        \(byTheme(row, heading: { "<tr><th colspan=\"3\">\(HTMLPage.escaped($0))</th></tr>" }))
        </tbody>
        </table>
        \(sections)
        <h2>Make it again</h2>
        <pre>saddle run experiments/paper.json --store STORE
        saddle report \(HTMLPage.escaped(store))</pre>
        """)
  }

  /// Findings theme by theme, each theme below its heading.
  private func byTheme(
    _ piece: (SurveyFinding) -> String,
    heading: (String) -> String = { "<h2>\(HTMLPage.escaped($0))</h2>" }
  ) -> String {
    SurveyFinding.Theme.allCases.compactMap { theme in
      let findings = survey.findings.filter { $0.theme == theme }
      guard !findings.isEmpty else { return nil }
      return ([heading(theme.rawValue)] + findings.map(piece)).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func row(_ finding: SurveyFinding) -> String {
    """
    <tr><td><a href="#\(finding.id)">\(HTMLPage.escaped(finding.statement))</a></td>\
    \(HTMLPage.cell(finding.verdict))<td>\(HTMLPage.escaped(finding.evidence))</td></tr>
    """
  }

  private func section(_ finding: SurveyFinding, _ figures: [String]) -> String {
    let cases = finding.cases.map { item in
      "<tr><td>\(HTMLPage.escaped(item.name))</td><td>"
        + "\(HTMLPage.escaped(item.evidence))</td><td>\(item.runs)</td></tr>"
    }
    let table =
      cases.isEmpty
      ? ""
      : """
      <details><summary>The \(cases.count) cases it rests on</summary>
      <table><thead><tr><th>case</th><th>evidence</th><th>runs</th></tr></thead>
      <tbody>\(cases.joined(separator: "\n"))</tbody></table></details>
      """
    return """
      <h3 id="\(finding.id)">\(HTMLPage.escaped(finding.statement))</h3>
      <p><strong class="\(finding.verdict.rawValue.replacing(" ", with: "-"))">\
      \(finding.verdict.rawValue)</strong>: \(HTMLPage.escaped(finding.evidence)).</p>
      <p><small>\(HTMLPage.escaped(finding.citation)). Rule: \
      \(HTMLPage.escaped(finding.rule)).</small></p>
      \(figures.joined(separator: "\n"))
      \(table)
      """
  }
}
