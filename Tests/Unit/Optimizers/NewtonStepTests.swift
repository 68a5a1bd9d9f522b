import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// One step of each rule that adapts to r, the fall of f over the fall that its model foretells.
@Suite struct NewtonStepTests {
  private let byHand = Tolerance(relative: 1e-14, why: "by hand")

  /// A function with f(0) = 0, f′(0) = 1 and f″(0) as given, which is −r·predicted elsewhere.
  private func scripted(curvature: Double, predicted: Double, ratio: Double) -> Landscape {
    Landscape(
      name: "scripted", dimension: 1, value: { $0[0] == 0 ? 0 : -ratio * predicted },
      gradient: { _ in [1] }, hessian: { _ in [[curvature]] }, criticalPoints: [],
      hasAllCriticalPoints: false)
  }

  /// Where a step from `start` leads, the state after it, and the products that it took.
  private func step<Rule: Optimizer>(
    _ optimizer: Rule, on landscape: Landscape, from start: [Double]
  ) throws -> (end: [Double], state: Rule.State, products: Int) where Rule.Element == Double {
    var model = Counting(ObjectiveModel(LandscapeObjective(landscape)))
    var state = optimizer.initialState(dimension: start.count)
    var x = start
    try optimizer.step(&x, on: &model, state: &state)
    return (x, state, model.products)
  }

  // MARK: Trust region

  @Test func `a step inside the trust region leaves its radius, even where the model is exact`()
    throws
  {
    let optimizer = try TrustRegionNewton<Double>(radius: 5)
    let (end, state, _) = try step(optimizer, on: diagonalForm([1]), from: [1])
    #expect(end == [0] && state.radius == 5)
  }

  @Test(arguments: [
    (-1, 0, 0.5), (5e-5, 0, 0.5), (2e-4, -2, 0.5), (0.1, -2, 0.5), (0.24, -2, 0.5), (0.26, -2, 2),
    (0.74, -2, 2), (0.76, -2, 4), (5, -2, 4),
  ])
  func `the radius is a quarter below r = ¼ and twice above ¾, and r > 1e-4 is taken`(
    ratio: Double, end: Double, radius: Double
  ) throws {
    // Without curvature the step is −Δ·g/‖g‖ and f is to fall by Δ = 2.
    let landscape = scripted(curvature: 0, predicted: 2, ratio: ratio)
    let found = try step(TrustRegionNewton<Double>(radius: 2), on: landscape, from: [0])
    #expect(found.end == [end] && found.state.radius == radius)
  }

  @Test(arguments: [(1, 1), (2, 2), (100, 2)])
  func `the trust region's products are as many as allowed`(allowed: Int, taken: Int) throws {
    let optimizer = try TrustRegionNewton<Double>(radius: 100, iterations: allowed)
    let found = try step(optimizer, on: diagonalForm([1, 10]), from: [10, 1])
    #expect(found.products == taken)
    // g = (10, 10): Cauchy's step is ‖g‖²/gᵀHg = 2/11 long; the second one ends at the minimum.
    expectClose(
      found.end, taken == 1 ? [10 - 20.0 / 11, 1 - 20.0 / 11] : [0, 0],
      within: Tolerance(absolute: 1e-13, why: "two products"))
  }

  // MARK: Damped Newton

  @Test func `damped Newton on a parabola halves x at μ = 1, where the model is exact`() throws {
    let optimizer = try DampedNewton<Double>(damping: 1, factor: 10)
    let found = try step(optimizer, on: diagonalForm([1]), from: [1])
    #expect(found.end == [0.5] && found.state.damping == 0.1)
  }

  @Test(arguments: [
    (-1, 0, 10), (5e-5, 0, 10), (2e-4, -0.5, 10), (0.1, -0.5, 10), (0.24, -0.5, 10),
    (0.26, -0.5, 1), (0.6, -0.5, 1), (0.74, -0.5, 1), (0.76, -0.5, 0.1), (5, -0.5, 0.1),
  ])
  func `μ grows below r = ¼ and falls above ¾, and r > 1e-4 is taken`(
    ratio: Double, end: Double, damping: Double
  ) throws {
    // (1 + 1)s = −1: −gs − ½s² = ⅜.
    let landscape = scripted(curvature: 1, predicted: 0.375, ratio: ratio)
    let optimizer = try DampedNewton<Double>(damping: 1, factor: 10)
    let found = try step(optimizer, on: landscape, from: [0])
    #expect(found.end == [end])
    expectClose(found.state.damping, damping, within: byHand)
  }

  // MARK: Cubic models

