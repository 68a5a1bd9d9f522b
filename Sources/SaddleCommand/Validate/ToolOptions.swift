import ArgumentParser
import Foundation
import Oracles
import Saddle

/// A program that is held to oracles, and where the results go.
struct ToolOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "A program that speaks docs/protocol.md.")
  var command: String
  @Option(help: "What tables and JUnit's XML call it; else its command without folders and interpreter.")
  var name: String?
  @Option(help: "Seconds for its first answer, in which it may load its libraries.")
  var startLimit = ProgramLimits().start
  @Option(help: "Seconds for each later one, and for its end.")
  var timeout = ProgramLimits().answer
  @Option(help: "Leaves out a check, by its name in the table; may be repeated.")
  var skip: [String] = []
  @Option(help: "Seeds the checks' random cases.")
  var seed: UInt64 = 1
  @OptionGroup var junit: JUnitOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try limits.check()
  }

  private var limits: ProgramLimits { ProgramLimits(start: startLimit, timeout: timeout) }

  /// Starts the program and lets `body` hold it to its oracles; then says what was found.
  func hold(
    _ tool: ToolDescription.Tool, _ body: (ToolProgram, inout ToolValidation) throws -> Void
  ) throws {
    try reportingErrors {
      let name = self.name ?? programName(of: command)
      var validation = ToolValidation(name: name, skipped: Set(skip))
      var absence: ProgramAbsence?
      do {
        let program = try ToolProgram(command: command, as: tool, limits: limits)
        try body(program, &validation)
        if let unknown = skip.first(where: { name in !validation.rows.contains { $0.check == name } }) {
          throw ValidationError("no check is called '\(unknown)'")
        }
      } catch let error as ProgramError where error.cause.isAbsence && validation.rows.isEmpty {
        absence = ProgramAbsence(failure: error)
      }
      let result = ValidationOutput(validation.rows, absence: absence)
      try junit.write(JUnitReport(validation.rows, absence: absence))
      if output.json {
        try printJSON(result)
      } else if !validation.rows.isEmpty {
        printValidation(validation.rows, [], profile: nil)
      }
      guard fflush(nil) == 0 else { throw OutputError() }
      if let absence { throw absence }
      guard result.passed else { throw ExitCode(1) }
    }
  }
}

/// What oracles found of a program.
struct ToolValidation {
  let name: String
  let skipped: Set<String>
  private(set) var rows: [ValidationRow] = []

  init(name: String, skipped: Set<String>) {
    self.name = name
    self.skipped = skipped
  }

  /// Holds the program to laws, one after another.
  ///
  /// - Parameters:
  ///   - case: which of several problems it is held on.
  ///   - body: what was found, in words; nil where the law does not speak of it.
  mutating func hold<Law: NamedLaw>(
    _ program: ToolProgram, to laws: [Law], case: String = "", _ body: (Law) throws -> String?
  ) throws {
    for law in laws { check(law, of: program, case: `case`) { try body(law) } }
  }

  private mutating func check(
    _ law: some NamedLaw, of program: ToolProgram, case: String, _ body: () throws -> String?
  ) {
    let start = ContinuousClock.now
    var outcome = ValidationRow.Outcome.passed
    var violation: OptimizerViolation?
    var detail = `case`
    if skipped.contains(law.name) || program.failure != nil {
      outcome = .skipped
    } else {
      do {
        let found = try body()
        if found == nil { outcome = .notDeclared }
        if detail.isEmpty { detail = found ?? "" }
      } catch let error as PropertyViolation {
        outcome = .failed
        violation = OptimizerViolation(property: error.label, detail: error.detail)
      } catch {
        // A refusal or an end where an answer was due.
        outcome = .failed
        violation = OptimizerViolation(property: law.law, detail: "\(error)")
      }
    }
    rows.append(
      ValidationRow(
        subject: name, hyperparameters: detail, check: law.name, law: law.law, outcome: outcome,
        margin: nil, violation: violation, seconds: (ContinuousClock.now - start) / .seconds(1)))
  }
}

extension ProgramLimits {
  /// As `--start-limit` and `--timeout` have them.
  init(start: Double, timeout: Double) {
    self.init()
    (self.start, answer, quit) = (start, timeout, timeout)
  }

  /// - Throws: `ValidationError` for what is no time to wait.
  func check() throws {
    for (option, seconds) in [("--timeout", answer), ("--start-limit", start)] {
      guard seconds > 0, seconds <= 86400 else {
        throw ValidationError("\(option) \(seconds): give seconds, up to a day")
      }
    }
  }
}
