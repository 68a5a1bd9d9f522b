import Foundation

/// One self-contained page on the point of a program's objective: what the program was tested for, and
/// what its products say of the point.
public struct ProgramReport: Sendable {
  public typealias Rows = [(name: String, value: String)]

  /// What the program calls itself.
  public let name: String
  /// What it says of itself.
  public let about: Rows
  /// What it was tested for, law by law.
  public let examination: Rows
  public let measured: PointMeasurement
  public let claims: [Claim]
  /// The command that remakes the page.
  public let command: String

  public init(
    name: String, about: Rows, examination: Rows, measured: PointMeasurement, claims: [Claim],
    command: String
  ) {
    self.name = name
    self.about = about
    self.examination = examination
    self.measured = measured
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
    if let spectrum = measured.spectrum {
      return [
        Picture(
          name: "spectrum", title: "Density of all \(spectrum.order) eigenvalues",
          caption: "From \(short(spectrum.least)) to \(short(spectrum.greatest)), each to within "
            + "\(short(spectrum.errorBound)) with the products' rounding as it was measured, on a "
            + "logarithmic scale.",
          chart: Charts.density(spectrum)),
        Picture(
          name: "degeneracy", title: "Degeneracy as a function of the tolerance",
          caption: "How many eigenvalues are about zero, |λ| ≤ ε·max|λ|, depends on ε. Red: the share "
            + "below −ε·max|λ|.",
          chart: Charts.degeneracy(spectrum)),
      ]
    }
    guard let spectrum = measured.matrixFree?.spectrum else { return [] }
    return [
      Picture(
        name: "spectrum", title: "Where the \(spectrum.order) eigenvalues lie",
        caption: "Blue: nodes of Gauss quadrature for the density, each with its share of all "
          + "eigenvalues, from random probes. Red: extremes, each with its residual as a bound.",
        chart: Charts.quadrature(spectrum))
    ]
  }

  private func html(_ figures: [String]) -> String {
    let rows = measured.analysis?.table() ?? measured.matrixFree?.table() ?? []
    let verdicts = claims.isEmpty ? "" : "<h2>Verdicts</h2>\n" + HTMLPage.table(claims)
    return HTMLPage.page(
      title: "\(name): what kind of point it is at",
      body: """
        <h1>\(HTMLPage.escaped(name))</h1>
        \(HTMLPage.table(about))
        \(verdicts)
        <h2>The point: \(HTMLPage.escaped("\(measured.settings.curvature)"))</h2>
        \(HTMLPage.table(rows))
        \(figures.joined(separator: "\n"))
        <h2>The program itself</h2>
        <p>Before any figure was taken, its answers were held to each other.</p>
        \(HTMLPage.table(examination))
        <h2>Make it again</h2>
        <pre>\(HTMLPage.escaped(command))</pre>
        """)
  }
}
