import Foundation
import Saddle
import Testing

/// The README has this in it, whatever its lines' lengths.
public func expectReadme(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  // Apart, so that a failure does not show all of the README.
  let isSaid = words(try readme()).contains(words(text))
  #expect(isSaid, "the README does not say: \(text)", sourceLocation: sourceLocation)
}

/// The README has this in it, but for what it leaves out at an "…".
public func expectReadme(
  inPieces text: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  // Every line of it stands somewhere between the first and the last, in this order.
  let shown = words(try readme())
  let lines = text.split(separator: "\n").map { words(String($0)) }
  guard let first = lines.first, let last = lines.last else { return }
  guard let start = shown.range(of: first), let end = shown.range(of: last),
    start.lowerBound <= end.lowerBound
  else {
    Issue.record("the README does not show:\n\(text)", sourceLocation: sourceLocation)
    return
  }
  for part in shown[start.lowerBound..<end.upperBound].split(separator: " … ") {
    #expect(
      words(text).contains(part), "the README shows what is not so: \(part)",
      sourceLocation: sourceLocation)
  }
}

private func words(_ text: String) -> String {
  text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

private func readme() throws -> String {
  try String(contentsOf: projectFolder.appending(path: "README.md"), encoding: .utf8)
}

/// The table under a heading of the README is these verdicts, row by row, and no others.
public func expectReadmeTable(
  _ heading: String, _ verdicts: [(statement: String, verdict: Verdict, evidence: String)]
) throws {
  try expectReadmeTable(
    heading,
    rows: verdicts.map { "| \($0.statement) | **\($0.verdict.rawValue)** | \($0.evidence) |" })
}

/// The table under a heading of the README is these rows, below its own first.
public func expectReadmeTable(_ heading: String, rows expected: [String]) throws {
  let rows = try section(heading).split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
  for row in expected where !rows.contains(Substring(row)) {
    Issue.record("the README lacks the row: \(row)")
  }
  #expect(rows.count == expected.count)
}

/// The part of the README under a heading, up to the next of the same level.
private func section(_ heading: String) throws -> String {
  let parts = try readme().split(separator: heading + "\n", maxSplits: 1)
  guard parts.count == 2 else { return "" }
  return String(parts[1].split(separator: "\n## ", maxSplits: 1)[0])
}
