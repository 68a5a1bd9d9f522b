import ArgumentParser
import Saddle

struct SurveyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "survey",
    abstract: "Decides the literature's claims over all the runs of a store.",
    discussion: "Rules and their levels are fixed; `--cases` shows what each rests on.")

  @Argument(help: "The store's folder.")
  var store: String
  @OptionGroup var damage: DamageOption
  @Flag(help: "Show every setting, panel or series that a claim was decided for.")
  var cases = false
  @Flag(help: "Print a table in Markdown.")
  var markdown = false
  @OptionGroup var junit: JUnitOption
  @Flag(help: "Print JSON, alone on standard output.")
  var json = false

  func run() throws {
    try reportingErrors {
      let survey = Survey(try damage.results(of: ExperimentStore(store)))
      try junit.write(
        "survey", of: store,
        survey.findings.map { JUnitReport.Case("\($0.id): \($0.statement)", $0.verdict, $0.evidence) })
      if json {
        try printJSON(survey.findings)
        return
      }
      if markdown {
        print("| claim | verdict | evidence |\n|---|---|---|")
        for finding in survey.findings {
          print(
            "| \(finding.statement) | **\(finding.verdict.rawValue)** | "
              + finding.evidence.replacing("|", with: "\\|") + " |")
        }
        return
      }
      for finding in survey.findings {
        print("\(finding.verdict.rawValue): \(finding.statement) (\(finding.id))")
        print("  \(finding.evidence)")
        guard cases else { continue }
        for item in finding.cases {
          print("  - \(item.name): \(item.evidence)")
        }
      }
    }
  }
}
