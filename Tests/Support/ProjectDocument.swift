import Foundation
import Saddle
import Testing

/// A document whose figures tests recompute.
public enum ProjectDocument: String {
  case readme = "README.md"
  case findings = "docs/findings.md"
  case oracles = "docs/oracles.md"
  case speed = "docs/speed.md"

  fileprivate func text() throws -> String {
    try String(contentsOf: projectFolder.appending(path: rawValue), encoding: .utf8)
  }

  /// It has this in it, whatever its lines' lengths.
  public func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    // Apart, so that a failure does not show all of the document.
    let isSaid = words(try self.text()).contains(words(text))
    #expect(isSaid, "\(rawValue) does not say: \(text)", sourceLocation: sourceLocation)
  }

  /// It has this in it, but for what it leaves out at an "…".
  public func expect(
    inPieces text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    // Every line of it stands somewhere between the first and the last, in this order.
    let shown = words(try self.text())
    let lines = text.split(separator: "\n").map { words(String($0)) }
    guard let first = lines.first, let last = lines.last else { return }
    guard let start = shown.range(of: first), let end = shown.range(of: last),
      start.lowerBound <= end.lowerBound
    else {
      Issue.record("\(rawValue) does not show:\n\(text)", sourceLocation: sourceLocation)
      return
    }
    for part in shown[start.lowerBound..<end.upperBound].split(separator: " … ") {
      #expect(
        words(text).contains(part), "\(rawValue) shows what is not so: \(part)",
        sourceLocation: sourceLocation)
    }
  }

  /// The table under a heading is these verdicts, row by row, and no others.
  public func expectTable(
    _ heading: String, _ verdicts: [(statement: String, verdict: Verdict, evidence: String)]
  ) throws {
    try expectTable(
      heading,
      rows: verdicts.map { "| \($0.statement) | **\($0.verdict.rawValue)** | \($0.evidence) |" })
  }

  /// The table under a heading is these rows, below its own first.
  public func expectTable(_ heading: String, rows expected: [String]) throws {
    let rows = try section(heading).split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    for row in expected where !rows.contains(Substring(row)) {
      Issue.record("\(rawValue) lacks the row: \(row)")
    }
    #expect(rows.count == expected.count)
  }

  /// The part under a heading, up to the next of the same level.
  private func section(_ heading: String) throws -> String {
    let parts = try text().split(separator: heading + "\n", maxSplits: 1)
    guard parts.count == 2 else { return "" }
    return String(parts[1].split(separator: "\n## ", maxSplits: 1)[0])
  }
}

private func words(_ text: String) -> String {
  text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
