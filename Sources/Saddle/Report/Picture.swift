import Foundation
import Threads

/// A figure of a page, to be drawn.
struct Picture: Sendable {
  /// Its file's, without an ending.
  let name: String
  let title: String
  let caption: String
  let chart: Chart
  /// What prints the figures that it shows; nil where that is the command that makes the page.
  var command: String?
  /// The claims that it is shown with.
  var claims: Set<String> = []
}

/// What gnuplot is to draw.
public struct Chart: Sendable {
  let script: String
  var width = 760
  var height = 400

  /// The figures that it shows, as CSV: those of each curve below a line of their names; curves of the
  /// same columns in one table, with their names in front.
  var csv: String {
    var lines: [String] = []
    var columns = ""
    var (title, isInside) = ("", false)
    let isOne = script.components(separatedBy: " << EOD").count == 2
    for line in script.split(separator: "\n") {
      if line.hasSuffix(" << EOD") {
        isInside = true
      } else if line == "EOD" {
        isInside = false
      } else if isInside, line.hasPrefix("# ") {
        let parts = line.dropFirst(2).split(separator: "|", maxSplits: 1)
        title = Self.quoted(String(parts[0]))
        let own = (isOne ? "" : "series,") + (parts.count > 1 ? parts[1] : "")
        if own != columns { lines += (lines.isEmpty ? [] : [""]) + [own] }
        columns = own
      } else if isInside {
        lines.append((isOne ? "" : title + ",") + line.replacing(" ", with: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    text.contains(",") || text.contains("\"")
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}

/// A figure that was drawn.
struct DrawnPicture: Sendable {
  let picture: Picture
  let svg: String
}

extension Gnuplot {
  /// - Throws: `ReportError`: what gnuplot said.
  public func svg(_ chart: Chart) throws(ReportError) -> String {
    try svg(chart.script, width: chart.width, height: chart.height)
  }

  /// Draws figures, as many at once as there are cores.
  ///
  /// - Parameter onEach: told how many are drawn, of all, after each; one call at a time.
  /// - Throws: `ReportError` of the first that failed.
  func draw(
    _ pictures: [Picture], onEach: @escaping @Sendable (_ done: Int, _ count: Int) -> Void = { _, _ in }
  ) throws(ReportError) -> [DrawnPicture] {
    let results = Mutex<[Int: Result<String, ReportError>]>([:])
    concurrentPerform(iterations: pictures.count) { k in
      let result = Result { () throws(ReportError) in try svg(pictures[k].chart) }
      results.withLock {
        $0[k] = result
        onEach($0.count, pictures.count)
      }
    }
    let done = results.withLock { $0 }
    var drawn: [DrawnPicture] = []
    for (k, picture) in pictures.enumerated() {
      guard let svg = try done[k]?.get() else { continue }
      drawn.append(DrawnPicture(picture: picture, svg: svg))
    }
    return drawn
  }
}
