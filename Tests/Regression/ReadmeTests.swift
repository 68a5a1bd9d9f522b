import Foundation
import Saddle
import Support
import Testing

/// The documents' figures are what is measured and what there is.
@Suite struct ReadmeTests {
  @Test func `the README is short`() throws {
    let lines = try String(
      contentsOf: projectFolder.appending(path: "README.md"), encoding: .utf8
    ).count { $0.isNewline }
    #expect(lines <= 150)
  }

  @Test func `its speeds are the benchmark's last run`() throws {
    try ProjectDocument.speed.expectTable("## How fast it is", rows: SpeedRow.all(from: BenchmarkLine.all()))
  }

  @Test func `there are as many optimizers as it says`() throws {
    #expect(optimizerCatalog(Double.self).count == 33)
    try ProjectDocument.readme.expect("with 33 optimizers")
    try ProjectDocument.oracles.expect("Thirty-three optimizers")
  }

  @Test func `the example in Python is as short as it says`() throws {
    let lines = try String(
      contentsOf: projectFolder.appending(path: "Examples/torch_optimizer.py"), encoding: .utf8
    ).count { $0.isNewline }
    try ProjectDocument.oracles.expect("[\(lines) lines of Python]")
  }

  @Test(.tags(.pinned)) func `the committed runs are what it says`() throws {
    let runs = try ExperimentStore(projectFolder.appending(path: "fixtures/paper").path)
      .results().results
    let panels = Dictionary(grouping: runs) { RunSetting(of: $0.experiment)?.panel }
      .filter { $0.key != nil }
      .mapValues { Set($0.compactMap(\.experiment.optimizer?.name)).count }
      .values.filter { $0 > 10 }.sorted()
    #expect(panels == [13, 17, 17, 17, 17])
    try ProjectDocument.findings.expect("17 optimizers (13 for the last)")
    let orders = Set(runs.compactMap { $0.end?.point.order })
    #expect(orders.contains(738))
  }
}

/// A line of `script/benchmark`, as far as it is quoted.
private struct BenchmarkLine: Decodable {
  struct Peer: Decodable {
    let name: String
    let seconds: Double?
    let perSecond: Double?
  }

  let name: String
  let seconds: Double?
  let perSecond: Double?
  let rooflineFraction: Double?
  let peakMemoryBytes: Double?
  let peer: Peer?

  static func all() throws -> [String: BenchmarkLine] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let file = projectFolder.appending(path: "Benchmarks/results.jsonl")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return try Dictionary(
      uniqueKeysWithValues: lines.map {
        let line = try decoder.decode(BenchmarkLine.self, from: Data($0.utf8))
        return (line.name, line)
      })
  }
}

/// A row of the table: one piece of work, in one precision or two.
private enum SpeedRow {
  private static let work = [
    ("exact Hessian, 100-25-25-10, N = 1000, double", ["dense-hessian"]),
    ("all eigenvalues, n = 6000, double", ["eigenvalues"]),
    ("index and degeneracy, n = 6000, double", ["counts"]),
    (
      "Hessian-vector product, 784-128-10, N = 1000, double / float",
      ["hvp-double", "hvp-float"]
    ),
    (
      "Hessian-vector product, LeNet-5, N = 1000, double / float",
      ["hvp-lenet5-double", "hvp-lenet5-float"]
    ),
    (
      "spectral density of 784-128-10, 100 steps, 4 probes, double / float",
      ["slq-double", "slq-float"]
    ),
    ("spectral density within 3 % of all eigenvalues, 100-25-25-10, double", ["density-error"]),
    ("training 784-100-10, batch 64, SGD with momentum, float", ["train-sgd"]),
    (
      "a step of SGD / momentum / Adam, 1,000,000 parameters, float",
      ["optimizer-step-sgd", "optimizer-step-momentum", "optimizer-step-adam"]
    ),
    ("a GOE spectrum of order 20,000 by its tridiagonal form", ["tridiagonal"]),
    ("all 12,730 eigenvalues, 784-16-10, N = 10,000, from the parameters", ["whole-spectrum"]),
  ]

  static func all(from lines: [String: BenchmarkLine]) throws -> [String] {
    try work.map { label, names in
      let found = try names.map { try #require(lines[$0], "no \($0) in results.jsonl") }
      let peers = found.compactMap(\.peer)
      var own = times(found.map { ($0.seconds, $0.perSecond) })
      // The process's peak, which is this workload's.
      if let bytes = found[0].peakMemoryBytes, names == ["whole-spectrum"] {
        own += String(format: ", %.1f GB", bytes / 1e9)
      }
      let theirs =
        peers.isEmpty
        ? "" : people(peers) + " " + times(peers.map { ($0.seconds, $0.perSecond) })
      let fractions = found.compactMap(\.rooflineFraction)
        .map { String(format: "%.0f", 100 * $0) }.joined(separator: " / ")
      return "| \(label) | \(own) | \(theirs) | \(fractions.isEmpty ? "" : fractions + " %") |"
    }
  }

  private static func people(_ peers: [BenchmarkLine.Peer]) -> String {
    let known = ["torch": "PyTorch", "numpy": "NumPy", "scipy": "SciPy"]
    var names: [String] = []
    for peer in peers {
      let word = String(peer.name.prefix { $0 != " " })
      let name = known[word] ?? word
      if names.last != name { names.append(name) }
    }
    return names.joined(separator: " / ")
  }

  /// Three digits, the unit once where all have the same.
  private static func times(_ figures: [(seconds: Double?, perSecond: Double?)]) -> String {
    let parts = figures.map { figure -> (String, String) in
      if let rate = figure.perSecond { return (String(format: "%.0f", rate), "steps/s") }
      let seconds = figure.seconds ?? .nan
      return seconds < 0.1
        ? (String(format: "%.3g", 1e3 * seconds), "ms") : (String(format: "%.3g", seconds), "s")
    }
    let isOneUnit = Set(parts.map(\.1)).count == 1
    return isOneUnit
      ? parts.map(\.0).joined(separator: " / ") + " " + parts[0].1
      : parts.map { "\($0.0) \($0.1)" }.joined(separator: " / ")
  }
}
