import ArgumentParser
import Foundation
import Saddle

struct CertifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Proves that a run ended at a critical point, and of which kind.",
    discussion: """
      Newton and Kantorovich's theorem over the training set with every error bounded: exactly one \
      critical point within a distance of the parameters, and its exact index; at the parameters, or \
      where Newton's steps lead from there, within a thousandth of ‖θ‖, with the gradient in ball \
      arithmetic. Memory: five P × P matrices of doubles.
      With --degeneracy also how many eigenvalues are zero, from below by theorem and from above by \
      factorization: of dense smooth networks without a penalty.
      Exit codes: 0 proved; 1 refuted: no critical point lies within a thousandth of ‖θ‖; 2 open: \
      neither is proved, and the table says what is missing; others as everywhere.
      """)

  @Argument(help: "The folder of a run that `saddle train` or `saddle import` made.")
  var folder: String
  @Flag(
    help: """
      First descend the loss with all samples (trust-region Newton) until its gradient is rounding, \
      and report how far that was; the run's folder stays as it is.
      """)
  var descend = false
  @Flag(help: "Also prove how degenerate the Hessian is.")
  var degeneracy = false
  @Option(parsing: .unconditional, help: "‖∇L‖ that the descent is to come to.")
  var tolerance = Descent.gradientTolerance
  @Option(parsing: .unconditional, help: "Steps of the descent at most.")
  var steps = Descent.budget
  @OptionGroup var data: DataOption
  @OptionGroup var junit: JUnitOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard tolerance > 0, tolerance.isFinite else {
      throw ValidationError("--tolerance must be positive")
    }
    guard steps >= 0 else { throw ValidationError("--steps must be 0 or more") }
  }

  func run() throws {
    var status: ExitCode = .success
    try reportingErrors {
      let folder = RunFolder(self.folder)
      let (run, parameters, _) = try folder.trained()
      let prepared = try run.experiment.prepared(from: data.folder)
      try folder.requireData(of: prepared)
      let objective = try prepared.objective(Double.self)
      guard parameters.count == objective.dimension else {
        throw TrainingError.stateDoesNotFit(
          parameters: parameters.count, network: objective.dimension)
      }
      let result = try certified(objective, at: parameters)
      status = result.status
      try junit.write("certify", of: folder.path, [result.junit])
      if output.json {
        try printJSON(result)
      } else {
        print("\(objective.network) on \(prepared.samples.name)\n")
        printTable(result.table)
      }
    }
    if status != .success { throw status }
  }

  private func certified(
    _ objective: NetworkObjective<Double>, at parameters: [Double]
  ) throws -> CertifyOutput {
    var θ = parameters
    var descent: Descent.Report?
    if descend {
      output.say("descending")
      let found = try Descent(of: objective, from: θ, tolerance: tolerance, budget: steps) {
        if $0 % 50 == 0 { output.say("  step \($0): loss \(comparable($1)), ‖∇L‖ \(short($2))") }
      }
      (θ, descent) = (found.point, found.report)
    }
    output.say("certifying")
    let certificate = try CriticalPointCertificate(of: objective, at: θ)
    let proof = try degeneracy ? VerifiedDegeneracy(of: objective, at: θ) : nil
    if degeneracy, proof == nil {
      output.say("no theorem says how degenerate this objective is: it has a penalty or other layers")
    }
    return CertifyOutput(
      verdict: certificate.outcome(lengthScale: euclideanNorm(θ.span)), certificate: certificate,
      degeneracy: proof, descent: descent,
      point: θ)
  }
}

/// What `certify` prints as JSON.
struct CertifyOutput: Encodable {
  let verdict: CriticalPointCertificate.Outcome
  let certificate: CriticalPointCertificate
  /// Where it was asked for, and a theorem applies.
  let degeneracy: VerifiedDegeneracy?
  /// Where the loss was descended first.
  let descent: Descent.Report?
  /// θ that the certificate is of, P numbers.
  let point: [Double]

  /// What is shown for people.
  var table: [(name: String, value: String)] {
    (descent?.table ?? []) + certificate.table + (degeneracy?.table ?? [])
  }

  fileprivate var junit: JUnitReport.Case {
    let verdict: Verdict =
      switch self.verdict {
      case .proved: .reproduced
      case .refuted: .notReproduced
      case .open: .undecided
      }
    return JUnitReport.Case(
      "it ended at a critical point", verdict,
      table.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
  }

  var status: ExitCode {
    switch verdict {
    case .proved: .success
    case .refuted: ExitCode(1)
    case .open: ExitCode(2)
    }
  }
}
