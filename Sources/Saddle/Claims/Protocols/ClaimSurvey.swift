/// What the runs of a grid say of the claims that it has protocols for, decided together.
public struct ClaimSurvey: Sendable {
  public let findings: [ClaimFinding]

  /// What a protocol's statistic came to, and what else is to be said.
  public struct Measured: Sendable {
    public let estimate: (any LevelledEstimate)?
    public let evidence: String

    public init(_ estimate: (any LevelledEstimate)?, _ evidence: String) {
      self.estimate = estimate
      self.evidence = evidence
    }
  }

  /// - Parameters:
  ///   - plans: the claims' protocols.
  ///   - runs: the finished runs of a protocol's groups, or of its store, and how many there are to be.
  ///   - eigenvalues: of a run, ascending; nil where they are not kept.
  ///   - supplied: what is not decided by runs, by statistic.
  /// - Throws: `RandomMatrixError` for eigenvalues that are none.
  public init(
    _ plans: [ClaimProtocol], runs: (ClaimProtocol) throws -> (finished: [RunResult], planned: Int),
    eigenvalues: (ClaimProtocol, RunResult) throws -> [Double]?,
    supplied: [ClaimStatistic: Measured] = [:]
  ) throws {
    let measured = try plans.map { plan in
      let found =
        try supplied[plan.statistic]
        ?? Self.measure(plan, runs(plan)) {
          try eigenvalues(plan, $0)
        }
      return (plan: plan, estimate: found.estimate, evidence: found.evidence)
    }
    findings = ClaimFinding.decide(measured)
  }

  private static func measure(
    _ plan: ClaimProtocol, _ found: (finished: [RunResult], planned: Int),
    _ eigenvalues: (RunResult) throws -> [Double]?
  ) throws -> Measured {
    let runs = found.finished
    let table = SeedTable(runs)
    let diverged = runs.count { $0.end == nil }
    let count =
      "\(runs.count) \(runs.count < found.planned ? "of \(found.planned) planned " : "")runs"
      + (diverged > 0 ? ", \(diverged) of them diverged" : "")
    guard !runs.isEmpty else { return Measured(nil, "no run bears on it yet") }
    switch plan.statistic {
    case .saddleShare:
      return Measured(
        ClusteredProportion(table.clusters { $0.critical?.isNoMinimum }),
        count + ": " + CriticalEnd.inWords(runs.compactMap { $0.end?.critical }))
    case .excessNullity:
      return Measured(
        CrossedMean(table.ranges(\.critical?.excessNullity), limits: -1...1),
        count + "; " + CriticalEnd.degeneracyInWords(runs.compactMap { $0.end?.critical }))
    case .emergentNullity:
      return Measured(
        CrossedMean(table.means(\.critical?.emergentNullity), limits: 0...1),
        count + "; " + CriticalEnd.degeneracyInWords(runs.compactMap { $0.end?.critical }))
    case .indexSlope:
      let trajectories = runs.compactMap { $0.end?.trajectory }
      return Measured(
        CrossedMean(table.means { $0.trajectory?.indexSlope(at: PointLimits.strictZero) }),
        count + "; " + LossTrajectory.inWords(trajectories))
    case .trappedShare:
      let traps = runs.compactMap { $0.end?.critical?.penaltyTrap }
      return Measured(
        CrossedMean(table.means { $0.critical?.trappedShare }, limits: 0...1),
        "\(count); negative with the penalty \(range(traps.map { Double($0.with) })), without at "
          + "least \(range(traps.map { Double($0.without.lowerBound) })) of "
          + range(traps.map { Double($0.order) }))
    case .escapeShare:
      return escapes(table, count)
    case .attribution:
      let found = runs.compactMap { $0.end?.critical?.attribution }
      return Measured(
        CrossedMean(table.means { $0.critical?.attribution?.excess }, limits: -1...1),
        "\(count); overlap \(range(found.map(\.overlap))), with permuted labels "
          + "\(range(found.flatMap(\.permuted))), accuracy "
          + range(found.compactMap(\.accuracy), percent))
    case .sharpnessSlope:
      let series = table.rows.map { SharpnessSeries(ofRuns: $0) }
      return Measured(
        CrossedMean(series.map { [$0?.slope] }),
        "\(count); at loss \(range(series.compactMap { $0?.loss }))")
    case .freeConvolutionShare:
      let tests = runs.compactMap { $0.end?.point.freeConvolution }
      return Measured(
        ClusteredProportion(
          table.clusters { $0.point.freeConvolution?.ruling.verdict.holds }),
        "\(count), \(tests.count) fits; p \(range(tests.map(\.pValue)))")
    case .levelRepulsion: return try repulsion(table, count, eigenvalues)
    case .linearRank: return Measured(nil, "not measured")
    }
  }

