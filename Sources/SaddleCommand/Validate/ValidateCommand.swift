import ArgumentParser
import Foundation
import Oracles

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Holds an optimizer, or a program in any language, to every oracle.",
    discussion: """
      `saddle validate --optimizer adam` is `saddle validate optimizer --optimizer adam`: what is not \
      named is an optimizer. The others take a program that speaks docs/protocol.md:

        saddle validate eigensolver --command 'python3 python/peers/eigensolver.py numpy-eigh'

      Exit codes: 0 all checks passed; 1 one failed; 3 the program does not start or never says its \
      first word; 64 wrong usage; 73 results that cannot be written.
      """,
    subcommands: [
      ValidateOptimizerCommand.self, ValidateCurvature.self, ValidateEigensolver.self,
      ValidateSampler.self, ValidateLaw.self, ValidateTrace.self,
    ],
    defaultSubcommand: ValidateOptimizerCommand.self)
}

struct ValidateEigensolver: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eigensolver", abstract: "Holds a program's symmetric eigensolver to every oracle.")
  @Option(help: "Matrices that are drawn for each law: 100 or more, for all sorts to be among them.")
  var samples = 100
  @OptionGroup var tool: ToolOptions

  func validate() throws {
    guard 100...100_000 ~= samples else { throw ValidationError("--samples from 100 to 100000") }
  }

  func run() throws {
    try tool.hold(.eigensolver) { program, validation in
      let subject = try EigensolverSubject(program)
      try validation.hold(program, to: EigensolverOracle.all) { oracle in
        switch oracle.outcome(for: subject, samples: samples, seed: tool.seed) {
        case .passed(let cases): "\(cases) cases"
        case .notAsked: nil
        case .failed(let failure): throw PropertyViolation(oracle.name, "\(failure)")
        }
      }
    }
  }
}

struct ValidateSampler: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sampler", abstract: "Holds a program's random matrices to every oracle.")
  @OptionGroup var tool: ToolOptions

  func run() throws {
    try tool.hold(.sampler) { program, validation in
      for ensemble in EnsembleSubject.Ensemble.asked {
        guard let subject = try EnsembleSubject(program, ensemble)?.remembering() else { continue }
        try validation.hold(program, to: EnsembleOracle.all, case: "\(ensemble)") {
          try $0.check(subject, seed: tool.seed) ? "" : nil
        }
      }
    }
  }
}

struct ValidateLaw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "law", abstract: "Holds a program's law of random matrices to every oracle.")
  @OptionGroup var tool: ToolOptions

  func run() throws {
    try tool.hold(.law) { program, validation in
      for law in LawSubject.Law.asked {
        guard let subject = try LawSubject(program, law) else { continue }
        try validation.hold(program, to: LawOracle.all, case: "\(law)") {
          try $0.check(subject, seed: tool.seed) ? "" : nil
        }
      }
    }
  }
}

struct ValidateTrace: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Holds a program's trace estimator to every oracle.")
  @OptionGroup var tool: ToolOptions

  func run() throws {
    try tool.hold(.trace) { program, validation in
      let subject = try TraceSubject(program)
      try validation.hold(program, to: TraceOracle.all) {
        try $0.check(subject, seed: tool.seed) ? "" : nil
      }
    }
  }
}

struct ValidateCurvature: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curvature",
    abstract: "Holds a program's curvature products to the exact matrices of small networks.")
  @Option(help: "Networks that are drawn for each law.")
  var problems = 12
  @OptionGroup var tool: ToolOptions

  func validate() throws {
    guard 1...10_000 ~= problems else { throw ValidationError("--problems from 1 to 10000") }
  }

  func run() throws {
    try tool.hold(.curvature) { program, validation in
      let implementation = try CurvatureImplementation(program)
      let roundoff = program.description.dtype == "float32" ? 0x1p-24 : 0x1p-53
      for kind in CurvatureProblem.Kind.allCases where implementation.kinds.contains(kind) {
        try validation.hold(program, to: CurvatureProblemOracle.all, case: kind.rawValue) {
          let count = try $0.check(
            implementation, kind, seed: tool.seed, count: problems, roundoff: roundoff)
          return count > 0 ? "\(count) problems" : nil
        }
      }
    }
  }
}
