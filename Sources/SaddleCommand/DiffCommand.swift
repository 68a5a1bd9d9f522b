import ArgumentParser
import Foundation
import Saddle

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Says which figures and findings changed between two stores.",
    discussion: """
      Either may be a folder, or COMMIT:FOLDER for a pack as a commit of this repository has it, \
      such as HEAD~3:fixtures/paper. Runs of equal seeds are compared pair by pair. A figure has \
      changed where its mean difference is beyond its margin and beyond chance (Student's t, \
      adjusted by Holm's rule to 1 % for all figures together); it is the same where the 95 % \
      interval lies within the margin. Ends with 1 where a figure or a verdict has changed.
      """)

  @Argument(help: "The earlier store.")
  var before: String
  @Argument(help: "The later store.")
  var after: String
  @OptionGroup var damage: DamageOption
  @Flag(help: "Show figures that are the same, too.")
  var all = false
  @OptionGroup var junit: JUnitOption
  @Flag(help: "Print JSON, alone on standard output.")
  var json = false

  func run() throws {
    try reportingErrors {
      let diff = SurveyDiff(try results(of: before), try results(of: after))
      try junit.write(JUnitReport(diff, before, after))
      if json { try printJSON(diff) } else { show(diff) }
      if diff.isChanged { throw ExitCode(1) }
    }
  }

  private func show(_ diff: SurveyDiff) {
    for change in diff.figures where all || change.outcome != .same {
      print("\(change.outcome.rawValue): \(change.name): \(change.evidence)")
    }
    for change in diff.findings where all || change.before != change.after {
      print(
        "verdict: \(change.statement) (\(change.id)): \(change.before.rawValue) → "
          + "\(change.after.rawValue)\n  before: \(change.evidenceBefore)\n  after: "
          + change.evidenceAfter)
    }
    let counts = [FigureChange.Outcome.same, .changed, .undecided].map { outcome in
      "\(diff.figures.filter { $0.outcome == outcome }.count) \(outcome.rawValue)"
    }
    print("\(diff.figures.count) figures compared: \(counts.joined(separator: ", "))")
    print(
      "\(diff.findings.count) verdicts compared: "
        + "\(diff.findings.filter { $0.before != $0.after }.count) changed")
    if !diff.onlyBefore.isEmpty || !diff.onlyAfter.isEmpty {
      print(
        "settings not compared: \(diff.onlyBefore.count) only in \(before), "
          + "\(diff.onlyAfter.count) only in \(after)")
    }
  }

  private func results(of name: String) throws -> [RunResult] {
    guard !FileManager.default.fileExists(atPath: name), let colon = name.firstIndex(of: ":") else {
      return try damage.results(of: ExperimentStore(name))
    }
    return try committed(String(name[..<colon]), String(name[name.index(after: colon)...]))
  }

  /// The pack in a folder of a commit.
  private func committed(_ commit: String, _ folder: String) throws -> [RunResult] {
    // Git would read it as an option, of which some write files.
    guard !commit.hasPrefix("-") else {
      throw RunError.unreadable(
        path: "\(commit):\(folder)", cause: "no commit's name begins with a hyphen")
    }
    let files = FileManager.default
    let copy = files.temporaryDirectory.appending(path: "saddle-\(UUID().uuidString)")
    try files.createDirectory(at: copy, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: copy) }
    let archive = copy.appending(path: "pack.tar").path
    for (program, arguments) in [
      ("git", ["archive", "--format=tar", "--output=\(archive)", commit, "--", folder]),
      ("tar", ["-xf", archive, "-C", copy.path]),
    ] {
      let outcome = try Program(program, environment: ProcessInfo.processInfo.environment)
        .run(arguments)
      guard outcome.status == 0 else {
        throw RunError.unreadable(path: "\(commit):\(folder)", cause: outcome.complaint)
      }
    }
    return try damage.results(of: ExperimentStore(copy.appending(path: folder).path))
  }
}

extension FigureChange {
  fileprivate var name: String { "\(figure) of \(setting)" }

  fileprivate var evidence: String {
    "\(short(before)) → \(short(after)), difference "
      + "\(short(difference)) in [\(short(lower)), \(short(upper))], "
      + "margin \(short(margin)), p = \(short(adjusted)) adjusted, "
      + (pairs > 0 ? "\(pairs) pairs" : "other seeds")
  }
}

extension JUnitReport {
  fileprivate init(_ diff: SurveyDiff, _ before: String, _ after: String) {
    let figures = diff.figures.map { change in
      let outcome: Outcome =
        switch change.outcome {
        case .same: .passed
        case .changed: .failed(type: "changed", change.evidence)
        case .undecided: .skipped("undecided: \(change.evidence)")
        }
      return Case(name: change.name, outcome: outcome)
    }
    let verdicts = diff.findings.map { change in
      let evidence =
        "\(change.before.rawValue) → \(change.after.rawValue)\nbefore: \(change.evidenceBefore)\nafter: "
        + change.evidenceAfter
      return Case(
        name: "\(change.id): \(change.statement)",
        outcome: change.before == change.after ? .passed : .failed(type: "changed", evidence))
    }
    self.init(
      name: "saddle diff \(before) \(after)",
      suites: [Suite(name: "figures", cases: figures), Suite(name: "verdicts", cases: verdicts)])
  }
}
