import ArgumentParser
import Foundation
import Saddle

struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Takes the whole Hessian spectrum of a trained run and says what kind of point it is.",
    discussion: """
      All eigenvalues of the exact Hessian over the training set, the degeneracy as a function of \
      the tolerance, the index, and a certificate of negative curvature. Memory: two P × P \
      matrices of doubles. Writes analysis.json into the run's folder.
      """)

  @Argument(help: "The folder of a run that `saddle train` or `saddle import` made.")
  var folder: String
  @OptionGroup var data: DataOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reportingErrors {
      let folder = RunFolder(self.folder)
      let (run, parameters, history) = try folder.trained()
      let prepared = try run.experiment.prepared(from: data.folder)
      try folder.requireData(of: prepared)
      let objective = try prepared.objective(Double.self)
      guard parameters.count == objective.dimension else {
        throw TrainingError.stateDoesNotFit(
          parameters: parameters.count, network: objective.dimension)
      }
      let analysis = try PointAnalysis(of: objective, at: parameters)
      let test = try prepared.testEvaluation(at: parameters)
      try folder.write(analysis)
      let claims = Claim.all(for: analysis, startingLoss: history.first?.evaluation.loss)
      if output.json {
        try printJSON(
          SpectrumOutput(experiment: run.experiment, analysis: analysis, test: test, claims: claims))
      } else {
        print("\(objective.networkDescription) on \(prepared.samples.name)\n")
        printAnalysis(analysis, test: test, claims: claims)
      }
    }
  }
}