  @Test(arguments: [
    (-1, 0, 4), (0.05, 0, 4), (0.09, 0, 4), (0.11, -1, 2), (0.7, -1, 2), (0.89, -1, 2),
    (0.91, -1, 1), (5, -1, 1),
  ])
  func `M doubles below r = 0.1, where the step is refused, and halves above 0.9`(
    ratio: Double, end: Double, regularization: Double
  ) throws {
    // Without curvature M/2·s² = 1 at s = −1, and f is to fall by 1 − M/6 = ⅔.
    let landscape = scripted(curvature: 0, predicted: 2.0 / 3, ratio: ratio)
    let optimizer = try CubicNewton<Double>(regularization: 2)
    let found = try step(optimizer, on: landscape, from: [0])
    expectClose(found.end, [end], within: Tolerance(absolute: 1e-14, why: "a scalar root"))
    #expect(found.state.regularization == regularization)
  }

  @Test(arguments: Seed.campaign(20))
  func `from a saddle the cubic step's largest element is positive`(seed: Seed) throws {
    var rng = seed.generator
    let n = 2 + rng.index(below: 3)
    let form = Landscape.quadratic(
      eigenvalues: [-2] + (1..<n).map { _ in rng.uniform(0.5, 3) }, using: &rng)
    let optimizer = try CubicNewton<Double>(regularization: 1)
    let end = try step(optimizer, on: form, from: [Double](repeating: 0, count: n)).end
    // 2·|λ₁|/M along the eigenvector.
    expectClose(length(end), 4, within: Tolerance(relative: 1e-12, why: "an eigensystem"))
    let largest = end.max { $0.magnitude < $1.magnitude } ?? 0
    #expect(largest > 0, "\(end)")
  }

  @Test(arguments: [[1.0, -1], [-1, 1]])
  func `from a saddle on an axis the cubic step goes up the axis`(curvatures: [Double]) throws {
    let optimizer = try CubicNewton<Double>(regularization: 1)
    let end = try step(optimizer, on: diagonalForm(curvatures), from: [0, 0]).end
    #expect(end == curvatures.map { $0 < 0 ? 2 : 0 })
  }

  @Test(arguments: [1, 2, 3])
  func `above its exact limit the cubic step takes as many products as the Krylov space has`(
    count: Int
  ) throws {
    let optimizer = try CubicNewton<Double>(exactLimit: 4, krylovDimension: count)
    let form = diagonalForm([5, 3, 2, 1, -1])
    #expect(try step(optimizer, on: form, from: [1, 1, 1, 1, 1]).products == count)
    #expect(try step(optimizer, on: diagonalForm([5, 3, 2, 1]), from: [1, 1, 1, 1]).products == 0)
  }

  // MARK: Saddle-free Newton

  @Test(arguments: ["saddleFreeNewton", "krylovSaddleFreeNewton"])
  func `a saddle-free step that overflows leaves the parameters`(name: String) throws {
    let steep = Landscape(
      name: "steep", dimension: 2, value: { _ in 0 }, gradient: { _ in [1e150, -1] },
      hessian: { _ in [[1, 0], [0, -1]] }, criticalPoints: [], hasAllCriticalPoints: false)
    let path = try walk(
      cataloged(name, ["learningRate": 1e300]), on: steep, from: [1, 2], steps: 2)
    #expect(path == [[1, 2], [1, 2], [1, 2]])
  }

  // MARK: Escapes

  @Test(arguments: [(0.999e-3, 1e-3), (1.001e-3, 1e-3), (0.49, 0.5), (0.51, 0.5), (-0.51, 0.5)])
  func `third order escapes only where the third derivative reaches its threshold`(
    third: Double, threshold: Double
  ) throws {
    let cube = Landscape(
      name: "cube", dimension: 1, value: { third / 6 * pow($0[0], 3) },
      gradient: { [third / 2 * $0[0] * $0[0]] }, hessian: { [[third * $0[0]]] },
      criticalPoints: [], hasAllCriticalPoints: false)
    let optimizer = try ThirdOrder<Double>(thirdThreshold: threshold)
    let end = try step(optimizer, on: cube, from: [0]).end
    #expect(end == [third.magnitude < threshold ? 0 : third > 0 ? -1 : 1])
  }

  @Test(arguments: [1e-4, -1e-4, 1e-8, -1e-8, 1e-12, -1e-12])
  func `negative curvature is left on the side where f falls, however gentle the slope is`(
    offset: Double
  ) throws {
    // A seed that draws the side is right half of the time.
    for seed in UInt64(1)...10 {
      let optimizer = try NegativeCurvatureDescent<Double>(
        learningRate: 0.01, hessianLipschitz: 4, seed: seed)
      let end = try step(optimizer, on: diagonalForm([2, -2]), from: [3e-4, offset]).end
      // 2|ρ|/L₂ = 1.
      expectClose(
        end, [3e-4, offset + (offset > 0 ? 1 : -1)],
        within: Tolerance(absolute: 1e-12, why: "two Lanczos steps"))
    }
  }
}
