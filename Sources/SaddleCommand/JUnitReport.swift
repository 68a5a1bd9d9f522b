import ArgumentParser
import Foundation
import Saddle

/// What was decided, as JUnit XML, which continuous integration reads.
struct JUnitReport {
  struct Suite {
    let name: String
    let cases: [Case]
  }

  struct Case {
    let name: String
    var seconds = 0.0
    let outcome: Outcome
  }

  enum Outcome {
    case passed
    case failed(type: String, String)
    case skipped(String)
    /// What stood in the way of a decision.
    case error(type: String, String)
  }

  /// Of the whole.
  let name: String
  let suites: [Suite]

  var xml: String {
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    xml += "<testsuites name=\"\(escaped(name))\" \(counts(suites.flatMap(\.cases)))>\n"
    for suite in suites {
      xml += "  <testsuite name=\"\(escaped(suite.name))\" \(counts(suite.cases))>\n"
      for item in suite.cases {
        xml += "    <testcase classname=\"\(escaped(suite.name))\" name=\"\(escaped(item.name))\" "
        xml += "time=\"\(seconds(item.seconds))\""
        if let element = item.outcome.element {
          xml += ">\n      \(element)\n    </testcase>\n"
        } else {
          xml += "/>\n"
        }
      }
      xml += "  </testsuite>\n"
    }
    return xml + "</testsuites>\n"
  }

  private func counts(_ cases: [Case]) -> String {
    let kinds = cases.map(\.outcome.kind)
    func count(_ kind: String) -> Int { kinds.count { $0 == kind } }
    return "tests=\"\(cases.count)\" failures=\"\(count("failure"))\" errors=\"\(count("error"))\" "
      + "skipped=\"\(count("skipped"))\" time=\"\(seconds(cases.reduce(0) { $0 + $1.seconds }))\""
  }

  private func seconds(_ time: Double) -> String { String(format: "%.3f", time) }
}

extension JUnitReport.Outcome {
  /// The name of its element; nil where it has none.
  fileprivate var kind: String? {
    switch self {
    case .passed: nil
    case .failed: "failure"
    case .skipped: "skipped"
    case .error: "error"
    }
  }

  fileprivate var element: String? {
    guard let kind else { return nil }
    switch self {
    case .passed: return nil
    case .failed(let type, let text), .error(let type, let text):
      return "<\(kind) type=\"\(escaped(type))\" message=\"\(escaped(text))\"/>"
    case .skipped(let text): return "<\(kind) message=\"\(escaped(text))\"/>"
    }
  }
}

extension JUnitReport.Case {
  /// A statement that was put to the test: undecided is neither passed nor failed.
  init(_ statement: String, _ verdict: Verdict, _ evidence: String) {
    let outcome: JUnitReport.Outcome =
      switch verdict {
      case .reproduced: .passed
      case .notReproduced: .failed(type: verdict.rawValue, evidence)
      case .undecided: .skipped("\(verdict.rawValue): \(evidence)")
      }
    self.init(name: statement, outcome: outcome)
  }
}

extension JUnitReport.Case {
  init(_ claim: Claim) { self.init(claim.statement, claim.verdict, claim.evidence) }
}

/// A file for what a command decides.
struct JUnitOption: ParsableArguments {
  @Option(
    name: .customLong("junit"),
    help: ArgumentHelp("Also writes what was decided to this file, as JUnit XML.", valueName: "file"))
  var file: String?

  /// - Throws: `FileError` where it cannot be written.
  func write(_ report: @autoclosure () -> JUnitReport) throws {
    guard let file else { return }
    try DurableFile.replace(file, with: Data(report().xml.utf8))
  }

  /// One suite of a command's statements.
  func write(_ command: String, of subject: String, _ cases: @autoclosure () -> [JUnitReport.Case]) throws {
    try write(
      JUnitReport(
        name: "saddle \(command)", suites: [JUnitReport.Suite(name: subject, cases: cases())]))
  }
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
