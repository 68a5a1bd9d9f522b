import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// Which memories and gradients optimizers take.
@Suite struct MemoryTests {
  private static let names = optimizerCatalog(Double.self).map(\.entry.name)

  @Test(arguments: [
    ("trustRegionNewton", [:], "radius", 0.0), ("trustRegionNewton", [:], "radius", 101),
    ("cubicNewton", [:], "regularization", 0), ("thirdOrder", [:], "regularization", -1),
    ("dampedNewton", [:], "damping", 0), ("nonlinearCG", [:], "cycle", 99),
    ("nonlinearCG", [:], "cycle", -1), ("noisySGD", [:], "step", 0x1p63),
    ("perturbedGD", ["gradientThreshold": 1e9], "perturbed", 99),
    ("perturbedGD", ["gradientThreshold": 1e9], "perturbed", -1),
    ("scheduleFreeAdamW", [:], "weight", 0.5), ("scheduleFreeAdamW", [:], "weight", 3),
    ("scheduleFreeAdamW", [:], "largestRate", -1), ("prodigy", [:], "unit", 0),
    ("prodigy", [:], "unit", 99), ("prodigy", [:], "distance", 99),
    ("prodigy", [:], "largestDistance", 0), ("sophia", [:], "step", 0x1p63),
  ])
  func `a memory that no run leaves is not accepted`(
    name: String, numbers: [String: Double], key: String, value: Double
  ) throws {
    func check<Rule: Optimizer<Double>>(_ optimizer: Rule) throws {
      var model = ObjectiveModel(LandscapeObjective(.rosenbrock(dimension: 4)))
      var (point, state) = ([1.0, -0.5, 2, 0.125], optimizer.initialState(dimension: 4))
      for _ in 0..<2 { try optimizer.step(&point, on: &model, state: &state) }
      let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(state))
      var json = try #require(object as? [String: Any])
      #expect(json.keys.contains(key))
      json[key] = value == 0x1p63 ? Int.max as Any : value as Any
      let data = try JSONSerialization.data(withJSONObject: json)
      let spoiled = try JSONDecoder().decode(Rule.State.self, from: data)
      #expect(!optimizer.accepts(spoiled, dimension: 4))
    }
    try check(OptimizerDescription(name, numbers).makeOptimizer(Double.self))
  }

  @Test func `a wrapper refuses the memory that its rule refuses`() throws {
    let base = try Momentum<Double>(learningRate: 0.1)
    let wide = base.initialState(dimension: 3)
    let clipped = try Clipped(base, by: .norm(1))
    let sharp = try SharpnessAware(base)
    #expect(!clipped.accepts(wide, dimension: 2) && !sharp.accepts(wide, dimension: 2))
    let decayed = try DecoupledWeightDecay(base, weightDecay: 0.1)
    #expect(!decayed.accepts(decayed.initialState(dimension: 3), dimension: 2))
  }

  @Test func `fewer pairs, and pairs that curve up, are what L-BFGS takes`() throws {
    let full = try LBFGS<Double>(memory: 3)
    var model = ObjectiveModel(LandscapeObjective(.rosenbrock(dimension: 4)))
    var (point, state) = ([-1.2, 1, -1.2, 1], full.initialState(dimension: 4))
    for _ in 0..<4 { try full.step(&point, on: &model, state: &state) }
    let short = try LBFGS<Double>(memory: 2)
    #expect(!short.accepts(state, dimension: 4))
    let text = #"{"step":1,"pairs":[{"displacement":[1,0,0,0],"change":[-1,0,0,0]}]}"#
    let bent = try JSONDecoder().decode(LBFGS<Double>.State.self, from: Data(text.utf8))
    #expect(!full.accepts(bent, dimension: 4))
  }

  @Test(arguments: names)
  func `a first-order rule takes no gradient that spoils its memory`(name: String) throws {
    func check<Rule: FirstOrderOptimizer<Double>>(_ optimizer: Rule) {
      let sizes = [1e140, 1e150, 1e160, 1e200, 1e300, 1e303, 1e307]
      for size in sizes where size <= optimizer.largestGradient {
        var (point, state) = ([0.0, 0, 0, 0], optimizer.initialState(dimension: 4))
        for _ in 0..<40 {
          var gradient = [size, -size, size, size]
          var θ = point.mutableSpan
          var g = gradient.mutableSpan
          optimizer.update(&θ, along: &g, state: &state)
        }
        #expect(optimizer.accepts(state, dimension: 4), "size \(size)")
        #expect(point.allSatisfy { $0.isFinite }, "size \(size)")
      }
    }
    let rule = try OptimizerDescription(name).makeOptimizer(Double.self)
    if let first = rule as? any FirstOrderOptimizer<Double> { check(first) }
  }

  @Test func `a centred RMSProp's mean is looked at, and its variance is not negative`() throws {
    let rule = try RMSProp<Double>(decay: 0.9, epsilon: 1e-8, centered: true)
    let text = #"{"step":1,"square":[1,1],"mean":[1]}"#
    let short = try JSONDecoder().decode(RMSProp<Double>.State.self, from: Data(text.utf8))
    #expect(!rule.accepts(short, dimension: 2))
    // v − m² < 0 in the next step: 0 in place of it leaves ε alone.
    let low = #"{"step":1,"square":[0.5],"mean":[1]}"#
    var state = try JSONDecoder().decode(RMSProp<Double>.State.self, from: Data(low.utf8))
    var (point, gradient) = ([0.0], [1.0])
    var θ = point.mutableSpan
    var g = gradient.mutableSpan
    rule.update(&θ, along: &g, state: &state)
    expectClose(point[0], -0.01 / 1e-8, within: Tolerance(relative: 1e-12, why: "one quotient"))
  }
}
