import Foundation
import Saddle
import Support
import Testing

/// The committed critical points: what claims are decided by is proved again from their parameters.
@Suite struct CriticalPackTests {
  private static let folder = projectFolder.appending(path: "fixtures/critical").path
  private static let grid = projectFolder.appending(path: "experiments/critical.json").path
  private static var store: ExperimentStore { ExperimentStore(folder) }

  /// Those that every test run proves anew: one of each group's network, penalty and data; all of them
  /// where SADDLE_ALL_CITED is 1, as `script/regress` has it.
  private static func sample() throws -> [String] {
    let all = ProcessInfo.processInfo.environment["SADDLE_ALL_CITED"] == "1"
    var seen: Set<String> = []
    return try store.results().results.filter { $0.end?.critical != nil }.filter { run in
      let experiment = run.experiment
      return all
        || seen.insert(
          "\(experiment.data.source.name) \(experiment.data.pooling) \(experiment.architecture) "
            + "\(experiment.weightDecay)"
        ).inserted
    }.map(\.key)
  }

  @Test(.tags(.pinned, .slow), .requiresMNIST, .requiresCIFAR10, arguments: try sample())
  func `a certified point is proved again`(key: String) throws {
    let run = try #require(try Self.store.results().results.first { $0.key == key })
    let pinned = try #require(run.end?.critical)
    let θ = try #require(try Self.store.critical(of: key))
    let prepared = try run.experiment.prepared(from: DataFolder())
    try Self.store.folder(of: key).requireData(of: prepared)
    var settings = try #require(run.measure.critical)
    // Walks of thousands of steps, whose ends are no proofs.
    settings.escape = nil
    let again = try CriticalEnd(
      of: prepared.objective(Double.self), at: θ, pinned.descent, settings,
      seed: run.experiment.plan?.seed ?? 0)
    #expect(again.certificate.kind == pinned.certificate.kind, "\(again.certificate.inWords)")
    #expect(again.certificate.index == pinned.certificate.index)
    #expect(again.outcome == pinned.outcome)
    if let trap = again.penaltyTrap, let other = pinned.penaltyTrap {
      #expect(trap.with == other.with && trap.without.overlaps(other.without))
    }
    if let degeneracy = again.degeneracy, let other = pinned.degeneracy {
      // A theorem that came since the pin may say more, never less.
      #expect(degeneracy.smallByTheorem >= other.smallByTheorem)
      #expect(degeneracy.small.overlaps(other.small) && degeneracy.zeros.overlaps(other.zeros))
    }
    #expect((again.penaltyTrap == nil) == (pinned.penaltyTrap == nil))
    #expect((again.degeneracy == nil) == (pinned.degeneracy == nil))
  }

