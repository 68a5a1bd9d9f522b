import Foundation

/// What the project's pages share: their frame, style and figures.
enum HTMLPage {
  static func page(title: String, body: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>\(style)\(PictureTheme.css)</style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }

  /// A figure with its caption, what prints its numbers, and the numbers themselves.
  ///
  /// - Parameter number: of the page's figures.
  static func figure(_ drawn: DrawnPicture, number: Int) -> String {
    let (picture, title) = (drawn.picture, escaped(drawn.picture.title))
    let again = picture.command.map { "<br><code>\(escaped($0))</code>" } ?? ""
    let numbers = Data(picture.chart.csv.utf8).base64EncodedString()
    return """
      <figure><div class="picture">\(PictureTheme.inline(drawn.svg, number: number, title: picture.title))</div>
      <figcaption><strong>\(title).</strong> \(escaped(picture.caption)) \
      <a download="\(picture.name).csv" href="data:text/csv;charset=utf-8;base64,\(numbers)">The \
      figures as CSV.</a>\(again)</figcaption></figure>
      """
  }

  /// Figures one after the other, numbered from 1.
  static func figures(_ drawn: [DrawnPicture]) -> [String] {
    drawn.enumerated().map { figure($1, number: $0 + 1) }
  }

  /// A cell that holds a verdict, in its colour.
  static func cell(_ verdict: Verdict) -> String {
    "<td class=\"\(verdict.rawValue.replacing(" ", with: "-"))\">\(verdict.rawValue)</td>"
  }

  /// Each claim with its source, its rule, its verdict and its evidence.
  static func table(_ claims: [Claim]) -> String {
    let rows = claims.map { claim in
      """
      <tr><td>\(escaped(claim.statement))<br><small>\(escaped(claim.citation)). Rule: \
      \(escaped(claim.rule)).</small></td>\
      \(cell(claim.verdict))<td>\(escaped(claim.evidence))</td></tr>
      """
    }
    return """
      <table class="claims">
      <thead><tr><th>claim</th><th>verdict</th><th>evidence</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      """
  }

  /// Rows of a name and a value.
  static func table(_ rows: [(name: String, value: String)]) -> String {
    let cells = rows.map { "<tr><th>\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>" }
    return "<table>\n" + cells.joined(separator: "\n") + "\n</table>"
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }

  /// Writes a page and its pictures beside it.
  ///
  /// - Returns: The page's path.
  /// - Throws: `ReportError.notWritable`.
  static func write(
    _ html: String, pictures: [DrawnPicture], to folder: String
  ) throws(ReportError) -> String {
    let url = URL(fileURLWithPath: folder, isDirectory: true)
    let page = url.appending(path: "index.html").path
    do throws(FileError) {
      try DurableFile.makeFolder(url.path)
      for drawn in pictures {
        let file = url.appending(path: drawn.picture.name + ".svg").path
        try DurableFile.replace(file, with: Data(drawn.svg.utf8))
      }
      // The page last: it holds the same pictures in itself.
      try DurableFile.replace(page, with: Data(html.utf8))
    } catch {
      throw .notWritable(path: error.path, cause: error.cause)
    }
    return page
  }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fdfdfc; --rule: #d9d9d6; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --ink: #e6e6e3; --paper: #17181a; --rule: #3a3c40; }
    }
    body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
      max-width: 50rem; margin: 2.5rem auto; padding: 0 1.2rem; }
    h1 { font-size: 1.7rem; margin-bottom: .3rem; } h2 { margin-top: 2.2rem; font-size: 1.2rem; }
    a { color: inherit; text-decoration-color: var(--rule); }
    .lead { font-size: 1.1rem; }
    table { border-collapse: collapse; width: 100%; font-size: .92rem; }
    th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0;
      border-bottom: 1px solid var(--rule); }
    td { font-variant-numeric: tabular-nums; } small { opacity: .75; }
    .reproduced { color: #1d7a46; font-weight: 600; }
    .not-reproduced { color: #b3402a; font-weight: 600; }
    .undecided { color: #8a6d00; font-weight: 600; }
    @media screen and (prefers-color-scheme: dark) {
      .reproduced { color: #62c58c; } .not-reproduced { color: #ee8a75; }
      .undecided { color: #dcbb4f; }
    }
    details { margin: .6rem 0; } summary { cursor: pointer; }
    @media print {
      :root { color-scheme: light; --ink: #000; --paper: #fff; --rule: #bbb; }
      body { max-width: none; margin: 0; } details > * { display: block; }
      tr, li, pre { break-inside: avoid; } figure a { display: none; }
      h1, h2, h3, h4, summary, tr:has(th[colspan]) { break-after: avoid; }
    }
    figure { margin: 1.6rem 0; break-inside: avoid; }
    .picture { overflow-x: auto; } figure svg { display: block; width: 100%; height: auto; }
    figure a { white-space: nowrap; }
    figcaption { font-size: .88rem; margin-top: .4rem; }
    figcaption code { white-space: pre-wrap; font-size: .8rem; opacity: .75; }
    pre { padding: .8rem 1rem; border: 1px solid var(--rule); border-radius: 4px;
      overflow-x: auto; }
    th[colspan] { padding-top: 1.4rem; font-size: 1rem; }
    @media (max-width: 40rem) {
      figure svg { min-width: 36rem; }
      .claims thead { display: none; } .claims tr, .claims td, .claims th { display: block; }
      .claims tr { border: 1px solid var(--rule); border-radius: 6px; margin: .7rem 0;
        padding: .5rem .8rem; }
      .claims td { border: 0; padding: .15rem 0; }
      .claims tr:has(th[colspan]) { border: 0; padding: 0; } .claims th { border: 0; padding: .6rem 0 0; }
      th, td { overflow-wrap: anywhere; }
    }
    """
}
