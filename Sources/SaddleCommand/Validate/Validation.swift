import Foundation
import Oracles
import Saddle
import SaddleOracles

/// What one check found about one optimizer with one set of hyperparameters.
struct ValidationRow: Encodable {
  enum Outcome: String, Encodable {
    case passed, failed, skipped
    /// It failed as the profile knows that it does.
    case allowed
    case notDeclared = "not declared"
  }

  let subject: String
  /// The hyperparameters, "defaults" where all are at their defaults.
  let hyperparameters: String
  let check: String
  let law: String
  let outcome: Outcome
  /// The worst error over its tolerance, of what passed.
  let margin: Double?
  let violation: OptimizerViolation?
  /// Why it is allowed.
  var allowance: String?
  let seconds: Double
}

/// Holds optimizers to the oracles, and keeps what was found.
struct Validation {
  let seed: UInt64
  let skipped: Set<String>
  let isQuick: Bool
  let progress: Bool
  private(set) var rows: [ValidationRow] = []
  /// What the profile allowed, each once.
  private(set) var notes: [String] = []
  /// What a program computes in, where that was said.
  var precision: OptimizerPrecision?

  /// - Parameter isQuick: with a rule's defaults alone, and without checks of thousands of steps.
  init(seed: UInt64, skipped: Set<String>, isQuick: Bool = false, progress: Bool) {
    self.isQuick = isQuick
    self.seed = seed
    self.skipped = skipped
    self.progress = progress
  }

  /// One of ours, in this process and, for the check that wants two, served by another.
  mutating func hold(optimizer name: String, _ settings: [NamedNumber]) throws {
    let entry = try catalogEntry(name)
    let given = try entry.canonical(settings.map { (name: $0.name, value: $0.value) })
    // `serve` of this very program.
    let path = (Bundle.main.executablePath ?? CommandLine.arguments[0])
      .replacing("'", with: "'\\''")
    let server = ProgramSubject(command: "exec '\(path)' serve \(name)")
    for values in try cases(of: entry, given, isQuick: isQuick) {
      let description = OptimizerDescription(name, values)
      try meet(
        try description.subject(), in: [server], named: name, described(values),
        to: OptimizerOracle.all(for: OptimizerOracle.Kind(entry.family)),
        try description.promises() + [.anotherProcess(server.with(entry.spelledOut(values)))])
    }
  }

  /// - Parameters:
  ///   - programs: The programs that take part: where one is given up, what is left is skipped.
  ///   - allowance: What allows a violation that a check, by its name, has found.
  /// - Throws: `ProgramAbsence` where a program did not start: of a check that is no finding.
  mutating func meet(
    _ subject: any OptimizerSubject, in programs: [ProgramSubject], named name: String,
    _ hyperparameters: String, to oracles: [OptimizerOracle],
    _ declarations: [OptimizerDeclaration],
    allowing allowance: (OptimizerViolation, _ check: String) -> Allowance? = { _, _ in nil }
  ) throws {
    defer { show("") }
    for (i, oracle) in oracles.enumerated() {
      guard !skipped.contains(oracle.name), !(isQuick && oracle.isLong),
        !programs.contains(where: \.isGivenUp)
      else {
        skip(oracle, name, hyperparameters)
        continue
      }
      show("\(name), \(hyperparameters): \(oracle.name) (\(i + 1) of \(oracles.count))")
      let start = ContinuousClock.now
      let verdict = oracle.verdict(on: subject, declaring: declarations, seed: seed)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      try requirePresence(of: programs)
      func row(
        _ outcome: ValidationRow.Outcome, margin: Double? = nil,
        _ violation: OptimizerViolation? = nil
      ) -> ValidationRow {
        ValidationRow(
          subject: name, hyperparameters: hyperparameters, check: oracle.name, law: oracle.law,
          outcome: outcome, margin: margin, violation: violation, seconds: seconds)
      }
      switch verdict.outcome {
      case .passed(let margin): rows.append(row(.passed, margin: margin))
      case .failed(let violation):
        if let allowance = allowance(violation, oracle.name) {
          note(allowance)
          var allowed = row(.allowed, violation)
          allowed.allowance = allowance.note
          rows.append(allowed)
        } else {
          rows.append(row(.failed, violation))
        }
      case .notDeclared: rows.append(row(.notDeclared))
      }
    }
  }

  private func requirePresence(of programs: [ProgramSubject]) throws(ProgramAbsence) {
    for program in programs {
      if let failure = program.startFailure { throw ProgramAbsence(failure: failure) }
    }
  }

  /// A check of the conversation itself.
  ///
  /// - Returns: Whether it passed.
  /// - Throws: `ProgramAbsence`.
  @discardableResult
  mutating func check(
    _ name: String, _ subject: String, _ hyperparameters: String, _ programs: [ProgramSubject],
    law: String, _ body: () throws -> Void
  ) throws -> Bool {
    var violation: OptimizerViolation?
    let start = ContinuousClock.now
    do {
      try body()
    } catch {
      try requirePresence(of: programs)
      violation = OptimizerViolation(property: law, detail: "\(error)")
    }
    rows.append(
      ValidationRow(
        subject: subject, hyperparameters: hyperparameters, check: name, law: law,
        outcome: violation == nil ? .passed : .failed, margin: violation == nil ? 0 : nil,
        violation: violation, seconds: (ContinuousClock.now - start) / .seconds(1)))
    return violation == nil
  }

  mutating func skip(_ oracle: OptimizerOracle, _ name: String, _ hyperparameters: String) {
    rows.append(
      ValidationRow(
        subject: name, hyperparameters: hyperparameters, check: oracle.name, law: oracle.law,
        outcome: .skipped, margin: nil, violation: nil, seconds: 0))
  }

  mutating func note(_ allowance: Allowance) {
    if !notes.contains(allowance.note) { notes.append(allowance.note) }
  }

  private func show(_ text: String) {
    if progress { tell("\r\(text)\u{1B}[K") }
  }
}

/// The sets of hyperparameters to check a rule with: those given, or else its cases.
func cases(
  of entry: CatalogEntry, _ given: [String: Double], isQuick: Bool
) throws -> [[String: Double]] {
  given.isEmpty && !isQuick ? try OptimizerPromises.cases(of: entry.name) : [given]
}

func described(_ values: [String: Double]) -> String {
  values.isEmpty
    ? "defaults"
    : values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
}
