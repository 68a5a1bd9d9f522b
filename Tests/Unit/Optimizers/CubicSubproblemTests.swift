import Oracles
import Saddle
import Support
import Testing

@Suite struct CubicSubproblemTests {
  /// Checks what makes s the global minimizer, in plain loops: (H + λI)s = −g, λ = M‖s‖/2, λ ≥ −λ₁.
  private func expectGlobalMinimizer(
    _ solution: CubicSubproblem<Double>, curvatures: [Double], gradient: [Double],
    regularization: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let s = solution.step
    let lambda = solution.multiplier
    let scale =
      length(gradient) + (curvatures.map(\.magnitude).max() ?? 0) * length(s) + 1e-300
    var residual = 0.0
    for i in s.indices {
      residual = max(residual, ((curvatures[i] + lambda) * s[i] + gradient[i]).magnitude)
    }
    #expect(residual <= 1e-13 * scale, "\(residual)", sourceLocation: sourceLocation)
    expectClose(
      regularization * length(s) / 2, lambda,
      within: Tolerance(relative: 1e-11, why: "Newton's iteration to rounding"),
      sourceLocation: sourceLocation)
    #expect(lambda >= -(curvatures.min() ?? 0), sourceLocation: sourceLocation)
    var model = 0.0
    for i in s.indices { model += gradient[i] * s[i] + curvatures[i] * s[i] * s[i] / 2 }
    model += regularization / 6 * length(s) * length(s) * length(s)
    expectClose(
      solution.predicted, -model,
      within: Tolerance(absolute: 1e-12 * scale * length(s), why: "a sum with cancellation"),
      sourceLocation: sourceLocation)
  }

  @Test(arguments: Seed.campaign(200))
  func `the step is the global minimizer`(seed: Seed) {
    var rng = seed.generator
    let n = 1 + rng.index(below: 8)
    let curvatures = (0..<n).map { _ in rng.uniform(-2, 2) }.sorted()
    let scale = [1e-12, 1e-3, 1, 1e6][rng.index(below: 4)]
    let gradient = (0..<n).map { _ in scale * rng.normal() }
    let regularization = [1e-3, 1, 50][rng.index(below: 3)]
    let solution = CubicSubproblem(
      curvatures: curvatures, gradient: gradient, regularization: regularization)
    expectGlobalMinimizer(
      solution, curvatures: curvatures, gradient: gradient, regularization: regularization)
    // No random point is lower.
    for _ in 0..<50 {
      let s = (0..<n).map { _ in length(solution.step) * 1.5 * rng.uniform(-1, 1) }
      var model = 0.0
      for i in s.indices { model += gradient[i] * s[i] + curvatures[i] * s[i] * s[i] / 2 }
      model += regularization / 6 * length(s) * length(s) * length(s)
      #expect(model >= -solution.predicted * (1 + 1e-12))
    }
  }

  @Test func `the hard case takes the missing length from the least eigenvector`() {
    // λ = 2 and M = 1 ask for ‖s‖ = 4; the other mode gives −3/(1 + 2) = −1, so ±√15 is missing.
    let solution = CubicSubproblem(
      curvatures: [-2, 1], gradient: [0, 3], regularization: 1.0)
    #expect(solution.isHardCase && solution.multiplier == 2)
    expectClose(
      solution.step, [Double(15).squareRoot(), -1],
      within: Tolerance(relative: 1e-15, why: "by hand"))
    expectGlobalMinimizer(
      solution, curvatures: [-2, 1], gradient: [0, 3], regularization: 1)
    // At the saddle itself.
    let saddle = CubicSubproblem(curvatures: [-2, 1], gradient: [0, 0], regularization: 1.0)
    #expect(saddle.isHardCase && saddle.step == [4, 0])
    // A least eigenvalue twice, as `syevd` gives it: equal up to a rounding.
    let double = CubicSubproblem(
      curvatures: [-2, -2 + 4e-16, 1], gradient: [0, 0, 1], regularization: 1.0)
    expectGlobalMinimizer(
      double, curvatures: [-2, -2 + 4e-16, 1], gradient: [0, 0, 1], regularization: 1)
  }

  @Test(arguments: [1e-300, 1e-100, 1e-17, 1e-8, -1e-20])
  func `next to the hard case nothing cancels`(share: Double) {
    let gradient = [share, 3.0]
    let solution = CubicSubproblem(curvatures: [-2, 1], gradient: gradient, regularization: 1.0)
    #expect(!solution.isHardCase)
    expectGlobalMinimizer(
      solution, curvatures: [-2, 1], gradient: gradient, regularization: 1)
    // Against the gradient's share, and as long as in the hard case.
    expectClose(
      solution.step[0], (share > 0 ? -1 : 1) * Double(15).squareRoot(),
      within: Tolerance(absolute: 10 * share.magnitude + 1e-12, why: "continuous in the share"))
  }

  @Test func `gradient alone without hard case, and no gradient at a minimum`() {
    // The least eigenvector has no share, but the others are long enough: λ > 2.
    let long = CubicSubproblem(curvatures: [-2, 1], gradient: [0, 30], regularization: 1.0)
    #expect(!long.isHardCase && long.step[0] == 0)
    expectGlobalMinimizer(long, curvatures: [-2, 1], gradient: [0, 30], regularization: 1)
    let still = CubicSubproblem(curvatures: [0, 1], gradient: [0, 0], regularization: 1.0)
    #expect(still.step == [0, 0] && still.predicted == 0)
    // H = 0: M‖s‖²/2 = ‖g‖.
    let flat = CubicSubproblem(curvatures: [0, 0], gradient: [3, 4], regularization: 10.0)
    expectClose(length(flat.step), 1, within: Tolerance(relative: 1e-12, why: "by hand"))
  }
}
