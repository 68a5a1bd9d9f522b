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

  @Argument(help: "The folder of a run that `saddle train` made.")
  var folder: String
  @OptionGroup var data: DataOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reportingErrors {
      let folder = RunFolder(self.folder)
      let (experiment, parameters) = try folder.trained()
      let history = try folder.read([EpochRecord].self, from: "history.json")
      let prepared = try experiment.prepared(from: data.folder)
      let objective = try prepared.objective(Double.self)
      guard parameters.count == objective.dimension else {
        throw TrainingError.stateDoesNotFit(
          parameters: parameters.count, network: objective.dimension)
      }
      let analysis = try PointAnalysis(of: objective, at: parameters)
      let test = try prepared.testEvaluation(at: parameters)
      try folder.write(analysis, as: "analysis.json")
      let claims = Claim.all(
        for: analysis,
        startingLoss: history.first?.evaluation.loss ?? analysis.evaluation.loss)
      if output.json {
        try printJSON(
          SpectrumOutput(experiment: experiment, analysis: analysis, test: test, claims: claims))
      } else {
        print("\(objective.network) on \(prepared.images.name)\n")
        printAnalysis(analysis, test: test, claims: claims)
      }
    }
  }
}
