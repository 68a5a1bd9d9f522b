/// What seeds say of a claim, each by most of its runs.
///
/// A seed on one data set is a unit, whatever the parts of it, the networks and the optimizers: its runs
/// have samples, initial weights or noise in common. It says what more than half of its runs do,
/// whatever those would say that are not known; else it is not known itself.
package struct SeedVotes {
  package private(set) var votes: [Bool?] = []

  /// - Parameter runs: each with what it says; nil where that is not known, since it diverged or is
  ///   undecided.
  init(_ runs: [(run: RunResult, holds: Bool?)]) {
    self.init(units: Dictionary(grouping: runs) { $0.run.unit }.map { $0.value.map(\.holds) })
  }

  package init(units: [[Bool?]]) {
    votes = units.map(Self.majority)
  }

  package static func majority(_ runs: [Bool?]) -> Bool? {
    if 2 * runs.count(where: { $0 == true }) > runs.count { return true }
    return 2 * runs.count(where: { $0 == false }) > runs.count ? false : nil
  }

  /// The share of seeds of which the claim holds; nil where there are none.
  package var estimate: ClusteredProportion? { ClusteredProportion(votes.map { [$0] }) }
}

extension RunResult {
  /// The data set, whatever part of it and however pooled, and the seed.
  var unit: String {
    let source = experiment.data.source
    return "\(source.dataset?.rawValue ?? source.name) \(experiment.plan?.seed ?? 0)"
  }
}
