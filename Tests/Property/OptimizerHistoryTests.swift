import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// Optimizers under any sequence of steps, saves, loads and changes of the rate, against a model
/// that only knows the gradients that count.
@Suite(.tags(.oracle)) struct OptimizerHistoryTests {
  /// Rules that have a reference over the whole history of gradients.
  static let entries = optimizerCatalog(Double.self).map(\.entry).filter { entry in
    entry.hyperparameters.contains { $0.name == "learningRate" }
      && ((try? OptimizerPromises.reference(of: entry.name) { _ in 1 }) ?? nil) != nil
  }

  /// Runs a history on the catalog's rule and on the model.
  ///
  /// - Parameter forgets: the planted fault: loading leaves the memory as it is.
  static func hold(
    _ entry: CatalogEntry, to history: [OptimizerCommand], forgets: Bool = false
  ) throws {
    let rate = try #require(
      entry.hyperparameters.first { $0.name == "learningRate" }?.defaultValue)
    func begin(_ factor: Double) throws -> any OptimizerRun {
      try OptimizerDescription(entry.name, ["learningRate": rate * factor]).subject()
        .begin(dimension: 3)
    }
    let start = [1.0, -2, 0.5]
    var (point, factor) = (start, 1.0)
    var run = try begin(factor)
    var (gradients, factors) = ([[Double]](), [Double]())
    var kept: (memory: String, point: [Double], gradients: [[Double]], factors: [Double])?
    for command in history {
      switch command {
      case .step(let gradient):
        try run.step(&point, on: StepFunction(gradient: gradient))
        gradients.append(gradient)
        factors.append(factor)
      case .save: kept = (try run.save(), point, gradients, factors)
      case .load:
        guard let kept else { continue }
        if !forgets { try run.load(kept.memory) }
        (point, gradients, factors) = (kept.point, kept.gradients, kept.factors)
      case .changeRate(let next):
        let memory = try run.save()
        factor = next
        run = try begin(factor)
        try run.load(memory)
      }
    }
    let rates = factors
    let rule = try #require(
      try OptimizerPromises.reference(of: entry.name) { step in
        rates.isEmpty ? 1 : rates[min(max(step, 1), rates.count) - 1]
      })
    let expected =
      gradients.isEmpty ? start : rule(OptimizerHistory(start: start, gradients: gradients))
    let scale = zip(expected, start).map { max($0.magnitude, $1.magnitude) }
    for i in expected.indices {
      try PropertyViolation.require(
        (point[i] - expected[i]).magnitude, atMost: 1e-10 * scale[i], "where the model stands",
        "\(point), not \(expected)")
    }
  }

  @Test(arguments: entries)
  func `any history ends where the gradients that count lead`(entry: CatalogEntry) throws {
    try checkProperty(
      "\(entry.name) has the memory of its history", samples: 100,
      over: .optimizerHistory(dimension: 3, commands: 40), sizes: 50...100,
      coverage: [
        CoverageFloor("saved and loaded", atLeast: 0.2) { history in
          history.firstIndex(of: .save).map { history[$0...].contains(.load) } ?? false
        },
        CoverageFloor("of two rates", atLeast: 0.2) { history in
          history.contains { if case .changeRate(let f) = $0 { f != 1 } else { false } }
        },
      ]
    ) { try Self.hold(entry, to: $0) }
  }

  @Test func `a memory that loading does not bring back is found, in four commands`() throws {
    let momentum = try #require(Self.entries.first { $0.name == "momentum" })
    do throws(PropertyFailure) {
      try checkProperty(
        "momentum forgets to load", samples: 200, over: .optimizerHistory(dimension: 3, commands: 25),
        sizes: 100...100, replay: nil
      ) { try Self.hold(momentum, to: $0, forgets: true) }
      Issue.record("not found")
    } catch {
      guard case .falsified(let found) = error else { throw error }
      // The steps that the load should take back, and one that shows it.
      let lines = found.simplified.split(separator: "\n")
      #expect(lines.count == 4 && found.isLocallyMinimal, "\(found.simplified)")
      #expect(lines.first?.contains("save") == true, "\(found.simplified)")
    }
  }
}
