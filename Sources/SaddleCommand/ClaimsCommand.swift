import ArgumentParser
import Foundation
import Oracles
import Saddle
import SaddleOracles

struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "Decides the claims that a grid has protocols for, by its finished runs.",
    discussion: """
      A protocol names the statistic, the region it must lie in, and what is expected to come out. \
      \(JointRuling.rule). Runs that are not finished yet bear on nothing.
      """)

  @Argument(help: "A JSON file, such as experiments/critical.json.")
  var grid: String
  @Option(help: "The folder of the store, or a pack.")
  var store: String
  @OptionGroup var damage: DamageOption
  @Flag(help: "Print a table in Markdown.")
  var markdown = false
  @OptionGroup var junit: JUnitOption
  @Flag(help: "Print JSON, alone on standard output.")
  var json = false

  func run() throws {
    try reportingErrors {
      let grid = try ExperimentGrid(from: self.grid)
      let findings = try Self.decided(grid, in: ExperimentStore(store), damage).findings
      try junit.write(
        "claims", of: store,
        findings.map { JUnitReport.Case("\($0.plan.id) \($0.plan.statement)", $0.verdict, $0.summary) })
      if json {
        try printJSON(findings)
      } else if markdown {
        for line in ClaimFinding.markdown(findings) { print(line) }
      } else {
        for finding in findings {
          print("\(finding.plan.id) \(finding.verdict.rawValue): \(finding.plan.statement)")
          print("  \(finding.summary)\n  predicted: \(finding.plan.prediction)")
        }
      }
    }
  }

  /// The grid's claims by the runs of a store.
  static func decided(
    _ grid: ExperimentGrid, in store: ExperimentStore, _ damage: DamageOption
  ) throws -> ClaimSurvey {
    let finished = Dictionary(
      try damage.results(of: store).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let plans = grid.claims ?? []
    return try ClaimSurvey(
      plans,
      runs: { plan in
        if let other = plan.store {
          let runs = try damage.results(of: ExperimentStore(other))
          return (runs, runs.count)
        }
        let planned = try grid.groups.filter { plan.groups.contains($0.name) }
          .flatMap { try $0.untunedRuns() }
        return (planned.compactMap { finished[$0.key] }, planned.count)
      },
      eigenvalues: { plan, run in
        try (plan.store.map { ExperimentStore($0) } ?? store).eigenvalues(of: run.key)
      },
      // Two hundred Hessians, which most grids do not ask for.
      supplied: plans.contains { $0.statistic == .linearRank }
        ? [.linearRank: try linearRanks()] : [:])
  }

  /// Networks for the rank of deep linear networks, two losses each.
  private static let linearNetworks = 100

  private static func linearRanks() throws -> ClaimSurvey.Measured {
    var (clusters, gaps) = ([[Bool?]](), [Double]())
    for number in 0..<linearNetworks {
      clusters.append(
        try [Loss.softmaxCrossEntropy, .meanSquaredError].map { loss in
          var generator = RandomStream(seed: UInt64(number), name: "linear rank")
          let drawn = DeepLinearRankCase(loss, using: &generator)
          guard let gap = try drawn.gap() else { return false }
          gaps.append(gap.ratio)
          return drawn.holds(gap)
        })
    }
    let equal = clusters.flatMap { $0 }.count { $0 == true }
    return ClaimSurvey.Measured(
      ClusteredProportion(clusters),
      "\(equal) of \(2 * linearNetworks) ranks are the closed form's, \(linearNetworks) networks, both "
        + "losses; the least gap at the cut is \(short(gaps.min() ?? 0))")
  }
}
