import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct AggregationTests {
  // MARK: Shares

  @Test(.tags(.oracle), arguments: [(0, 10), (3, 10), (10, 10), (1, 1), (57, 60), (0, 400)])
  func `a share's interval is Clopper and Pearson's`(hits: Int, trials: Int) {
    let known = GSL.proportion(hits: hits, trials: trials, confidence: 0.95)
    // Every run a seed of its own.
    let share = ClusteredProportion((0..<trials).map { [$0 < hits] })
    let found = share?.interval(level: 0.95)
    expectClose(
      [found?.lowerBound ?? .nan, found?.upperBound ?? .nan], [known.lowerBound, known.upperBound],
      within: Tolerance(absolute: 1e-9, why: "both by bisection"))
    #expect(share?.value == Double(hits) / Double(trials) && share?.units == trials)
  }

  @Test func `runs of one seed are one coin, and what is not known counts against either end`() throws {
    func interval(_ clusters: [[Bool?]]) throws -> ClosedRange<Double> {
      try #require(ClusteredProportion(clusters)).interval(level: 0.95)
    }
    let none = GSL.proportion(hits: 0, trials: 10, confidence: 0.95)
    #expect(
      (try interval(Array(repeating: [false], count: 10)).upperBound - none.upperBound).magnitude < 1e-9)
    // Three runs a seed say no more than one where they agree.
    #expect(
      try interval(Array(repeating: [false, false, false], count: 10))
        == interval(Array(repeating: [false], count: 10)))
    // Where they do not, the seed is a hit for the upper end only.
    let mixed = try interval([[true, false]] + Array(repeating: [false, false], count: 9))
    #expect(mixed.lowerBound == 0)
    #expect(
      (mixed.upperBound - GSL.proportion(hits: 1, trials: 10, confidence: 0.95).upperBound).magnitude < 1e-9)
    // A run that diverged may be a hit.
    #expect(try interval([[nil, false]] + Array(repeating: [false, false], count: 9)) == mixed)
    let unknown = try #require(ClusteredProportion([[nil, true], [true, true], [nil]]))
    #expect(unknown.value == 1 && unknown.unknown == 2 && unknown.runs == 5 && unknown.hits == 3)
    #expect(unknown.interval(level: 0.95).lowerBound < unknown.interval(level: 0.5).lowerBound)
    #expect(ClusteredProportion([]) == nil && ClusteredProportion([[]]) == nil)
  }

  // MARK: Means

  // 1, 2, 3: mean 2, variance 1, so 2 ± 4.303/√3.
  @Test func `the mean of seeds alone is Student's, worked by hand`() throws {
    let mean = try #require(CrossedMean([[1.0], [2], [3]]))
    let t = GSL.studentQuantile(0.975, freedom: 2)
    expectClose(
      [mean.value, mean.interval(level: 0.95).upperBound, try #require(mean.deviation)],
      [2, 2 + t / 3.0.squareRoot(), 1], within: Tolerance(relative: 1e-9, why: "t by bisection"))
  }

  // Rows' means 1.5, 3.5 about 2.5 and columns' 2, 3: MSₐ/(IJ) = 2/2 = 1, MS_b/(IJ) = 0.5/2.
  @Test func `both factors add to the interval, worked by hand`() throws {
    let mean = try #require(CrossedMean([[1.0, 2], [3, 4]]))
    let t = GSL.studentQuantile(0.975, freedom: 1)
    expectClose(
      mean.interval(level: 0.95).upperBound, 2.5 + t * 1.25.squareRoot(),
      within: Tolerance(relative: 1e-9, why: "t by bisection"))
    #expect(mean.units == 2)
  }

  @Test func `a cell that is not known is held at both of its limits`() throws {
    let table: [[Double?]] = [[0.1, 0.2], [0.2, nil], [0.15, 0.1]]
    let mean = try #require(CrossedMean(table, limits: 0...1))
    func filled(_ cell: Double) throws -> ClosedRange<Double> {
      let full: [[Double?]] = [[0.1, 0.2], [0.2, cell], [0.15, 0.1]]
      return try #require(CrossedMean(full)).interval(level: 0.95)
    }
    let (low, high) = try (filled(0), filled(1))
    let interval = mean.interval(level: 0.95)
    #expect(interval.lowerBound == min(low.lowerBound, high.lowerBound))
    #expect(interval.upperBound == max(low.upperBound, high.upperBound))
    #expect(mean.unknown == 1 && (mean.value - 0.15).magnitude < 1e-15)
    // So is one that is known within limits of its own.
    let ranged = try #require(
      CrossedMean([[0.1...0.1, 0.2...0.2], [0.2...0.2, 0.0...1.0], [0.15...0.15, 0.1...0.1]]))
    #expect(ranged.interval(level: 0.95) == interval && ranged.unknown == 0)
    // Where it may be anything, there is no interval.
    #expect(CrossedMean(table) == nil)
    for wrong: [[Double?]] in [[[1]], [[nil], [nil]], [[1, 2], [1]], [[.nan], [1]], [[], []], []] {
      #expect(CrossedMean(wrong, limits: 0...1) == nil, "\(wrong)")
    }
  }

  // MARK: Verdicts

  /// An estimate that is normal with a standard error.
  private struct Normal: LevelledEstimate {
    let value: Double
    var error = 1.0
    var units = 10
    var deviation: Double? { error * Double(units).squareRoot() }

    func interval(level: Double) -> ClosedRange<Double> {
      // Student's for very many degrees of freedom.
      let z = GSL.studentQuantile((1 + level) / 2, freedom: 1e7)
      return value - z * error...value + z * error
    }
  }

  private func plan(
    _ statistic: ClaimStatistic, _ region: ClaimRegion
  ) -> ClaimProtocol {
    ClaimProtocol(
      id: statistic.rawValue, statement: "it is so", source: "someone", statistic: statistic,
      region: region, prediction: "none", cost: "none")
  }

  private func decided(
    _ items: [(ClaimStatistic, ClaimRegion, (any LevelledEstimate)?)]
  ) throws -> [ClaimFinding] {
    try ClaimSurvey(
      items.map { plan($0.0, $0.1) }, runs: { _ in ([], 0) }, eigenvalues: { _, _ in nil },
      supplied: Dictionary(
        uniqueKeysWithValues: items.map { ($0.0, ClaimSurvey.Measured($0.2, "so many")) })
    ).findings
  }

  @Test func `a verdict is where the interval lies`() throws {
    let region = ClaimRegion(from: 0, to: 10)
    for (value, verdict) in [
      (5.0, Verdict.reproduced), (-5, .notReproduced), (15, .notReproduced), (1, .undecided),
      (-1, .undecided), (9.5, .undecided),
    ] {
      let found = try decided([(.indexSlope, region, Normal(value: value))])[0]
      #expect(found.verdict == verdict, "\(value)")
      #expect(found.estimate?.value == value)
    }
    // Open to one side.
    #expect(try decided([(.indexSlope, ClaimRegion(from: 0), Normal(value: 1e9))])[0].verdict == .reproduced)
    #expect(try decided([(.indexSlope, ClaimRegion(to: 0), Normal(value: 3))])[0].verdict == .notReproduced)
  }

  @Test func `the p-value is the normal one's, and Holm counts the claims`() throws {
    let region = ClaimRegion(from: 0)
    // 2.1 standard errors: p = 0.0357 by itself.
    let one = try decided([(.indexSlope, region, Normal(value: 2.1))])[0]
    expectClose(
      try #require(one.estimate).pValue, 0.03573, within: Tolerance(relative: 2e-3, why: "bisection to 1e-4"))
    #expect(one.verdict == .reproduced)
    let three = try decided([
      (.indexSlope, region, Normal(value: 2.1)), (.attribution, region, Normal(value: 2.1)),
      (.linearRank, region, Normal(value: 6)),
    ])
    // The surest is tried at three times its p, the others at twice theirs.
    #expect(three.map(\.verdict) == [.undecided, .undecided, .reproduced])
    #expect((try #require(three[0].estimate).adjusted / (2 * 0.03573) - 1).magnitude < 2e-3)
  }

  @Test func `fewer than ten seeds are a slice, and no run is no verdict`() throws {
    let found = try decided([
      (.indexSlope, ClaimRegion(from: 0), Normal(value: 50, units: 9)),
      (.attribution, ClaimRegion(from: 0), nil),
    ])
    #expect(found.map(\.verdict) == [.undecided, .undecided])
    #expect(found[0].evidence.contains("a slice: 9 seeds of 10"))
    #expect(found[0].estimate?.lower ?? 0 > 0 && found[1].estimate == nil)
    let none = try ClaimSurvey(
      [plan(.saddleShare, ClaimRegion(from: 0.5))], runs: { _ in ([], 0) }, eigenvalues: { _, _ in nil })
    #expect(none.findings[0].verdict == .undecided && none.findings[0].evidence.contains("no run"))
  }

  @Test func `an effect is in deviations between seeds, inside the region`() throws {
    let region = ClaimRegion(from: 0, to: 10)
    let found = try decided([(.indexSlope, region, Normal(value: 8, error: 0.5, units: 16))])[0]
    // Two from the nearer end, deviation 0.5·4.
    #expect((try #require(found.estimate).effect - 1).magnitude < 1e-12)
    #expect(region.depth(of: -3) == -3 && region.depth(of: 12) == -2)
  }

  @Test func `a summary has a sentence for each claim, with its prediction`() throws {
    let findings = try decided([
      (.indexSlope, ClaimRegion(from: 0), Normal(value: 50)), (.attribution, ClaimRegion(to: 1), nil),
    ])
    let sentences = ClaimSummary(findings).sentences
    #expect(sentences.count == 2)
    #expect(
      sentences[0]
        == "indexSlope is reproduced: “it is so”; the figure is 50 (48 … 52), to lie above 0; "
        + "predicted was: none.")
    #expect(sentences[1].contains("undecided") && sentences[1].contains("no figure is known"))
    let overview = ClaimSummary(findings).overview
    #expect(
      overview.suffix(2) == [
        "Reproduced is 1 of 2: indexSlope, “it is so”", "Undecided is 1 of 2: attribution, “it is so”",
      ])
  }

  // MARK: Order

  @Test func `Kendall's τ counts pairs that may be compared`() {
    #expect(concordance([1, 2, 3, 4], [1, 2, 3, 4]) == 1)
    #expect(concordance([1, 2, 3, 4], [9, 7, 5, 3]) == -1)
    // Six pairs, of which one is discordant; ties in y count and add nothing.
    #expect(concordance([1, 2, 3, 4], [1, 3, 2, 4]) == 4.0 / 6)
    #expect(concordance([1, 2, 3], [1, 1, 2]) == 2.0 / 3)
    #expect(concordance([1, 1], [1, 2]) == nil && concordance([], []) == nil)
    #expect(concordance([1, 2, 3], [3, 1, 2]) { i, j in i != 0 && j != 0 } == 1)
  }

  // λmax = 3·batch^0.2/loss along every run, whatever losses it was seen at.
  @Test func `sharpness is compared at the loss that all batches come to`() throws {
    let runs = [(16, [2.0, 0.9, 0.1, 0.01]), (64, [2.0, 0.5, 0.3]), (256, [2, 1.3, 0.4])].map {
      batch, losses in
      SharpnessSeries.Run(
        batch: batch, points: losses.map { ($0, 3 * pow(Double(batch), 0.2) / $0) })
    }
    let series = try #require(SharpnessSeries(runs))
    #expect(series.loss == 0.4)
    expectClose(
      [series.slope], [0.2], within: Tolerance(absolute: 1e-12, why: "a power law is a line of logarithms"))
    #expect(SharpnessSeries(Array(runs.dropLast())) == nil)
    #expect(SharpnessSeries(runs + [SharpnessSeries.Run(batch: 1024, points: [])]) == nil)
    // At their ends the same runs would say that larger batches are flatter.
    #expect(runs.map { $0.points[$0.points.count - 1].greatest }.sorted(by: >).first! > 500)
  }
}