  @Test(.tags(.pinned), .requiresMNIST, .requiresCIFAR10)
  func `a point that was moved leads back within a thousandth of its length, and no further`() throws {
    let run = try #require(
      try Self.store.results().results.first {
        $0.end?.critical?.certificate.kind == .minimum && $0.end?.critical?.certificate.order ?? .max < 600
      })
    let θ = try #require(try Self.store.critical(of: run.key))
    let objective = try run.experiment.prepared(from: DataFolder()).objective(Double.self)
    func certificate(movedBy distance: Double) throws -> CriticalPointCertificate {
      var moved = θ
      moved[θ.count - 1] += distance
      return try CriticalPointCertificate(of: objective, at: moved)
    }
    let near = try certificate(movedBy: 1e-6)
    let distance = try #require(near.distance)
    #expect(near.kind == .minimum && distance >= 1e-6 && distance < 1.0001e-6, "\(distance)")
    #expect(try !certificate(movedBy: 0.01 * θ.reduce(0) { $0 + $1 * $1 }.squareRoot()).isProved)
  }

  private func pinned() throws -> [ClaimFinding] {
    try Self.store.claims()
  }

  @Test(.tags(.pinned, .slow)) func `the claims are decided as they were`() throws {
    let result = try SaddleProcess.run("claims", Self.grid, "--store", Self.folder, "--json")
    #expect(result.status == 0, "\(result.errors)")
    let found = try JSONDecoder().decode([ClaimFinding].self, from: Data(result.output.utf8))
    let pinned = try pinned()
    #expect(found.map(\.plan) == pinned.map(\.plan))
    for (one, other) in zip(found, pinned) {
      #expect(one.verdict == other.verdict, "\(one.plan.id): \(one.summary)")
      guard let estimate = one.estimate, let before = other.estimate else {
        #expect(one.estimate == nil && other.estimate == nil, "\(one.plan.id)")
        continue
      }
      expectClose(
        [estimate.value, estimate.lower, estimate.upper], [before.value, before.lower, before.upper],
        within: Tolerance(absolute: 1e-9, why: "the same figures, and draws from the same seed"),
        one.plan.id)
    }
  }

  @Test(.tags(.pinned)) func `the protocols are those that were committed before the runs`() throws {
    let plans = try #require(try ExperimentGrid(from: Self.grid).claims)
    #expect(try pinned().map(\.plan) == plans)
    #expect(Set(plans.map(\.id)).count == plans.count)
  }

  @Test(.tags(.pinned)) func `each verdict stands beside its prediction, and in the README`() throws {
    let findings = try pinned()
    try ProjectDocument.findings.expectTable(
      "## At critical points", rows: Array(ClaimFinding.markdown(findings).dropFirst(2)))
    try ProjectDocument.readme.expectTable(
      "## What was found",
      rows: findings.map {
        "| \($0.plan.id) \($0.plan.statement) | **\($0.verdict.rawValue)** |"
      })
  }

  @Test(.tags(.pinned)) func `what is said below the table is what the records say`() throws {
    let minima = try Self.store.results().results.compactMap { run in
      run.end?.critical.flatMap { point in point.penaltyTrap.map { (run, point, $0) } }
    }
    #expect(minima.allSatisfy { $0.1.certificate.kind == .minimum })
    let distances = minima.compactMap(\.1.certificate.bound?.distance)
    #expect(distances.count == minima.count)
    try ProjectDocument.findings.expect(
      "All \(minima.count) ends of training with a penalty that C1 is decided by, on MNIST and CIFAR-10, "
        + "lie above a critical point that is proved: a nondegenerate minimum, the only critical point "
        + "about, known to \(rounded(distances.max() ?? .nan)) or better.")
    func mean(_ shares: [Double]) -> Double { shares.reduce(0, +) / Double(shares.count) }
    let shares = minima.map { run, _, trap in
      let experiment = run.experiment
      return (
        "\(experiment.data.source.name) \(experiment.architecture) \(experiment.weightDecay)",
        Double(trap.without.lowerBound) / Double(trap.order)
      )
    }
    let groups = Dictionary(grouping: shares, by: \.0).values.map { mean($0.map(\.1)) }
    #expect(groups.count == 5)
    try ProjectDocument.findings.expect(
      "in \(percent(groups.min() ?? .nan)) to \(percent(groups.max() ?? .nan)) of the eigenvalues by "
        + "network and penalty, \(percent(mean(shares.map(\.1)))) on average")
    func estimate(_ id: String) throws -> Double {
      try #require(try pinned().first { $0.plan.id == id }?.estimate).value
    }
    try ProjectDocument.findings.expect(
      String(format: "λmax grows with the batch to the power of %.2f", try estimate("C9")))
    try ProjectDocument.findings.expect(
      String(format: "on CIFAR-10 %.3f of their space", try estimate("C8-cifar")))
  }

  /// To two digits, away from zero.
  private func rounded(_ x: Double) -> String {
    let unit = pow(10, (log10(x)).rounded(.down) - 1)
    return String(format: "%.1e", (x / unit).rounded(.up) * unit).replacing("e-0", with: "e-")
  }
}
