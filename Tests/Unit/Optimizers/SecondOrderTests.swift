import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct SecondOrderTests {
  private let rounding = Tolerance(relative: 1e-13, why: "eigenvectors to rounding")

  // MARK: Saddle-free Newton

  @Test(arguments: [(1.0, 0.0), (0.3, 0), (1, 0.5), (0.7, 2)])
  func `saddle-free Newton multiplies a mode by 1 − ηλ/(|λ| + α)`(
    rate: Double, damping: Double
  ) throws {
    let eigenvalues = [4.0, 1, -0.5, -3]
    let optimizer = try SaddleFreeNewton<Double>(
      learningRate: LearningRate(rate), damping: damping)
    let path = try walk(
      optimizer, on: diagonalForm(eigenvalues), from: [1, -2, 3, 0.5], steps: 5)
    let expected = zip(eigenvalues, path[0]).map { lambda, x in
      x * pow(1 - rate * lambda / (lambda.magnitude + damping), 5)
    }
    expectClose(path[5], expected, within: rounding)
  }

  @Test func `undamped, positive modes die at once and negative ones grow 32-fold in 5 steps`()
    throws
  {
    let optimizer = try SaddleFreeNewton<Double>(damping: 0)
    let path = try walk(optimizer, on: diagonalForm([10, -2]), from: [1, 1e-3], steps: 5)
    #expect(path[1][0] == 0)
    expectClose(path[5], [0, 0.032], within: rounding)
  }

  @Test(arguments: [1.0, 1e-2, 1e-8, 1e6])
  func `undamped, it is 20 steps from 1e-6 to 1 whatever the curvature is`(gamma: Double) throws {
    // ⌈log₂(1/1e-6)⌉ = 20.
    for name in ["saddleFreeNewton", "krylovSaddleFreeNewton"] {
      let path = try walk(
        cataloged(name, ["damping": 0]), on: diagonalForm([1, -gamma]), from: [0.3, 1e-6],
        steps: 20)
      #expect(path.firstIndex { $0[1].magnitude >= 1 } == 20, "\(name)")
    }
  }

  @Test func `undamped, a mode without curvature stays where it is`() throws {
    var rng = Seed(8).generator
    let form = Landscape.quadratic(eigenvalues: [5, 2, 0, 0, -1], using: &rng)
    let start = (0..<5).map { _ in rng.normal() }
    let end = try walk(
      SaddleFreeNewton<Double>(damping: 0), on: form, from: start, steps: 1)[1]
    // Modes 5 and 2 are dead, 0 has not moved, −1 has doubled: H³x tells them apart.
    let h = form.hessian([])
    func apply(_ x: [Double]) -> [Double] { h.map { inner($0, x) } }
    let lhs = apply(end)
    // H(x′) = −1·2·(share of −1): so H²x′ = −Hx′.
    expectClose(apply(lhs), lhs.map { -$0 }, within: Tolerance(absolute: 1e-13, why: "rounding"))
    // x′ − x has no share of the two flat modes: it is H·(something), so its norm is bounded by
    // the modes that move, √(2² − 1 …) of ‖x‖; a division by a rounded zero would give 1e15.
    #expect(length(zip(end, start).map { $0 - $1 }) <= length(start) * (1 + 1e-12))
  }

  @Test(arguments: Seed.campaign(20))
  func `in a Krylov space as large as the space it is the exact method`(seed: Seed) throws {
    var rng = seed.generator
    let n = 2 + rng.index(below: 8)
    let form = Landscape.quadratic(
      eigenvalues: (0..<n).map { _ in rng.uniform(0.1, 3) * (rng.uniform() < 0.5 ? 1 : -1) },
      using: &rng)
    let start = (0..<n).map { _ in rng.normal() }
    let exact = try walk(
      SaddleFreeNewton<Double>(damping: 0.2), on: form, from: start, steps: 1)[1]
    let krylov = try walk(
      KrylovSaddleFreeNewton<Double>(damping: 0.2, krylovDimension: n), on: form, from: start,
      steps: 1)[1]
    expectClose(krylov, exact, within: Tolerance(relative: 1e-10, why: "Ritz values converge"))
    // One product too few is not enough.
    if n > 2 {
      let short = try walk(
        KrylovSaddleFreeNewton<Double>(damping: 0.2, krylovDimension: n - 1), on: form,
        from: start, steps: 1)[1]
      #expect(length(zip(short, exact).map { $0 - $1 }) > 1e-9)
    }
  }

  @Test func `an invariant Krylov space ends the recurrence`() throws {
    // Two distinct curvatures: two products are all, and the exact step comes out.
    var rng = Seed(9).generator
    let form = Landscape.quadratic(
      eigenvalues: (0..<40).map { $0 < 15 ? -2 : 3 }, using: &rng)
    let start = (0..<40).map { _ in rng.normal() }
    var model = Counting(ObjectiveModel(LandscapeObjective(form)))
    let optimizer = try KrylovSaddleFreeNewton<Double>(damping: 0)
    var state = optimizer.initialState(dimension: 40)
    var x = start
    try optimizer.step(&x, on: &model, state: &state)
    #expect(model.products == 2)
    let exact = try walk(SaddleFreeNewton<Double>(damping: 0), on: form, from: start, steps: 1)
    expectClose(x, exact[1], within: Tolerance(relative: 1e-12, why: "two Lanczos steps"))
  }

  // MARK: Newton

  @Test func `Newton's own method lands on the saddle, by affine maps of it too`() throws {
    var rng = Seed(10).generator
    let form = Landscape.quadratic(eigenvalues: [3, 1, -0.2, -4], using: &rng)
    let start = (0..<4).map { _ in rng.normal() }
    let newton = try DampedNewton<Double>(damping: 0)
    let path = try walk(newton, on: form, from: start, steps: 1)
    expectClose(path[1], [0, 0, 0, 0], within: Tolerance(absolute: 1e-13, why: "one solve"))

    // f(x₀ + 3x₁, 2x₁) from A⁻¹x walks A⁻¹ of the path: upper triangular, so exact to rounding.
    let base = Landscape.himmelblau
    let bent = Landscape(
      name: "affine", dimension: 2, value: { base.value([$0[0] + 3 * $0[1], 2 * $0[1]]) },
      gradient: {
        let g = base.gradient([$0[0] + 3 * $0[1], 2 * $0[1]])
        return [g[0], 3 * g[0] + 2 * g[1]]
      },
      hessian: {
        let h = base.hessian([$0[0] + 3 * $0[1], 2 * $0[1]])
        let (a, b, d) = (h[0][0], h[0][1], h[1][1])
        let off = 3 * a + 2 * b
        return [[a, off], [off, 9 * a + 12 * b + 4 * d]]
      },
      criticalPoints: [], hasAllCriticalPoints: false)
    let plain = try walk(newton, on: base, from: [2.5, 3], steps: 4)
    let mapped = try walk(newton, on: bent, from: [2.5 - 3 * 1.5, 1.5], steps: 4)
    for (x, y) in zip(plain, mapped) {
      expectClose(
        [y[0] + 3 * y[1], 2 * y[1]], x, within: Tolerance(relative: 1e-10, why: "4 steps"))
    }
  }

  @Test func `damped Newton solves (H + μI)s = −g with a definite matrix, and adapts μ`() throws {
    let optimizer = try DampedNewton<Double>(damping: 0.5, factor: 3)
    var model = ObjectiveModel(LandscapeObjective(diagonalForm([4, -1])))
    var state = optimizer.initialState(dimension: 2)
    var x = [1.0, 0.1]
    try optimizer.step(&x, on: &model, state: &state)
    // μ = 0.5 → 1.5, the first with −1 + μ > 0. The model is exact: r = 1, so μ ends at 0.5.
    expectClose(
      x, [1 - 4 / 5.5, 0.1 + 0.1 / 0.5], within: Tolerance(relative: 1e-14, why: "by hand"))
    expectClose(state.damping, 0.5, within: rounding)
    #expect(state.step == 1)
  }

  @Test func `a singular matrix leaves Newton's own method where it is`() throws {
    let newton = try DampedNewton<Double>(damping: 0)
    #expect(try walk(newton, on: diagonalForm([1, 0]), from: [1, 1], steps: 2)[2] == [1, 1])
  }

  // MARK: Trust regions and cubic models

  @Test(arguments: ["trustRegionNewton", "cubicNewton", "dampedNewton"])
  func `no step raises the value`(name: String) throws {
    for landscape in [Landscape.rosenbrock(), .beale, .himmelblau, .sixHumpCamel] {
      for start in [[-1.3, 1.7], [0.1, -0.2], [2.5, 2]] {
        let values = try walk(cataloged(name), on: landscape, from: start, steps: 60)
          .map(landscape.value)
        // At the rounding of f a step is taken that seems higher by up to 10 roundings.
        for (a, b) in zip(values, values.dropFirst()) {
          #expect(b - a <= 10 * Double.ulpOfOne * a.magnitude, "\(landscape.name)")
        }
      }
    }
  }

  @Test func `the trust region bounds the step, grows and shrinks`() throws {
    let optimizer = try TrustRegionNewton<Double>(radius: 0.5, maximumRadius: 1)
    var model = ObjectiveModel(LandscapeObjective(diagonalForm([1, 1])))
    var state = optimizer.initialState(dimension: 2)
    var x = [3.0, 0]
    try optimizer.step(&x, on: &model, state: &state)
    #expect(x == [2.5, 0] && state.radius == 1)
    try optimizer.step(&x, on: &model, state: &state)
    #expect(x == [1.5, 0] && state.radius == 1)
    // Where the model is wrong, the step is refused and the radius a quarter.
    let wall = Landscape(
      name: "wall", dimension: 1, value: { $0[0] < -0.1 ? .infinity : $0[0] },
      gradient: { _ in [1] }, hessian: { _ in [[0]] }, criticalPoints: [],
      hasAllCriticalPoints: false)
    var wallModel = ObjectiveModel(LandscapeObjective(wall))
    var wallState = optimizer.initialState(dimension: 1)
    var y = [0.0]
    try optimizer.step(&y, on: &wallModel, state: &wallState)
    #expect(y == [0] && wallState.radius == 0.125 && wallState.step == 1)
  }

  @Test func `a cubic step is the minimizer of its model, and M follows the agreement`() throws {
    let optimizer = try CubicNewton<Double>(regularization: 6)
    var model = ObjectiveModel(LandscapeObjective(diagonalForm([1, 1])))
    var state = optimizer.initialState(dimension: 2)
    var x = [4.0, 0]
    try optimizer.step(&x, on: &model, state: &state)
    // −4s + s²/2 + s³: its slope 3s² + s − 4 is 0 at s = 1. f fell by 3.5, the model by 2.5.
    expectClose(x, [3, 0], within: rounding)
    #expect(state.regularization == 3)
    let wall = Landscape(
      name: "wall", dimension: 1, value: { $0[0] < -0.1 ? .nan : $0[0] },
      gradient: { _ in [1] }, hessian: { _ in [[0]] }, criticalPoints: [],
      hasAllCriticalPoints: false)
    var wallModel = ObjectiveModel(LandscapeObjective(wall))
    var wallState = optimizer.initialState(dimension: 1)
    var y = [0.0]
    try optimizer.step(&y, on: &wallModel, state: &wallState)
    #expect(y == [0] && wallState.regularization == 12)
  }

  @Test(arguments: Seed.campaign(10))
  func `in a whole Krylov space the cubic step is the exact one`(seed: Seed) throws {
    var rng = seed.generator
    let form = Landscape.quadratic(
      eigenvalues: (0..<6).map { _ in rng.uniform(-2, 3) }, using: &rng)
    let start = (0..<6).map { _ in rng.normal() }
    let exact = try walk(cataloged("cubicNewton"), on: form, from: start, steps: 1)[1]
    let krylov = try walk(
      cataloged("cubicNewton", ["exactLimit": 0, "krylovDimension": 6]), on: form, from: start,
      steps: 1)[1]
    expectClose(krylov, exact, within: Tolerance(relative: 1e-10, why: "Ritz values converge"))
  }

  // MARK: All

  @Test(arguments: [
    ("dampedNewton", [:], 100), ("trustRegionNewton", [:], 60), ("cubicNewton", [:], 100),
    ("cubicNewton", ["exactLimit": 0], 100), ("saddleFreeNewton", ["damping": 0.0], 100),
    ("krylovSaddleFreeNewton", ["damping": 0.0], 100), ("thirdOrder", [:], 100),
    ("negativeCurvatureDescent", ["learningRate": 1e-3], 60000),
  ])
  func `Rosenbrock's valley is followed to its end`(
    name: String, numbers: [String: Double], steps: Int
  ) throws {
    let end = try walk(
      cataloged(name, numbers), on: .rosenbrock(), from: [-1.2, 1], steps: steps)[steps]
    expectClose(end, [1, 1], within: Tolerance(absolute: 1e-6, why: "f is within 1e-13 of 0"))
  }

  @Test(arguments: ["saddleFreeNewton", "dampedNewton", "thirdOrder"])
  func `a Hessian that is too large is refused before it is made`(name: String) throws {
    let (dimension, limit) = name == "thirdOrder" ? (301, 300) : (4097, 4096)
    let form = Landscape(
      name: "never asked", dimension: dimension, value: { _ in 0 }, gradient: { $0 },
      hessian: { _ in [] }, criticalPoints: [], hasAllCriticalPoints: false)
    #expect(
      throws: OptimizerError.tooLarge(optimizer: name, dimension: dimension, limit: limit)
    ) {
      try walk(
        cataloged(name), on: form, from: [Double](repeating: 0, count: dimension), steps: 1)
    }
  }

  @Test(
    arguments: optimizerCatalog(Double.self).filter { $0.entry.family == .secondOrder }
      .map(\.entry.name))
  func `curvature that is not finite reaches neither parameters nor state`(name: String) throws {
    // At (0, 0) the gradient is 0, so that those who look only there look.
    let broken = Landscape(
      name: "broken", dimension: 2, value: { inner($0, $0) }, gradient: { $0.map { 2 * $0 } },
      hessian: { _ in [[.nan, .nan], [.nan, .nan]] }, criticalPoints: [],
      hasAllCriticalPoints: false)
    func check(_ optimizer: some Optimizer<Double>) throws {
      var model = ObjectiveModel(LandscapeObjective(broken))
      var state = optimizer.initialState(dimension: 2)
      let before = state
      let start = name == "negativeCurvatureDescent" ? [1e-4, 1e-4] : [1.0, 1]
      var x = start
      #expect(throws: OptimizerError.self) {
        try optimizer.step(&x, on: &model, state: &state)
      }
      #expect(x == start && state == before)
    }
    try check(cataloged(name))
  }
}
