import Foundation
import Oracles
import Saddle
import SaddleOracles

/// What one check found about one optimizer with one set of hyperparameters.
struct ValidationRow: Encodable {
  enum Outcome: String, Encodable {
    case passed, failed, skipped
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
  let seconds: Double
}

/// Holds optimizers to the oracles, and keeps what was found.
struct Validation {
  let seed: UInt64
  let skipped: Set<String>
  let progress: Bool
  private(set) var rows: [ValidationRow] = []

  init(seed: UInt64, skipped: Set<String>, progress: Bool) {
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
    for values in try cases(of: entry, given) {
      let description = OptimizerDescription(name, values)
      meet(
        try description.subject(), in: [server], named: name, described(values),
        to: OptimizerOracle.all(for: OptimizerOracle.Kind(entry.family)),
        try description.promises() + [.anotherProcess(server.with(entry.spelledOut(values)))])
    }
  }

  /// A program, to what it declares.
  ///
  /// - Throws: `ProgramError` where it cannot be started.
  mutating func hold(
    program command: String, _ declared: ValidateCommand.Declaration, limits: ProgramLimits,
    kind: OptimizerOracle.Kind?, _ settings: [NamedNumber]
  ) throws {
    let program = ProgramSubject(command: command, limits: limits)
    let another = ProgramSubject(command: command, limits: limits)
    var numbers: [String: Double] = [:]
    for number in declared.numbers + settings { numbers[number.name] = number.value }

    if declared.rule == "none" {
      try converse(
        program.with(numbers), another.with(numbers), to: [], of: kind ?? .firstOrder,
        named: command, described(numbers))
    } else {
      let rule = declared.rule
      let entry = try catalogEntry(rule)
      let given = try entry.canonical(
        (declared.numbers + settings).map { (name: $0.name, value: $0.value) })
      for values in try cases(of: entry, given) {
        // Numbers that were given are all that is sent, as they were given: the rest are the
        // program's defaults, which the declaration says are the rule's.
        let sent = given.isEmpty ? entry.spelledOut(values) : numbers
        var declarations = try OptimizerPromises.declarations(of: rule, hyperparameters: values)
        for (parameter, invalid) in try OptimizerPromises.invalid(of: rule) {
          let name = numbers[parameter] == nil ? entry.aliased(parameter) : parameter
          let refused = program.with(sent.merging([name: invalid]) { $1 })
          declarations.append(
            .refuses(InvalidHyperparameter(name, invalid) { _ = try refused.begin(dimension: 2) }))
        }
        try converse(
          program.with(sent), another.with(sent), to: declarations,
          of: OptimizerOracle.Kind(entry.family),
          named: command, described(sent))
      }
    }
    try check("quits when told to", command, "", law: "the program ends when it is told to") {
      try program.quit()
      try another.quit()
    }
  }

  /// - Throws: `ProgramError` where the program cannot be started.
  private mutating func converse(
    _ program: ProgramSubject, _ another: ProgramSubject, to declarations: [OptimizerDeclaration],
    of kind: OptimizerOracle.Kind, named command: String, _ hyperparameters: String
  ) throws {
    // Where it does not, the oracles would say the same of every check.
    let speaks =
      try !program.isGivenUp
      && check(
        "speaks the protocol", command, hyperparameters,
        law: "the program answers init, step, save and load as the protocol wants"
      ) {
        var run = try program.begin(dimension: 2)
        var point = [1.0, -2.0]
        try run.step(&point, on: StepFunction(gradient: [0.5, -0.25]))
        try run.load(try run.save())
      }
    let oracles = OptimizerOracle.all(for: kind)
    guard speaks else {
      for oracle in oracles { skip(oracle, command, hyperparameters) }
      return
    }
    meet(
      program, in: [program, another], named: command, hyperparameters, to: oracles,
      declarations + [.anotherProcess(another)])
  }

  /// - Parameter programs: The programs that take part: where one is given up, what is left is
  ///   skipped.
  private mutating func meet(
    _ subject: any OptimizerSubject, in programs: [ProgramSubject], named name: String,
    _ hyperparameters: String, to oracles: [OptimizerOracle], _ declarations: [OptimizerDeclaration]
  ) {
    for (i, oracle) in oracles.enumerated() {
      guard !skipped.contains(oracle.name), !programs.contains(where: \.isGivenUp) else {
        skip(oracle, name, hyperparameters)
        continue
      }
      show("\(name), \(hyperparameters): \(oracle.name) (\(i + 1) of \(oracles.count))")
      let start = ContinuousClock.now
      let verdict = oracle.verdict(on: subject, declaring: declarations, seed: seed)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
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
      case .failed(let violation): rows.append(row(.failed, violation))
      case .notDeclared: rows.append(row(.notDeclared))
      }
    }
    show("")
  }

  /// A check of the conversation itself.
  ///
  /// - Returns: Whether it passed.
  /// - Throws: `ProgramError` where the program cannot be started.
  @discardableResult
  private mutating func check(
    _ name: String, _ command: String, _ hyperparameters: String, law: String,
    _ body: () throws -> Void
  ) throws -> Bool {
    var violation: OptimizerViolation?
    let start = ContinuousClock.now
    do {
      try body()
    } catch let error as ProgramError where error.isNotStarted {
      throw error
    } catch {
      violation = OptimizerViolation(property: law, detail: "\(error)")
    }
    rows.append(
      ValidationRow(
        subject: command, hyperparameters: hyperparameters, check: name, law: law,
        outcome: violation == nil ? .passed : .failed, margin: violation == nil ? 0 : nil,
        violation: violation, seconds: (ContinuousClock.now - start) / .seconds(1)))
    return violation == nil
  }

  private mutating func skip(_ oracle: OptimizerOracle, _ name: String, _ hyperparameters: String) {
    rows.append(
      ValidationRow(
        subject: name, hyperparameters: hyperparameters, check: oracle.name, law: oracle.law,
        outcome: .skipped, margin: nil, violation: nil, seconds: 0))
  }

  private func show(_ text: String) {
    if progress { tell("\r\(text)\u{1B}[K") }
  }
}

/// The sets of hyperparameters to check a rule with: those given, or else its cases.
private func cases(
  of entry: CatalogEntry, _ given: [String: Double]
) throws -> [[String: Double]] {
  given.isEmpty ? try OptimizerPromises.cases(of: entry.name) : [given]
}

private func described(_ values: [String: Double]) -> String {
  values.isEmpty
    ? "defaults"
    : values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
}

extension ProgramError {
  /// Whether there is no such program: the shell says so with 126 or 127.
  fileprivate var isNotStarted: Bool {
    switch cause {
    case .notStarted, .exited(status: 126), .exited(status: 127): true
    default: false
    }
  }
}
