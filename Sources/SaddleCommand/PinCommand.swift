import ArgumentParser
import Foundation
import Saddle

struct PinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Trains a finding's experiment, analyzes it and rewrites its fixture.",
    discussion: """
      Prints the difference to the fixture that was there. Tests never write fixtures: this is \
      the only way to change one. Run it in the project's folder.
      """)

  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case mnist, synthetic
  }

  @Argument(help: "The finding to pin.")
  var finding: Choice
  @OptionGroup var data: DataOption
  @Flag(help: "Analyze the fixture's own parameters anew, instead of training.")
  var keepParameters = false
  @Option(help: "The folder of the fixtures.")
  var fixtures = "fixtures"
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reportingErrors {
      let experiment: Experiment =
        switch finding {
        case .mnist: try .mnist()
        case .synthetic: try .syntheticDigits()
        }
      let prepared = try experiment.prepared(from: data.folder)
      let path = fixtures + "/" + experiment.name
      let before = keepParameters ? try Fixture(from: path) : try? Fixture(from: path)
      let objective = try prepared.objective(Double.self)
      let (parameters, startingLoss): ([Double], Double)
      if keepParameters, let before, let start = before.finding.startingLoss {
        (parameters, startingLoss) = (before.parameters, start)
      } else {
        let result = try output.training(prepared)
        (parameters, startingLoss) = (result.parameters, result.history[0].evaluation.loss)
      }
      let analysis = try PointAnalysis(of: objective, at: parameters)
      let pinned = Finding(
        experiment: experiment,
        provenance: try Provenance(
          of: prepared.samples, madeBy: "saddle pin \(finding.rawValue)", blas: blasDescription),
        analysis: analysis, startingLoss: startingLoss,
        test: try prepared.testEvaluation(at: parameters))
      try Fixture(
        finding: pinned, parameters: parameters,
        witness: analysis.certificate?.direction
      ).write(to: path)
      if output.json {
        try printJSON(pinned)
      } else {
        report(pinned, before: before?.finding, path: path)
      }
    }
  }

  private func report(_ finding: Finding, before: Finding?, path: String) {
    let old = Dictionary(
      uniqueKeysWithValues: before?.figures.map { ($0.name, $0) } ?? [])
    printTable(
      finding.figures.map { figure in
        guard let previous = old[figure.name] else { return (figure.name, "\(figure.value)  new") }
        return (
          figure.name,
          previous.deviation(of: figure.value) <= 1
            ? "\(figure.value)" : "\(figure.value)  was \(previous.value)"
        )
      })
    for (claim, previous) in zip(finding.claims, before?.claims ?? finding.claims) {
      let change =
        claim.verdict == previous.verdict ? "" : "  was \(previous.verdict.rawValue)"
      print("\(claim.statement)\n  \(claim.verdict.rawValue)\(change)")
    }
    print("Pinned in \(path)")
  }
}
