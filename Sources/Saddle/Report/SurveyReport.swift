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

  /// Writes `index.html`, and each picture beside it as SVG.
  ///
  /// - Parameter onPicture: told how many are drawn, of all, after each.
  /// - Returns: The page's path.
  /// - Throws: `ReportError`, `BulkFitError` for a spectrum that LAPACK fails on.
  public func write(
    to folder: String, using gnuplot: Gnuplot,
    onPicture: @escaping @Sendable (_ done: Int, _ count: Int) -> Void = { _, _ in }
  ) throws -> String {
    let drawn = try gnuplot.draw(try pictures(), onEach: onPicture)
    return try HTMLPage.write(html(drawn), pictures: drawn, to: folder)
  }

  private func html(_ pictures: [DrawnPicture]) -> String {
    var shown: Set<String> = []
    let sections = byTheme { finding in
      let figures = pictures.filter {
        $0.picture.claims.contains(finding.id) && shown.insert($0.picture.name).inserted
      }
      let first = shown.count - figures.count + 1
      return section(
        finding, figures.enumerated().map { HTMLPage.figure($1, number: first + $0) })
    }
    let runs = survey.settings.reduce(0) { $0 + $1.runs.count }
    return HTMLPage.page(
      title: "Are saddles good enough? What the runs say",
      body: """
        <h1>Are saddles good enough?</h1>
        <p class="lead">The claims of arXiv 1706.02052 and of the literature around it, decided by
        \(runs) training runs in \(survey.settings.count) settings.</p>
        <h2>In ten sentences</h2>
        <ul>
        \(sentences.map { "<li>\(HTMLPage.escaped($0))</li>" }.joined(separator: "\n"))
        </ul>
        \(ClaimSummary(claims).html)
        <h2>Verdicts</h2>
        <table class="claims">
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

  /// What the page says, in ten sentences at most.
  var sentences: [String] {
    let (settings, findings) = (survey.settings, survey.findings)
    let runs = settings.flatMap(\.runs)
    let ended = runs.filter { $0.end != nil }.count
    let data = Set(settings.compactMap { $0.runs.first?.experiment.data.source.dataset?.title }).sorted()
    let optimizers = Set(runs.compactMap { $0.experiment.optimizer?.name }).count
    func count(_ verdict: Verdict) -> Int { findings.count { $0.verdict == verdict } }
    var sentences = [
      "\(runs.count) networks were trained"
        + (data.isEmpty ? "" : " on \(data.joined(separator: " and "))")
        + ", by \(optimizers) optimizer\(optimizers == 1 ? "" : "s"), and \(ended) of them came to an end.",
      "Of \(findings.count) claims \(count(.reproduced)) are reproduced, \(count(.notReproduced)) are "
        + "not, and \(count(.undecided)) are undecided.",
    ]
    for theme in SurveyFinding.Theme.allCases {
      let own = findings.filter { $0.theme == theme }
      let decided = [Verdict.reproduced, .notReproduced, .undecided].compactMap { verdict -> String? in
        let some = own.filter { $0.verdict == verdict }.map {
          "“\($0.statement.hasSuffix(".") ? String($0.statement.dropLast()) : $0.statement)”"
        }
        return some.isEmpty ? nil : "\(verdict.rawValue): \(some.joined(separator: ", "))"
      }
      if !decided.isEmpty {
        sentences.append("\(theme.rawValue): \(decided.joined(separator: "; ")).")
      }
    }
    if !claims.isEmpty {
      let reproduced = claims.count { $0.verdict == .reproduced }
      sentences.append(
        "Where the gradient vanishes, and a certificate says so, \(reproduced) of \(claims.count) "
          + "claims are reproduced.")
    }
    sentences.append(
      "Ends of training are no critical points: what is said of an index there is said of the point "
        + "at which a run stopped.")
    return sentences
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
