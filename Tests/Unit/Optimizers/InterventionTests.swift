import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// How often mechanisms for leaving saddle points acted.
@Suite struct InterventionTests {
  /// Made to leave saddle points, by their papers.
  private static let names = [
    "normalizedGD", "saddleFreeNewton", "krylovSaddleFreeNewton", "cubicNewton", "noisySGD",
    "perturbedGD", "negativeCurvatureDescent", "thirdOrder",
  ]

  private func count(
    _ optimizer: some Optimizer<Double>, on landscape: Landscape, from start: [Double], steps: Int
  ) throws -> Int? {
    var model = ObjectiveModel(LandscapeObjective(landscape))
    var (point, state) = (start, optimizer.initialState(dimension: start.count))
    for _ in 0..<steps { try optimizer.step(&point, on: &model, state: &state) }
    return optimizer.interventions(in: state)
  }

  @Test func `the rules made to leave saddle points count, and no others`() throws {
    #expect(escapingOptimizers == Set(Self.names))
    for name in optimizerCatalog(Double.self).map(\.entry.name) {
      let counted = try count(cataloged(name), on: diagonalForm([1, 2]), from: [0, 0], steps: 0)
      #expect(counted == (Self.names.contains(name) ? 0 : nil), "\(name)")
    }
  }

  @Test func `perturbations are counted where they come, t_thres + 1 steps apart`() throws {
    // The gradient halves each step: below 1e-3 from step 10 on, so in steps 10, 15 and 20.
    func count(radius: Double, threshold: Double) throws -> Int? {
      try self.count(
        PerturbedGD<Double>(
          learningRate: 0.5, radius: radius, gradientThreshold: threshold, interval: 4),
        on: diagonalForm([1]), from: [1], steps: 22)
    }
    #expect(try count(radius: 1e-6, threshold: 1e-3) == 3)
    #expect(try count(radius: 1e-6, threshold: 0) == 0)
    #expect(try count(radius: 0, threshold: 1e-3) == 0)
  }

  @Test func `noise is counted in every step that has any`() throws {
    for (radius, expected) in [(0.1, 7), (0, 0)] {
      let optimizer = try NoisySGD<Double>(learningRate: 0.1, radius: radius)
      #expect(try count(optimizer, on: .classicalSaddle, from: [1, 1], steps: 7) == expected)
    }
  }

  @Test func `a step along the least curvature is counted, one along the gradient is not`() throws {
    let optimizer = try NegativeCurvatureDescent<Double>(learningRate: 0.01, hessianLipschitz: 4)
    // The first step has length 1, and the gradient is 2 there.
    #expect(try count(optimizer, on: .classicalSaddle, from: [0, 1e-9], steps: 5) == 1)
    #expect(try count(optimizer, on: .classicalSaddle, from: [0, 1], steps: 5) == 0)
    #expect(try count(optimizer, on: diagonalForm([1, 2]), from: [1e-4, 1e-4], steps: 5) == 0)
  }

  @Test(arguments: ["saddleFreeNewton", "krylovSaddleFreeNewton"])
  func `saddle-free Newton counts steps along modes of negative curvature`(name: String) throws {
    let optimizer = try cataloged(name)
    func count(_ landscape: Landscape, from start: [Double]) throws -> Int? {
      try self.count(optimizer, on: landscape, from: start, steps: 6)
    }
    #expect(try count(diagonalForm([2, -1]), from: [1, 1e-3]) == 6)
    // No share of the gradient, no step.
    #expect(try count(diagonalForm([2, -1]), from: [1, 0]) == 0)
    #expect(try count(diagonalForm([2, 1]), from: [1, 1]) == 0)
    #expect(try count(diagonalForm([-2, -1]), from: [0, 0]) == 0)
    // What is zero but for rounding is no negative curvature: ½(vᵀx)², v without exact shares.
    for seed in 1...20 {
      var rng = SplitMix64(seed: UInt64(seed))
      let v = (0..<5).map { _ in rng.normal() }
      let flat = Landscape(
        name: "valley", dimension: 5,
        value: {
          let s = inner(v, $0); return s * s / 2
        },
        gradient: { x in v.map { $0 * inner(v, x) } },
        hessian: { _ in v.map { a in v.map { a * $0 } } }, criticalPoints: [],
        hasAllCriticalPoints: false)
      #expect(try count(flat, from: (0..<5).map { _ in rng.normal() }) == 0, "seed \(seed)")
    }
  }

