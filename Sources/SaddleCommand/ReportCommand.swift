import ArgumentParser
import Foundation
import Saddle

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a self-contained page on what a store's runs say of the claims.",
    discussion: """
      Verdicts first, then claim by claim the pictures, which also lie beside the page as SVG. \
      Spectra are drawn of the runs whose eigenvalues the store holds; layer by layer, of those \
      with parameters, where their data is found.
      """)

  @Argument(help: "The store's folder, or a pack.")
  var store: String
  @Option(help: "The folder to write to.")
  var out = "report"
  @Option(help: "A pack whose claims at critical points stand first, a sentence each.")
  var claims: String?
  @OptionGroup var damage: DamageOption
  @OptionGroup var data: DataOption
  @Flag(help: "Print no progress.")
  var quiet = false

  func run() throws {
    try reportingErrors {
      // Before the work rather than after it.
      let gnuplot = try Gnuplot()
      let store = ExperimentStore(self.store)
      let survey = Survey(try damage.results(of: store))
      var eigenvalues: [String: [Double]] = [:]
      for key in survey.settings.flatMap(\.runs).map(\.key) {
        eigenvalues[key] = try store.eigenvalues(of: key)
      }
      let page = SurveyReport(
        survey: survey, eigenvalues: eigenvalues,
        layers: try layers(of: survey, in: store, having: Set(eigenvalues.keys)),
        store: self.store, claims: try ExperimentStore(claims ?? self.store).claims())
      let isQuiet = quiet
      let path = try page.write(to: out, using: gnuplot) { done, count in
        if !isQuiet { showShare(done, of: count, "pictures drawn") }
      }
      print("Report: \(path)")
    }
  }

  /// One run a panel: a Hessian each.
  private func layers(
    of survey: Survey, in store: ExperimentStore, having spectra: Set<String>
  ) throws -> [String: [BlockSpectrum]] {
    var layers: [String: [BlockSpectrum]] = [:]
    for panel in survey.panels {
      guard let run = panel.settings.flatMap(\.runs).first(where: { spectra.contains($0.key) }),
        let parameters = try store.parameters(of: run.key)
      else { continue }
      let prepared: PreparedExperiment
      do throws(DataError) {
        prepared = try run.experiment.prepared(from: data.folder)
      } catch {
        guard error.isAbsence else { throw error }
        if !quiet { tell("saddle: no spectra by layer of \(panel.key.name): \(error)\n") }
        continue
      }
      layers[run.key] = try blocks(of: prepared, at: parameters)
    }
    return layers
  }

  private func blocks(
    of prepared: PreparedExperiment, at parameters: [Double]
  ) throws -> [BlockSpectrum] {
    let objective = try prepared.objective(Double.self)
    return try BlockSpectrum.all(
      of: objective.hessian(at: parameters), blocks: objective.parameterBlocks)
  }
}
