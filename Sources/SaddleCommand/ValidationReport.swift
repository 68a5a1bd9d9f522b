import Foundation
import Saddle

/// What `validate --json` prints.
struct ValidationOutput: Encodable {
  /// Whether checks were made and none failed.
  let passed: Bool
  let checks: [ValidationRow]

  init(_ rows: [ValidationRow]) {
    passed = rows.contains { $0.outcome == .passed } && rows.allSatisfy { $0.outcome != .failed }
    checks = rows
  }
}

/// Prints a row per subject and check, the worst of its cases, and below it why checks failed.
func printValidation(_ rows: [ValidationRow]) {
  var table = [["check", "verdict", "margin", "case"]]
  for subject in distinct(rows.map(\.subject)) {
    let rows = rows.filter { $0.subject == subject }
    for check in distinct(rows.map(\.check)) {
      let worst = rows.filter { $0.check == check }
        .max { ($0.outcome.gravity, $0.margin ?? 0) < ($1.outcome.gravity, $1.margin ?? 0) }
      guard let worst else { continue }
      table.append([
        check, worst.outcome.rawValue, worst.margin.map { short($0) } ?? "",
        "\(subject) \(worst.hyperparameters)",
      ])
    }
  }
  let widths = (0..<3).map { column in table.map { $0[column].count }.max() ?? 0 }
  for row in table {
    let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
    print((cells + [row[3]]).joined(separator: "  "))
  }
  let failed = rows.filter { $0.outcome == .failed }
  for row in failed {
    print("\n\(row.check), \(row.subject) \(row.hyperparameters):")
    print("  \(row.violation.map { "\($0)" } ?? "")")
  }
  func count(_ outcome: ValidationRow.Outcome) -> Int { rows.count { $0.outcome == outcome } }
  print(
    "\n\(rows.count) checks: \(count(.passed)) passed, \(failed.count) failed, "
      + "\(count(.notDeclared)) not declared, \(count(.skipped)) skipped; "
      + "a margin is the worst error over its tolerance")
}

extension ValidationRow.Outcome {
  /// Of several cases the gravest is shown.
  fileprivate var gravity: Int {
    switch self {
    case .notDeclared: 0
    case .skipped: 1
    case .passed: 2
    case .failed: 3
    }
  }
}

/// The results as JUnit XML, which continuous integration reads: a suite per subject and case.
func junit(_ rows: [ValidationRow]) -> String {
  func counts(_ rows: [ValidationRow]) -> String {
    let failed = rows.count { $0.outcome == .failed }
    let skipped = rows.count { $0.outcome == .skipped || $0.outcome == .notDeclared }
    return "tests=\"\(rows.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"\(skipped)\" "
      + "time=\"\(seconds(rows.reduce(0) { $0 + $1.seconds }))\""
  }
  func seconds(_ time: Double) -> String { String(format: "%.3f", time) }

  var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  xml += "<testsuites name=\"saddle validate\" \(counts(rows))>\n"
  for suite in distinct(rows.map { "\($0.subject) \($0.hyperparameters)" }) {
    let rows = rows.filter { "\($0.subject) \($0.hyperparameters)" == suite }
    xml += "  <testsuite name=\"\(escaped(suite))\" \(counts(rows))>\n"
    for row in rows {
      xml += "    <testcase classname=\"\(escaped(suite))\" name=\"\(escaped(row.check))\" "
      xml += "time=\"\(seconds(row.seconds))\""
      switch row.outcome {
      case .passed: xml += "/>\n"
      case .failed:
        let text = escaped(row.violation.map { "\($0)" } ?? "")
        xml += ">\n      <failure type=\"OptimizerViolation\" message=\"\(text)\"/>\n"
        xml += "    </testcase>\n"
      case .skipped, .notDeclared:
        xml += ">\n      <skipped message=\"\(escaped(row.outcome.rawValue))\"/>\n"
        xml += "    </testcase>\n"
      }
    }
    xml += "  </testsuite>\n"
  }
  return xml + "</testsuites>\n"
}

/// A text within XML 1.0, which has no place for most control characters, escaped or not.
private func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\n", "\r", "\t": result += "&#\(scalar.value);"
    case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
      result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Each of a list once, in the order of its first places.
private func distinct(_ names: [String]) -> [String] {
  var seen = Set<String>()
  return names.filter { seen.insert($0).inserted }
}