  @Test func `cubic Newton counts steps along negative curvature that were taken`() throws {
    func count(
      _ landscape: Landscape, from start: [Double], steps: Int, regularization: Double = 1
    ) throws -> Int? {
      try self.count(
        CubicNewton<Double>(regularization: regularization), on: landscape, from: start,
        steps: steps)
    }
    // The hard case first; f falls by more than foretold, so that every step is taken.
    #expect(try count(.classicalSaddle, from: [0, 0], steps: 3) == 3)
    #expect(try count(.classicalSaddle, from: [1, 0.5], steps: 3) == 3)
    #expect(try count(diagonalForm([1, 2]), from: [1, 1], steps: 5) == 0)
    // −2y² + y⁴: a step of length 4e6 is refused.
    let well = Landscape(
      name: "double well", dimension: 1, value: { -2 * $0[0] * $0[0] + pow($0[0], 4) },
      gradient: { [-4 * $0[0] + 4 * pow($0[0], 3)] },
      hessian: { [[-4 + 12 * $0[0] * $0[0]]] }, criticalPoints: [], hasAllCriticalPoints: false)
    #expect(try count(well, from: [0], steps: 1, regularization: 1e-6) == 0)
    #expect(try count(well, from: [0], steps: 1, regularization: 8) == 1)
  }

  @Test func `third order counts its own moves, not the cubic ones`() throws {
    let optimizer = try cataloged("thirdOrder")
    #expect(try count(optimizer, on: .monkeySaddle, from: [0, 0], steps: 1) == 1)
    #expect(try count(optimizer, on: .flatSaddle, from: [0, 0], steps: 5) == 0)
    #expect(try count(optimizer, on: .classicalSaddle, from: [0, 0], steps: 3) == 0)
  }

  @Test func `normalization acts wherever there is a gradient`() throws {
    let optimizer = try NormalizedGD<Double>(learningRate: 0.25)
    #expect(try count(optimizer, on: diagonalForm([1]), from: [8], steps: 5) == 5)
    // At 0 after four steps of a quarter.
    #expect(try count(optimizer, on: diagonalForm([1]), from: [1], steps: 9) == 4)
  }

  // MARK: Wrappers

