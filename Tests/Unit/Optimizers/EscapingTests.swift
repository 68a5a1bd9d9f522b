import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct EscapingTests {
  /// 5x² − y² + y⁴/4, with minima at y = ±√2: what leaves the saddle finds a place to stay.
  private let doubleWell = Landscape(
    name: "double well", dimension: 2,
    value: { 5 * $0[0] * $0[0] - $0[1] * $0[1] + pow($0[1], 4) / 4 },
    gradient: { [10 * $0[0], -2 * $0[1] + pow($0[1], 3)] },
    hessian: { [[10, 0], [0, -2 + 3 * $0[1] * $0[1]]] },
    criticalPoints: [CriticalPoint(location: [0, 0], index: 1, value: 0)],
    hasAllCriticalPoints: false)

  @Test(arguments: [
    ("noisySGD", ["radius": 0.1]), ("perturbedGD", [:]), ("cubicNewton", [:]),
    ("negativeCurvatureDescent", [:]), ("thirdOrder", [:]),
  ])
  func `from the saddle itself those that escape reach a minimum`(
    name: String, numbers: [String: Double]
  ) throws {
    let end = try walk(cataloged(name, numbers), on: doubleWell, from: [0, 0], steps: 600)[600]
    expectClose(
      [end[0], end[1].magnitude], [0, 2.0.squareRoot()],
      within: Tolerance(absolute: 0.02, why: "noisySGD goes on trembling by ηr = 0.005 a step"))
  }

  @Test(arguments: [
    "sgd", "armijoGD", "wolfeGD", "lbfgs", "nonlinearCG", "dampedNewton", "trustRegionNewton",
    "saddleFreeNewton", "krylovSaddleFreeNewton",
  ])
  func `from the saddle itself the others stay`(name: String) throws {
    #expect(try walk(cataloged(name), on: doubleWell, from: [0, 0], steps: 50)[50] == [0, 0])
  }

  @Test(arguments: [
    "wolfeGD", "lbfgs", "nonlinearCG", "dampedNewton", "trustRegionNewton", "saddleFreeNewton",
    "krylovSaddleFreeNewton",
  ])
  func `from beside the saddle they leave it`(name: String) throws {
    let end = try walk(cataloged(name), on: doubleWell, from: [0.1, 1e-6], steps: 200)[200]
    expectClose(
      end, [0, 2.0.squareRoot()], within: Tolerance(absolute: 1e-6, why: "rounding of f"))
  }

  // MARK: Noise

  @Test(arguments: Seed.campaign(20))
  func `noisySGD adds a vector of length η·r to SGD's step, another one each time`(
    seed: Seed
  ) throws {
    let optimizer = try NoisySGD<Double>(learningRate: 0.1, radius: 3, seed: seed.value)
    var rng = seed.generator
    let form = diagonalForm([1, 2, -1, 0.5])
    let start = (0..<4).map { _ in rng.normal() }
    let path = try walk(optimizer, on: form, from: start, steps: 6)
    var noises: [[Double]] = []
    for (x, y) in zip(path, path.dropFirst()) {
      let g = form.gradient(x)
      let noise = x.indices.map { y[$0] - (x[$0] - 0.1 * g[$0]) }
      expectClose(length(noise), 0.3, within: Tolerance(relative: 1e-13, why: "differences"))
      noises.append(noise)
    }
    #expect(Set(noises).count == 6)
  }

  @Test(.tags(.statistical))
  func `directions are uniform on the sphere, and perturbations in the ball`() throws {
    // On the sphere E ξ = 0 and E ξᵢ² = 1/n; in the ball E xᵢ² = 1/(n + 2), P(‖x‖ ≤ ½) = 2⁻ⁿ.
    let (n, count) = (3, 20000)
    let zero = diagonalForm([0, 0, 0])
    func displacements(_ optimizer: some Optimizer<Double>) throws -> [[Double]] {
      let path = try walk(optimizer, on: zero, from: [0, 0, 0], steps: count)
      return zip(path, path.dropFirst()).map { x, y in x.indices.map { y[$0] - x[$0] } }
    }
    let sphere = try displacements(NoisySGD<Double>(learningRate: 1, radius: 1))
    let ball = try displacements(
      PerturbedGD<Double>(learningRate: 1, radius: 1, gradientThreshold: 0, interval: 0))
    // Six standard deviations: a false alarm once in 5e8 per figure.
    let bound = 6 / Double(count).squareRoot()
    for i in 0..<n {
      #expect((sphere.reduce(0) { $0 + $1[i] } / Double(count)).magnitude < bound * 0.58)
      #expect(
        (sphere.reduce(0) { $0 + $1[i] * $1[i] } / Double(count) - 1.0 / 3).magnitude
          < bound * 0.299)
      #expect((ball.reduce(0) { $0 + $1[i] } / Double(count)).magnitude < bound * 0.45)
      // Var xᵢ² = 3/35 − 1/25 = 0.0457.
      #expect(
        (ball.reduce(0) { $0 + $1[i] * $1[i] } / Double(count) - 0.2).magnitude < bound * 0.214)
    }
    #expect(ball.allSatisfy { length($0) <= 1 + 1e-12 })
    let inside = Double(ball.count { length($0) <= 0.5 }) / Double(count)
    #expect((inside - 0.125).magnitude < bound * 0.331, "\(inside)")
  }

  @Test
  func `perturbations come at once where the gradient is small, then t_thres + 1 steps apart`()
    throws
  {
    let optimizer = try PerturbedGD<Double>(
      learningRate: 0.5, radius: 1e-6, gradientThreshold: 1e-3, interval: 4)
    // The gradient halves each step: below 1e-3 from step 10 on.
    let form = diagonalForm([1])
    let path = try walk(optimizer, on: form, from: [1], steps: 22)
    let noisy = (0..<22).filter { path[$0 + 1][0] != path[$0][0] - 0.5 * path[$0][0] }
    #expect(noisy == [10, 15, 20])
    for t in noisy {
      #expect((path[t + 1][0] - path[t][0] / 2).magnitude <= 1e-6 * (1 + 1e-9))
    }
  }

  @Test func `the seed makes the noise, and only where there is any`() throws {
    for (name, differs) in [
      ("noisySGD", true), ("perturbedGD", true), ("negativeCurvatureDescent", true),
      ("cubicNewton", false),
    ] {
      func path(_ seed: UInt64) throws -> [[Double]] {
        try walk(cataloged(name, seed: seed), on: doubleWell, from: [0, 0], steps: 5)
      }
      #expect(try path(1) == path(1))
      // A sign alone is the same for half of all seeds.
      #expect(try (2...40).contains { try path($0) != path(1) } == differs, "\(name)")
    }
  }

  // MARK: Directions

  @Test(arguments: [1e-9, -1e-9])
  func `along negative curvature the gradient tells the side`(offset: Double) throws {
    let optimizer = try NegativeCurvatureDescent<Double>(
      learningRate: 0.01, hessianLipschitz: 4)
    let path = try walk(optimizer, on: .classicalSaddle, from: [0, offset], steps: 1)
    // 2|ρ|/L₂ = 1 down the side where y is already.
    expectClose(
      path[1], [0, offset + (offset > 0 ? 1 : -1)],
      within: Tolerance(absolute: 1e-12, why: "two Lanczos steps"))
  }

  @Test func `a large gradient, and a small one at a minimum, take a gradient step`() throws {
    let optimizer = try NegativeCurvatureDescent<Double>(learningRate: 0.01)
    let far = try walk(optimizer, on: .classicalSaddle, from: [0, 1], steps: 1)[1]
    expectClose(far, [0, 1.02], within: Tolerance(relative: 1e-15, why: "one product and sum"))
    let near = try walk(optimizer, on: diagonalForm([1, 2]), from: [1e-4, 1e-4], steps: 1)[1]
    expectClose(
      near, [0.99e-4, 0.98e-4], within: Tolerance(relative: 1e-15, why: "one product and sum"))
  }

  // MARK: Degenerate saddles

  @Test(arguments: Seed.campaign(20))
  func `third order leaves the monkey saddle from the saddle itself, downwards`(
    seed: Seed
  ) throws {
    let landscape = Landscape.monkeySaddle
    let path = try walk(
      cataloged("thirdOrder", seed: seed.value), on: landscape, from: [0, 0], steps: 3)
    #expect(length(path[1]) > 0.1)
    let values = path.map(landscape.value)
    for (a, b) in zip(values, values.dropFirst()) { #expect(b < a) }
  }

  @Test(arguments: [
    "cubicNewton", "negativeCurvatureDescent", "trustRegionNewton", "dampedNewton",
    "saddleFreeNewton", "krylovSaddleFreeNewton",
  ])
  func `second order stays on the monkey saddle`(name: String) throws {
    #expect(try walk(cataloged(name), on: .monkeySaddle, from: [0, 0], steps: 20)[20] == [0, 0])
  }

  @Test func `third order looks among the flat directions only, and not beyond third order`()
    throws
  {
    // The third derivative is largest along z, which is not flat: the escape leaves it alone.
    let landscape = Landscape(
      name: "monkey saddle with a valley", dimension: 3,
      value: {
        pow($0[0], 3) - 3 * $0[0] * $0[1] * $0[1] + 10 * $0[2] * $0[2] + 50 * pow($0[2], 3)
      },
      gradient: {
        [
          3 * $0[0] * $0[0] - 3 * $0[1] * $0[1], -6 * $0[0] * $0[1],
          20 * $0[2] + 150 * $0[2] * $0[2],
        ]
      },
      hessian: {
        [[6 * $0[0], -6 * $0[1], 0], [-6 * $0[1], -6 * $0[0], 0], [0, 0, 20 + 300 * $0[2]]]
      },
      criticalPoints: [], hasAllCriticalPoints: false)
    let end = try walk(cataloged("thirdOrder"), on: landscape, from: [0, 0, 0], steps: 1)[1]
    #expect(end[2] == 0 && length(end) > 0.1)
    // The steepest of x³ − 3xy² on the circle is −1: t = 1 falls by exactly 1 with power steps
    // done.
    #expect(landscape.value(end) < -0.9)
    // x⁴ − y⁴ has no third derivative at 0.
    #expect(
      try walk(cataloged("thirdOrder"), on: .flatSaddle, from: [0, 0], steps: 5)[5] == [0, 0])
  }
}
