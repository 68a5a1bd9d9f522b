import Foundation
import Oracles
import Saddle

/// What `validate --json` prints.
struct ValidationOutput: Encodable {
  /// Whether checks were made and none failed.
  let passed: Bool
  /// Why there was no program to be judged.
  let absence: String?
  /// What a program computes in, where that was said.
  let precision: OptimizerPrecision?
  /// What the profile allowed, each once.
  let allowed: [String]
  let checks: [ValidationRow]

  init(_ validation: Validation, absence: ProgramAbsence? = nil) {
    self.init(
      validation.rows, absence: absence, precision: validation.precision, allowed: validation.notes)
  }

  init(
    _ rows: [ValidationRow], absence: ProgramAbsence?, precision: OptimizerPrecision? = nil,
    allowed: [String] = []
  ) {
    checks = rows
    passed =
      absence == nil && checks.contains { $0.outcome == .passed }
      && checks.allSatisfy { $0.outcome != .failed }
    self.absence = absence.map { "\($0)" }
    self.precision = precision
    self.allowed = allowed
  }
}

/// Prints a row per subject and check, the worst of its cases, and below it why checks failed.
///
/// - Parameter profile: What allowed the notes.
func printValidation(_ rows: [ValidationRow], _ notes: [String], profile: ValidationProfile?) {
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
  if let profile, !notes.isEmpty {
    print("")
    for note in notes { print("allowed by profile \(profile.rawValue): \(note)") }
  }
  func count(_ outcome: ValidationRow.Outcome) -> Int { rows.count { $0.outcome == outcome } }
  print(
    "\n\(rows.count) checks: \(count(.passed)) passed, \(failed.count) failed, "
      + (count(.allowed) > 0 ? "\(count(.allowed)) allowed, " : "")
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
    case .allowed: 3
    case .failed: 4
    }
  }
}

extension JUnitReport {
  /// A suite per subject and case.
  ///
  /// - Parameter absence: Why there was no program to be judged: an error, not a failure.
  init(_ rows: [ValidationRow], absence: ProgramAbsence? = nil) {
    func name(_ row: ValidationRow) -> String { "\(row.subject) \(row.hyperparameters)" }
    var suites = distinct(rows.map(name)).map { suite in
      Suite(name: suite, cases: rows.filter { name($0) == suite }.map(Case.init))
    }
    if let absence {
      let outcome = Outcome.error(type: "ProgramAbsence", "\(absence)")
      suites.append(
        Suite(name: "environment", cases: [Case(name: "the program starts", outcome: outcome)]))
    }
    self.init(name: "saddle validate", suites: suites)
  }
}

extension JUnitReport.Case {
  fileprivate init(_ row: ValidationRow) {
    let outcome: JUnitReport.Outcome =
      switch row.outcome {
      case .passed: .passed
      case .failed: .failed(type: "OptimizerViolation", row.violation.map { "\($0)" } ?? "")
      case .skipped, .notDeclared, .allowed:
        .skipped(row.outcome.rawValue + (row.allowance.map { ": \($0)" } ?? ""))
      }
    self.init(name: row.check, seconds: row.seconds, outcome: outcome)
  }
}

/// Each of a list once, in the order of its first places.
private func distinct(_ names: [String]) -> [String] {
  var seen = Set<String>()
  return names.filter { seen.insert($0).inserted }
}