  @Test func `every wrapper passes the count on`() throws {
    let form = diagonalForm([1, 2])
    let noisy = try NoisySGD<Double>(learningRate: 0.1)
    let perturbed = try PerturbedGD<Double>(
      learningRate: 0.1, gradientThreshold: 100, interval: 3)
    let normalized = try NormalizedGD<Double>(learningRate: 0.1)
    func count(_ optimizer: some Optimizer<Double>) throws -> Int? {
      try self.count(optimizer, on: form, from: [3, -1], steps: 9)
    }
    #expect(try count(Clipped(noisy, by: .norm(0.5))) == 9)
    #expect(try count(Clipped(perturbed, by: .value(0.5))) == 3)
    #expect(try count(SharpnessAware(perturbed)) == 3)
    #expect(try count(DecoupledWeightDecay(normalized, weightDecay: 0.1)) == 9)
    #expect(
      try count(
        SharpnessAware(DecoupledWeightDecay(Clipped(normalized, by: .norm(1)), weightDecay: 0.1)))
        == 9)
    #expect(try count(Clipped(SGD<Double>(learningRate: 0.1), by: .norm(1))) == nil)
    let all = OptimizerDescription(
      "normalizedGD",
      wrappers: [
        .clipNorm(2), .clipValue(1), .decoupledWeightDecay(0.1), .sharpnessRadius(0.05),
      ])
    #expect(try count(all.makeOptimizer(Double.self)) == 9)
    #expect(try all.makeOptimizer(Double.self).escapesSaddles)
  }

  // MARK: Memory

  /// Where x³ − 3xy² + z² − w² has something for every mechanism.
  private let mixed = Landscape(
    name: "monkey saddle and a saddle", dimension: 4,
    value: {
      pow($0[0], 3) - 3 * $0[0] * $0[1] * $0[1] + $0[2] * $0[2] - $0[3] * $0[3]
        + pow($0[3], 4) / 4 + pow($0[0] * $0[0] + $0[1] * $0[1], 2)
    },
    gradient: {
      let square = $0[0] * $0[0] + $0[1] * $0[1]
      return [
        3 * $0[0] * $0[0] - 3 * $0[1] * $0[1] + 4 * square * $0[0],
        -6 * $0[0] * $0[1] + 4 * square * $0[1], 2 * $0[2], -2 * $0[3] + pow($0[3], 3),
      ]
    },
    hessian: {
      let (x, y) = ($0[0], $0[1])
      let square = x * x + y * y
      return [
        [6 * x + 4 * square + 8 * x * x, -6 * y + 8 * x * y, 0, 0],
        [-6 * y + 8 * x * y, -6 * x + 4 * square + 8 * y * y, 0, 0],
        [0, 0, 2, 0], [0, 0, 0, -2 + 3 * $0[3] * $0[3]],
      ]
    },
    criticalPoints: [], hasAllCriticalPoints: false)

  /// A memory as another version of it would have been written.
  private func rewritten<State: Codable>(
    _ state: State, _ change: (inout [String: Any]) -> Void
  ) throws -> State {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(state))
    var json = try #require(object as? [String: Any])
    change(&json)
    return try JSONDecoder().decode(
      State.self, from: JSONSerialization.data(withJSONObject: json))
  }

  @Test(arguments: names)
  func `a count survives a save in the middle, and one that is missing stays unknown`(
    name: String
  ) throws {
    func check<Rule: Optimizer<Double>>(_ optimizer: Rule) throws {
      // At a minimum but for w = 0, so that thirdOrder has its cubic steps behind it at once.
      var (point, state) = ([0, 0, 0, 2.0.squareRoot()], optimizer.initialState(dimension: 4))
      if name != "thirdOrder" { point = [0.1, -0.2, 0.3, 1e-5] }
      var model = ObjectiveModel(LandscapeObjective(mixed))
      var (other, resumed) = (point, state)
      var (old, unknown) = (point, try rewritten(state) { $0["interventions"] = nil })
      for step in 0..<8 {
        if step == 4 { resumed = try rewritten(resumed) { _ in } }
        try optimizer.step(&point, on: &model, state: &state)
        try optimizer.step(&other, on: &model, state: &resumed)
        try optimizer.step(&old, on: &model, state: &unknown)
        #expect(optimizer.accepts(state, dimension: 4) && optimizer.accepts(unknown, dimension: 4))
      }
      let counted = try #require(optimizer.interventions(in: state))
      #expect((1...8).contains(counted))
      #expect(resumed == state && other == point)
      #expect(optimizer.interventions(in: unknown) == nil && old == point)
    }
    let numbers: [String: [String: Double]] = [
      "perturbedGD": ["gradientThreshold": 100, "interval": 1],
      "negativeCurvatureDescent": ["gradientThreshold": 100],
    ]
    try check(cataloged(name, numbers[name] ?? [:]))
  }

  @Test(arguments: names, [-1, 4, Int.max])
  func `a count that no run reaches is not accepted`(name: String, count: Int) throws {
    func check<Rule: Optimizer<Double>>(_ optimizer: Rule) throws {
      var (point, state) = ([0.1, -0.2, 0.3, 1e-5], optimizer.initialState(dimension: 4))
      var model = ObjectiveModel(LandscapeObjective(mixed))
      for _ in 0..<3 { try optimizer.step(&point, on: &model, state: &state) }
      #expect(optimizer.accepts(state, dimension: 4))
      let spoiled = try rewritten(state) { $0["interventions"] = count }
      #expect(!optimizer.accepts(spoiled, dimension: 4))
    }
    try check(cataloged(name))
  }
}
