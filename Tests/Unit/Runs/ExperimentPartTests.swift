import Foundation
import Saddle
import Support
import Testing

/// An experiment's objective on some of its samples.
@Suite struct ExperimentPartTests {
  private func experiment(_ data: DatasetDescription) throws -> Experiment {
    Experiment(
      name: "parts", data: data, hidden: [3], activation: .tanh, weightDecay: 0.125,
      optimizer: OptimizerDescription("sgd", ["learningRate": 0.1]),
      plan: try TrainingPlan(epochs: 1, batchSize: 5, seed: 1))
  }

  private func hold(_ prepared: PreparedExperiment) throws {
    let whole = try prepared.objective(Double.self)
    let count = prepared.samples.count
    #expect(whole.samples == count)
    var generator = RandomStream(seed: 3, name: "part")
    let θ = (0..<whole.dimension).map { _ in generator.normal() }
    var (value, gradient) = (0.0, [Double](repeating: 0, count: θ.count))
    for range in [0..<7, 7..<8, 8..<count] {
      let part = try prepared.objective(Double.self, on: range)
      #expect(part.samples == range.count)
      let share = Double(range.count) / Double(count)
      let (loss, slope) = part.gradient(at: θ)
      value += share * loss
      for i in gradient.indices { gradient[i] += share * slope[i] }
    }
    let rounding = Tolerance(relative: 1e-13, why: "sums in another order")
    expectClose(value, whole.value(at: θ), within: rounding)
    expectClose(gradient, whole.gradient(at: θ).gradient, within: rounding)
  }

  // Scaled by what all of them are, not by their own means.
  @Test(arguments: [Standardization.none, .global, .perFeature])
  func `parts of images are together the whole`(standardization: Standardization) throws {
    try hold(
      experiment(
        DatasetDescription(
          .syntheticDigits(seed: 1, count: 30), pooling: 7, standardization: standardization)
      ).prepared(from: DataFolder("/no")))
  }
}