  /// A start counts where it is a certified strict saddle and the method's mechanism acted.
  private static func escapes(_ table: SeedTable, _ count: String) -> Measured {
    var (acted, idle, left) = (0, 0, 0)
    let clusters = table.rows.map { runs -> [Bool?] in
      runs.flatMap { run -> [Bool?] in
        guard let trial = run.end?.critical?.escape else { return [nil] }
        let stays = trial.outcomes.first { $0.interventions == nil }?.hasLeft(loss: trial.loss)
        return trial.outcomes.filter { $0.interventions != nil }.map { outcome in
          guard trial.certificate.kind == .strictSaddle, (outcome.interventions ?? 0) > 0 else {
            idle += 1
            return nil
          }
          acted += 1
          guard let hasLeft = outcome.hasLeft(loss: trial.loss), let stays else { return nil }
          if hasLeft { left += 1 }
          return hasLeft && !stays
        }
      }
    }
    let control = table.rows.flatMap { $0 }.compactMap { $0.end?.critical?.escape }
    let moved = control.count { trial in
      trial.outcomes.contains { $0.interventions == nil && $0.hasLeft(loss: trial.loss) == true }
    }
    return Measured(
      ClusteredProportion(clusters),
      "\(count); of \(acted) trials in which the mechanism acted on a certified saddle \(left) left, "
        + "in \(idle) it did not act or nothing is certified; plain descent left \(moved) of "
        + "\(control.count); index of the saddles "
        + range(control.compactMap { $0.certificate.index.map(Double.init) }))
  }

  /// Between independent levels and GOE's on the same density, over clusters of seeds.
  private static func repulsion(
    _ table: SeedTable, _ count: String, _ eigenvalues: (RunResult) throws -> [Double]?
  ) throws -> Measured {
    let poisson = SpacingLaw.poisson.meanRatio
    var generator = RandomStream(seed: 0, name: "repulsion")
    var (clusters, spectra) = ([[Double]](), 0)
    for runs in table.rows {
      var sums = [Double](repeating: 0, count: 4)
      for run in runs {
        guard let levels = try eigenvalues(run),
          let bulk = try BulkRepulsion(of: levels, outliers: outliers, using: &generator)
        else { continue }
        spectra += 1
        let found = [bulk.sum, Double(bulk.count), bulk.controlSum, Double(bulk.controlCount)]
        for k in sums.indices { sums[k] += found[k] }
      }
      if sums[1] > 0 { clusters.append(sums) }
    }
    let total = clusters.reduce(into: [0.0, 0, 0, 0]) { for k in 0..<4 { $0[k] += $1[k] } }
    let estimate = ClusterBootstrap(clusters, using: &generator) { sums in
      (sums[0] / sums[1] - poisson) / (sums[2] / sums[3] - poisson)
    }
    guard let estimate else { return Measured(nil, count + ", \(spectra) spectra with a bulk") }
    return Measured(
      estimate,
      "\(count); \(spectra) spectra, \(Int(total[1])) ratios; mean ratio "
        + "\(comparable(total[0] / total[1])), GOE on the same density "
        + "\(comparable(total[2] / total[3])), independent levels \(short(poisson))")
  }

  /// Both data sets have ten classes: so many of the greatest eigenvalues are no bulk.
  private static let outliers = 10
}

/// Runs by seed and optimizer.
struct SeedTable {
  /// The runs of each seed on one data set, whatever part of it and however pooled: they have samples,
  /// initial weights or noise in common.
  let rows: [[RunResult]]
  private let optimizers: [String]

  init(_ runs: [RunResult]) {
    var (order, members): ([String], [String: [RunResult]]) = ([], [:])
    for run in runs {
      if members[run.unit] == nil { order.append(run.unit) }
      members[run.unit, default: []].append(run)
    }
    rows = order.map { members[$0] ?? [] }
    var names: [String] = []
    for run in runs {
      let name = run.experiment.optimizer?.name ?? ""
      if !names.contains(name) { names.append(name) }
    }
    optimizers = names
  }

  /// A figure of every run, nil where it is not known.
  func clusters(_ figure: (EndPoint) -> Bool?) -> [[Bool?]] {
    rows.map { $0.map { $0.end.flatMap(figure) } }
  }

  /// Seeds × optimizers: the mean of a cell's runs, nil where one of them is not known or none is
  /// there.
  func means(_ figure: (EndPoint) -> Double?) -> [[Double?]] {
    ranges { end in figure(end).flatMap { $0.isFinite ? $0...$0 : nil } }
      .map { $0.map { $0?.lowerBound } }
  }

  /// The same of figures that are known within limits.
  func ranges(_ figure: (EndPoint) -> ClosedRange<Double>?) -> [[ClosedRange<Double>?]] {
    rows.map { runs in
      optimizers.map { name in
        let cell = runs.filter { ($0.experiment.optimizer?.name ?? "") == name }
          .map { $0.end.flatMap(figure) }
        let known = cell.compactMap { $0 }
        guard !cell.isEmpty, known.count == cell.count else { return nil }
        let count = Double(known.count)
        let (least, most) = (known.reduce(0) { $0 + $1.lowerBound }, known.reduce(0) { $0 + $1.upperBound })
        return least / count...most / count
      }
    }
  }
}
