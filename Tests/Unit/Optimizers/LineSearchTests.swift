import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct LineSearchTests {
  private static let lineSearches = ["armijoGD", "wolfeGD", "lbfgs", "nonlinearCG"]

  private func landscape(_ seed: Seed) -> (Landscape, start: [Double]) {
    var rng = seed.generator
    let all: [Landscape] = [
      .rosenbrock(), .beale, .himmelblau, .sixHumpCamel, .rosenbrock(dimension: 4),
      .quadratic(
        eigenvalues: (0..<6).map { _ in rng.uniform(0.01, 100) }, using: &rng),
    ]
    let chosen = all[Int(seed.value) % all.count]
    return (chosen, (0..<chosen.dimension).map { _ in rng.uniform(-2, 2) })
  }

  @Test(arguments: Seed.campaign(60))
  func `a step of wolfeGD satisfies both Wolfe conditions`(seed: Seed) throws {
    let (landscape, start) = landscape(seed)
    let optimizer = try WolfeGD<Double>(learningRate: 0.1, decrease: 0.3, curvature: 0.35)
    let end = try walk(optimizer, on: landscape, from: start, steps: 1)[1]
    let g = landscape.gradient(start)
    let square = inner(g, g)
    let alpha = inner(zip(start, end).map { $0 - $1 }, g) / square
    #expect(alpha > 0)
    let rounding = 1e-12 * max(1, landscape.value(start).magnitude)
    #expect(landscape.value(end) <= landscape.value(start) - 0.3 * alpha * square + rounding)
    // The slope may lie on the bound; recomputing it at a rounded point moves it by a rounding.
    #expect(inner(landscape.gradient(end), g).magnitude <= 0.35 * square * (1 + 1e-9))
  }

  @Test(arguments: Seed.campaign(30))
  func `armijoGD takes the longest of its trials that falls enough`(seed: Seed) throws {
    let (landscape, start) = landscape(seed)
    let optimizer = try ArmijoGD<Double>(learningRate: 1, decrease: 0.1, backtracking: 0.5)
    let end = try walk(optimizer, on: landscape, from: start, steps: 1)[1]
    let g = landscape.gradient(start)
    var alpha = 1.0
    func trial() -> [Double] { zip(start, g).map { $0 - alpha * $1 } }
    while landscape.value(trial()) > landscape.value(start) - 0.1 * alpha * inner(g, g) {
      alpha /= 2
    }
    expectClose(end, trial(), within: Tolerance(relative: 1e-14, why: "one product and sum"))
  }

  @Test(arguments: ["lbfgs", "nonlinearCG"])
  func `with exact searches a quadratic ends in as many steps as it has curvatures`(
    name: String
  ) throws {
    var rng = Seed(5).generator
    let form = Landscape.quadratic(eigenvalues: [1, 2, 3, 5, 7, 11, 13, 20], using: &rng)
    let clustered = Landscape.quadratic(
      eigenvalues: [1, 1, 1, 4, 4, 4, 9, 9], using: &rng)
    let start = (0..<8).map { _ in rng.normal() }
    let optimizer = try cataloged(name, ["curvature": 1e-3, "decrease": 1e-4])
    for (landscape, curvatures) in [(form, 8), (clustered, 3)] {
      let path = try walk(optimizer, on: landscape, from: start, steps: curvatures)
      let sizes = path.map { length(landscape.gradient($0)) / length(landscape.gradient(start)) }
      #expect(sizes[curvatures] < 1e-7, "\(sizes)")
      // Fewer would be a polynomial of too low a degree with all curvatures as zeros.
      #expect(sizes[curvatures - 1] > 1e-5, "\(sizes)")
    }
  }

  @Test func `with exact searches L-BFGS and conjugate gradients take one path on a quadratic`()
    throws
  {
    var rng = Seed(6).generator
    let form = Landscape.quadratic(eigenvalues: [1, 2, 3, 5, 8], using: &rng)
    let start = (0..<5).map { _ in rng.normal() }
    let numbers = ["curvature": 1e-3, "decrease": 1e-4]
    let a = try walk(cataloged("lbfgs", numbers), on: form, from: start, steps: 4)
    let b = try walk(cataloged("nonlinearCG", numbers), on: form, from: start, steps: 4)
    expectClose(
      a.flatMap { $0 }, b.flatMap { $0 },
      within: Tolerance(relative: 1e-9, why: "Nazareth 1979; searches exact to rounding"))
  }

  @Test(arguments: [("lbfgs", 60), ("nonlinearCG", 120), ("wolfeGD", 12000), ("armijoGD", 20000)])
  func `Rosenbrock's valley is followed to its end`(name: String, steps: Int) throws {
    let end = try walk(
      cataloged(name), on: .rosenbrock(), from: [-1.2, 1], steps: steps)[steps]
    expectClose(end, [1, 1], within: Tolerance(absolute: 1e-4, why: "f is within 1e-9 of 0"))
  }

  @Test(arguments: lineSearches)
  func `no step raises the value`(name: String) throws {
    for landscape in [Landscape.rosenbrock(), .beale, .himmelblau, .sixHumpCamel] {
      let path = try walk(cataloged(name), on: landscape, from: [-1.3, 1.7], steps: 200)
      let values = path.map(landscape.value)
      for (a, b) in zip(values, values.dropFirst()) { #expect(b <= a) }
    }
  }

  // 100x − log x has its minimum at 0.01 and no value from 0 down.
  private let barrier = Landscape(
    name: "barrier", dimension: 1,
    value: { 100 * $0[0] - log($0[0]) }, gradient: { [100 - 1 / $0[0]] },
    hessian: { [[1 / ($0[0] * $0[0])]] }, criticalPoints: [], hasAllCriticalPoints: false)

  @Test(arguments: lineSearches)
  func `a trial without a value is too far`(name: String) throws {
    let path = try walk(cataloged(name), on: barrier, from: [0.5], steps: 200)
    #expect(path.allSatisfy { $0[0] > 0 && $0[0].isFinite })
    expectClose(path[200], [0.01], within: Tolerance(relative: 1e-4, why: "rounding of f"))
  }

  @Test(arguments: lineSearches)
  func `a trial at minus infinity is too far`(name: String) throws {
    let cliff = Landscape(
      name: "cliff", dimension: 1, value: { $0[0] > 0.3 ? -.infinity : -$0[0] },
      gradient: { _ in [-1] }, hessian: { _ in [[0]] }, criticalPoints: [],
      hasAllCriticalPoints: false)
    let path = try walk(cataloged(name), on: cliff, from: [0], steps: 3)
    #expect(path.allSatisfy { $0[0] <= 0.3 } && path[1][0] > 0)
  }

  @Test(arguments: lineSearches)
  func `what cannot move stays: a minimum, a saddle, a value at rounding`(name: String) throws {
    let optimizer = try cataloged(name)
    for (landscape, at) in [
      (Landscape.rosenbrock(), [1.0, 1]), (.classicalSaddle, [0, 0]), (.monkeySaddle, [0, 0]),
    ] {
      #expect(try walk(optimizer, on: landscape, from: at, steps: 3) == [at, at, at, at])
    }
    // 1e20 + x²/2 is constant to rounding near 1.
    let lost = Landscape(
      name: "lost", dimension: 1, value: { 1e20 + $0[0] * $0[0] / 2 }, gradient: { $0 },
      hessian: { _ in [[1]] }, criticalPoints: [], hasAllCriticalPoints: false)
    let path = try walk(optimizer, on: lost, from: [1], steps: 3)
    #expect(path.allSatisfy { $0[0].magnitude <= 1 })
  }

  @Test(arguments: lineSearches)
  func `a slope without end gives finite steps`(name: String) throws {
    let slope = Landscape(
      name: "slope", dimension: 1, value: { -$0[0] }, gradient: { _ in [-1] },
      hessian: { _ in [[0]] }, criticalPoints: [], hasAllCriticalPoints: false)
    let path = try walk(cataloged(name), on: slope, from: [0], steps: 5)
    for (a, b) in zip(path, path.dropFirst()) { #expect(b[0] > a[0] && b[0].isFinite) }
  }

  @Test func `L-BFGS keeps the last pairs, and only where the function curves upwards`() throws {
    let optimizer = try LBFGS<Double>(memory: 3)
    var model = ObjectiveModel(LandscapeObjective(.rosenbrock(dimension: 4)))
    var state = optimizer.initialState(dimension: 4)
    var parameters = [-1.2, 1, -1.2, 1]
    var path = [parameters]
    for step in 1...10 {
      try optimizer.step(&parameters, on: &model, state: &state)
      path.append(parameters)
      #expect(state.pairs.count == min(step, 3))
      #expect(state.pairs.allSatisfy { inner($0.displacement, $0.change) > 0 })
    }
    let landscape = Landscape.rosenbrock(dimension: 4)
    let difference = Tolerance(relative: 1e-14, why: "a difference")
    for (i, pair) in state.pairs.enumerated() {
      let (a, b) = (path[7 + i], path[8 + i])
      expectClose(pair.displacement, zip(b, a).map { $0 - $1 }, within: difference)
      expectClose(
        pair.change, zip(landscape.gradient(b), landscape.gradient(a)).map { $0 - $1 },
        within: difference)
    }

    // −x⁴/4 curves downwards everywhere: no pair is ever kept.
    let cap = Landscape(
      name: "cap", dimension: 1, value: { -pow($0[0], 4) / 4 }, gradient: { [-pow($0[0], 3)] },
      hessian: { [[-3 * $0[0] * $0[0]]] }, criticalPoints: [], hasAllCriticalPoints: false)
    var capModel = ObjectiveModel(LandscapeObjective(cap))
    var capState = optimizer.initialState(dimension: 1)
    var x = [0.1]
    for _ in 0..<3 { try optimizer.step(&x, on: &capModel, state: &capState) }
    #expect(capState.pairs.isEmpty && capState.step == 3)
  }

  @Test(arguments: ["lbfgs", "nonlinearCG", "trustRegionNewton"])
  func `a function in other units is walked alike`(name: String) throws {
    // By a power of two, so that nothing rounds differently.
    let landscape = Landscape.himmelblau
    let scaled = Landscape(
      name: "scaled", dimension: 2, value: { 64 * landscape.value($0) },
      gradient: { landscape.gradient($0).map { 64 * $0 } },
      hessian: { landscape.hessian($0).map { $0.map { 64 * $0 } } },
      criticalPoints: [], hasAllCriticalPoints: false)
    let start = [0.3, -1.5]
    // The trust region's forcing sequence min(½, √‖g‖) is ½ as long as ‖g‖ ≥ ¼.
    let steps = name == "trustRegionNewton" ? 3 : 20
    #expect(
      try walk(cataloged(name), on: landscape, from: start, steps: steps)
        == walk(cataloged(name), on: scaled, from: start, steps: steps))
  }

  @Test func `settings out of range, and schedules without a rate, are refused by name`() {
    #expect(throws: OptimizerError.self) { try WolfeGD<Double>(decrease: 0.5, curvature: 0.4) }
    #expect(throws: OptimizerError.self) { try LBFGS<Double>(memory: 0) }
    #expect(throws: OptimizerError.self) { try ArmijoGD<Double>(backtracking: 1) }
    #expect(throws: OptimizerError.self) {
      try OptimizerDescription("lbfgs", schedule: .inverseSquareRoot).makeOptimizer(Double.self)
    }
  }
}
