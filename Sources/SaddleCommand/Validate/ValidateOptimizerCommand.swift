import ArgumentParser
import Foundation
import Oracles
import Saddle

struct ValidateOptimizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "optimizer",
    abstract: "Holds an optimizer, ours or a program in any language, to every oracle.",
    discussion: """
      `saddle validate --optimizer adam` checks one of ours, in this process and in another one. \
      `saddle validate --command 'python3 my_optimizer.py' --declare adam,lr=1e-3` checks a \
      program that speaks the protocol of docs/protocol.md against what Adam promises.

      Without numbers, a rule is checked with several sets of hyperparameters, all away from their \
      defaults in at least one; with numbers, with these alone.

      What PyTorch's optimizers are known to do otherwise is no failure with `--profile torch`: it \
      is said once, as "allowed by profile torch".

      Exit codes: 0 all checks passed; 1 one failed; 3 the program does not start or never says \
      its first word, which is no finding about the optimizer; 64 wrong usage; 73 results that \
      cannot be written.
      """)

  @Option(help: "An optimizer of ours, by its name in the catalog: see `saddle optimizers`.")
  var optimizer: String?
  @Flag(help: "Every optimizer of the catalog.")
  var all = false
  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: "Sets a hyperparameter, such as beta1=0.8; may be repeated.")
  var settings: [NamedNumber] = []
  @Option(parsing: .unconditional, help: "A program that speaks the optimizer protocol.")
  var command: String?
  @Option(
    help: """
      The rule that the program promises to be, such as adam or adam,lr=1e-3; `none` holds it to \
      what every optimizer owes.
      """)
  var declare: Declaration?
  @Option(help: "What the program asks for in a step; else what the declared rule asks for.")
  var kind: OptimizerOracle.Kind?
  @Option(help: "A library whose known departures are allowed, and said: torch.")
  var profile: ValidationProfile?
  @Option(
    help: """
      What the program computes in, float64 or float32; else what it says itself, else float64.
      """)
  var precision: OptimizerPrecision?
  @Option(
    help: """
      What tables and JUnit's XML call the program; else its command without folders and \
      interpreter.
      """)
  var name: String?
  @Option(help: "Seconds for the program's first answer, in which it may load its libraries.")
  var startLimit = ProgramLimits().start
  @Option(help: "Seconds for each of the program's later answers, and for its end.")
  var timeout = 10.0
  @Flag(
    help: "A quick look: one set of hyperparameters, and no check that takes thousands of steps.")
  var quick = false
  @Option(help: "Leaves out a check, by its name in the table; may be repeated.")
  var skip: [String] = []
  @Option(help: "Seeds the checks' random cases.")
  var seed: UInt64 = 1
  @OptionGroup var junit: JUnitOption
  @OptionGroup var output: OutputOptions

  /// `adam,lr=1e-3`.
  struct Declaration: ExpressibleByArgument {
    let rule: String
    let numbers: [NamedNumber]

    init?(argument: String) {
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      rule = String(parts[0])
      var numbers: [NamedNumber] = []
      for part in parts.dropFirst() {
        guard let number = NamedNumber(argument: String(part)) else { return nil }
        numbers.append(number)
      }
      self.numbers = numbers
    }
  }

  func validate() throws {
    guard [optimizer != nil, all, command != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("give one of --optimizer, --all and --command")
    }
    guard (declare != nil) == (command != nil) else {
      throw ValidationError("--command and --declare go together: `none` promises nothing")
    }
    guard kind == nil || declare?.rule == "none" else {
      throw ValidationError("--kind goes with --declare none: a rule has its own")
    }
    guard !all || settings.isEmpty else {
      throw ValidationError("--set goes with one optimizer")
    }
    try limits.check()
    guard command != nil || (profile == nil && precision == nil && name == nil) else {
      throw ValidationError("--profile, --precision and --name go with --command")
    }
    guard profile == nil || declare?.rule != "none" else {
      throw ValidationError("--profile goes with a rule that is declared")
    }
    let known = Set(
      OptimizerOracle.Kind.allCases.flatMap { OptimizerOracle.all(for: $0) }.map(\.name))
    if let unknown = skip.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "no check is called '\(unknown)': take one of \(known.sorted().joined(separator: ", "))")
    }
  }

  func run() throws {
    try reportingErrors {
      var validation = Validation(
        seed: seed, skipped: Set(skip), isQuick: quick,
        progress: !output.quiet && isatty(STDERR_FILENO) == 1)
      var absence: ProgramAbsence?
      if let command, let declare {
        let program = ProgramToValidate(
          command: command, name: name ?? programName(of: command), limits: limits,
          declared: declare, kind: kind, precision: precision, profile: profile)
        do {
          try validation.hold(program, settings)
        } catch let error as ProgramAbsence {
          absence = error
        }
      } else {
        let names = optimizer.map { [$0] } ?? optimizerCatalog(Double.self).map(\.entry.name)
        for name in names {
          try validation.hold(optimizer: name, settings)
        }
      }
      try report(validation, absence)
      if let absence { throw absence }
      guard ValidationOutput(validation).passed else { throw ExitCode(1) }
    }
  }

  private var limits: ProgramLimits { ProgramLimits(start: startLimit, timeout: timeout) }

  private func report(_ validation: Validation, _ absence: ProgramAbsence?) throws {
    try junit.write(JUnitReport(validation.rows, absence: absence))
    if output.json {
      try printJSON(ValidationOutput(validation, absence: absence))
    } else if !validation.rows.isEmpty {
      printValidation(validation.rows, validation.notes, profile: profile)
    }
    // Before an exit code that throws past the check of what was written.
    guard fflush(nil) == 0 else { throw OutputError() }
  }
}

extension OptimizerOracle.Kind: ExpressibleByArgument {}
extension OptimizerPrecision: ExpressibleByArgument {}
