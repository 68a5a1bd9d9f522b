import Foundation
import Saddle
import Testing

/// The table under a heading of the README is these verdicts, row by row, and no others.
public func expectReadmeTable(
  _ heading: String, _ verdicts: [(statement: String, verdict: Verdict, evidence: String)]
) throws {
  let section = try readmeSection(heading)
  let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
  let expected = verdicts.map {
    "| \($0.statement) | **\($0.verdict.rawValue)** | \($0.evidence) |"
  }
  for row in expected where !rows.contains(Substring(row)) {
    Issue.record("the README lacks the row: \(row)")
  }
  #expect(rows.count == expected.count)
}

/// The part of the README under a heading, up to the next of the same level.
private func readmeSection(_ heading: String) throws -> String {
  let text = try String(contentsOf: projectFolder.appending(path: "README.md"), encoding: .utf8)
  let parts = text.split(separator: heading + "\n", maxSplits: 1)
  guard parts.count == 2 else { return "" }
  return String(parts[1].split(separator: "\n## ", maxSplits: 1)[0])
}
