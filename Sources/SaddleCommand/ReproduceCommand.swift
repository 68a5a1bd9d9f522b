import ArgumentParser
import Foundation
import Saddle

struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Trains a network, takes its whole spectrum and writes a report with verdicts.",
    discussion: """
      Uses the first 5,000 training images of MNIST, pooled to 14 × 14, where MNIST is found, \
      else the built-in SyntheticDigits; says which. A run that was interrupted goes on from its \
      last epoch.
      """)

  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case auto, mnist, synthetic
  }

  @Option(help: "The data set: auto takes MNIST where it is found.")
  var dataset = Choice.auto
  @OptionGroup var data: DataOption
  @Option(help: "The folder for the report; the run is kept in its subfolder run.")
  var report = "report"
  @Option(help: "Epochs of training, in place of 100.")
  var epochs: Int?
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reportingErrors {
      let epochs = self.epochs ?? Experiment.findingEpochs
      let (experiment, note) = try choose(epochs)
      output.say(note)
      output.say(MachineFigures.measured(seconds: 0.2).summary)
      // Before the work rather than after it.
      let gnuplot = try Gnuplot()

      let prepared = try experiment.prepared(from: data.folder)
      // A run of another length is another run: resuming must not lend it these results.
      let folder = RunFolder(
        report + "/run/\(experiment.name)-\(epochs)-epochs")
      let result = try output.training(prepared, in: folder, resume: true)
      output.say("Taking the whole spectrum of \(result.parameters.count) eigenvalues …")
      let objective = try prepared.objective(Double.self)
      let measured = try PointMeasurement(of: objective, at: result.parameters)
      guard let analysis = measured.analysis else { return }
      try folder.write(analysis)

      let claims = Claim.all(
        for: measured.record, startingLoss: result.history[0].evaluation.loss)
      let page = HTMLReport(
        experiment: experiment, data: prepared.samples.name, network: "\(objective.network)",
        history: result.history, analysis: analysis, test: result.test, claims: claims,
        command: "script/reproduce --dataset \(experiment.data.source.dataset == nil ? "synthetic" : "mnist")"
          + (self.epochs.map { " --epochs \($0)" } ?? ""))
      let path = try page.write(to: report, using: gnuplot)

      if output.json {
        try printJSON(
          SpectrumOutput(
            of: measured, experiment: experiment, test: result.test, claims: claims))
      } else {
        print("\(objective.network) on \(prepared.samples.name): \(page.summary)\n")
        analysis.print(test: result.test, claims: claims)
        print("\nReport: \(path)")
      }
    }
  }

  private func choose(_ epochs: Int) throws -> (Experiment, note: String) {
    switch dataset {
    case .mnist: return (try .mnist(epochs: epochs), "Using MNIST.")
    case .synthetic:
      return (try .syntheticDigits(epochs: epochs), "Using SyntheticDigits, as asked.")
    case .auto:
      do throws(DataError) {
        _ = try data.folder.mnist(.train)
        _ = try data.folder.mnist(.test)
      } catch  where error.isAbsence {
        // A folder that was named and does not hold MNIST is a mistake, not a machine without it.
        if data.data != nil { throw error }
        return (
          try .syntheticDigits(epochs: epochs),
          "MNIST was not found (`saddle data fetch mnist` gets it): using the built-in "
            + "SyntheticDigits, which stand for no finding on the real data."
        )
      }
      return (try .mnist(epochs: epochs), "Using MNIST.")
    }
  }
}
