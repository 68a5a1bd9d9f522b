import ArgumentParser
import Foundation
import Oracles
import Saddle
import SaddleOracles

/// A program whose objective is analyzed.
struct ProgramOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      A program that speaks docs/protocol.md, instead of a run: its objective is tested, then \
      analyzed.
      """)
  var command: String?
  @Option(
    help: """
      θ for --command, in a .npy, .npz or .safetensors file: one array of all, or one for each block; \
      else what the program was started with.
      """)
  var parameters: String?
  @Option(help: "A folder for a page on what --command's point is.")
  var report: String?
  @Option(parsing: .unconditional, help: "Seconds that --command's start may take.")
  var startLimit = 120.0
  @Option(parsing: .unconditional, help: "Seconds that each of its answers may take.")
  var timeout = 600.0

  func validate() throws {
    for (name, seconds) in [("--start-limit", startLimit), ("--timeout", timeout)] {
      guard seconds > 0, seconds <= 1e6 else {
        throw ValidationError("\(name) needs seconds, above 0")
      }
    }
  }

  func objective(_ command: String) throws -> RemoteObjective {
    try RemoteObjective(command: command, startLimit: startLimit, answerLimit: timeout)
  }

  /// θ, P numbers.
  func point(of objective: RemoteObjective) throws -> [Double] {
    guard let parameters else {
      guard let point = try objective.startingPoint() else {
        throw ValidationError("the program offers no 'point': say where with --parameters")
      }
      return point
    }
    let archive = try TensorArchive(readingFrom: parameters)
    let names = Set(archive.tensors.map(\.name))
    let tensors =
      objective.parameterBlocks.allSatisfy { names.contains($0.name) }
      ? objective.parameterBlocks.compactMap { archive[$0.name] } : archive.tensors
    let point = tensors.flatMap { $0.values.floating(as: Double.self) ?? [] }
    guard point.count == objective.dimension else {
      throw RemoteError.parameterCount(found: point.count, needed: objective.dimension)
    }
    return point
  }
}

/// What is said in JSON of a program whose objective was analyzed.
struct RemoteProgram: Encodable {
  let command: String
  let description: RemoteDescription
  let examination: Examination
}

/// What `saddle spectrum --command` takes and says.
struct RemoteSpectrum {
  let command: String
  let program: ProgramOption
  let options: SpectrumOptions
  let junit: JUnitOption
  let output: OutputOptions

  /// Up to so many parameters `auto` takes all eigenvalues: a product for each column.
  static let exactLimit = 2000

  func run() throws {
    // Before the work rather than after it.
    let gnuplot = try program.report.map { _ in try Gnuplot() }
    let objective = try program.objective(command)
    let point = try program.point(of: objective)
    let subject = try CurvatureSubject(objective, options.curvature)
    output.say("Testing \(programName(of: command)) …")
    let examination = try Examination(
      subject, at: point, objections: objective.description.objections ?? [])
    func decided(_ claims: [Claim]) -> JUnitReport {
      let name = programName(of: command)
      return JUnitReport(
        name: "saddle spectrum",
        suites: [
          JUnitReport.Suite(
            name: "\(name): the program itself", cases: examination.findings.map(JUnitReport.Case.init)),
          JUnitReport.Suite(name: name, cases: claims.map(JUnitReport.Case.init)),
        ])
    }
    guard !examination.isRefused else {
      try junit.write(decided([]))
      if !output.json { show(objective, examination) }
      throw ProgramRefused(
        laws: examination.findings.filter { $0.verdict == .failed }
          .map { "\($0.law) (\($0.finding))" })
    }
    var settings = options.point(order: objective.dimension, exactLimit: Self.exactLimit)
    settings.matrixFree.productNoise = examination.productNoise
    let measured: PointMeasurement
    do {
      measured = try PointMeasurement(
        of: objective, at: point, settings: settings, progress: output.say)
    } catch {
      throw objective.failure ?? error
    }
    if let failure = objective.failure { throw failure }
    let claims =
      measured.settings.isOfHessian ? Claim.all(for: measured.record, startingLoss: nil) : []
    try junit.write(decided(claims))
    if let folder = program.report, let gnuplot {
      let page = try ProgramReport(
        name: objective.description.name ?? programName(of: command), about: about(objective),
        examination: examination.table(), measured: measured, claims: claims,
        command: commandLine
      ).write(to: folder, using: gnuplot)
      output.say("Report: \(page)")
    }
    if output.json {
      try printJSON(
        SpectrumOutput(
          of: measured, experiment: nil,
          program: RemoteProgram(
            command: command, description: objective.description, examination: examination),
          test: nil, claims: claims))
    } else {
      show(objective, examination)
      print("")
      measured.print(test: nil, claims: claims, classes: nil)
    }
  }

  /// The command line as it was given.
  private var commandLine: String {
    (["saddle"] + CommandLine.arguments.dropFirst()).map { word in
      word.contains(where: { " '\"$&|;<>()*?\\".contains($0) })
        ? "'" + word.replacing("'", with: "'\\''") + "'" : word
    }.joined(separator: " ")
  }

  private func about(_ objective: RemoteObjective) -> [(name: String, value: String)] {
    let about = objective.description
    var rows = [
      ("program", about.name ?? command), ("parameters", "\(about.parameters)"),
      ("precision", about.dtype?.rawValue ?? "float64"),
    ]
    if let samples = about.samples { rows.append(("samples", "\(samples)")) }
    for remark in about.remarks ?? [] { rows.append(("it says", remark)) }
    return rows
  }

  private func show(_ objective: RemoteObjective, _ examination: Examination) {
    printTable(about(objective))
    print("\nthe program itself")
    printTable(examination.table())
  }
}
