import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct SGDTests {
  private let rounding = Tolerance(relative: 1e-15, why: "a handful of operations")

  // θ₀ = 1, g = 1, η = 0.1, μ = 0.5. Worked by hand.
  @Test func `plain steps match the recurrence`() throws {
    let path = try path(of: SGD<Double>(learningRate: 0.1), from: 1, gradients: [1, 1])
    expectClose(path, [0.9, 0.8], within: rounding)
  }

  @Test func `heavy-ball steps match the recurrence`() throws {
    // v = 1, 1.5; θ = 0.9, 0.75.
    let path = try path(
      of: Momentum<Double>(learningRate: 0.1, momentum: 0.5), from: 1, gradients: [1, 1])
    expectClose(path, [0.9, 0.75], within: rounding)
  }

  @Test func `Nesterov's steps match the recurrence`() throws {
    // v = 1, 1.5; g + μv = 1.5, 1.75; θ = 0.85, 0.675.
    let path = try path(
      of: Nesterov<Double>(learningRate: 0.1, momentum: 0.5), from: 1, gradients: [1, 1])
    expectClose(path, [0.85, 0.675], within: rounding)
  }

  @Test func `on a quadratic the error of each mode shrinks by 1 − ηλ`() throws {
    let eigenvalues = [3.0, 1, -0.5]
    let objective = LandscapeObjective(
      Landscape(
        name: "diagonal", dimension: 3,
        value: { x in zip(eigenvalues, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 } },
        gradient: { x in zip(eigenvalues, x).map { $0 * $1 } },
        hessian: { _ in [[3, 0, 0], [0, 1, 0], [0, 0, -0.5]] },
        criticalPoints: [], hasAllCriticalPoints: false))
    var model = ObjectiveModel(objective)
    let optimizer = try SGD<Double>(learningRate: 0.2)
    var state = optimizer.initialState(dimension: 3)
    var parameters = [1.0, 1, 1]
    for _ in 0..<30 {
      try optimizer.step(&parameters, on: &model, state: &state)
    }
    expectClose(
      parameters, eigenvalues.map { pow(1 - 0.2 * $0, 30) },
      within: Tolerance(relative: 1e-13, why: "30 steps"))
  }

  @Test(arguments: [Double.nan, .infinity])
  func `a gradient that is not finite reaches neither parameters nor state`(
    bad: Double
  ) throws {
    let optimizer = try Momentum<Double>(learningRate: 0.1, momentum: 0.9)
    var state = optimizer.initialState(dimension: 2)
    var parameters = [1.0, 2]
    var model = ScriptedModel([[1, 1], [0, bad]])
    try optimizer.step(&parameters, on: &model, state: &state)
    let before = (parameters, state)
    var refused: OptimizerError?
    do throws(OptimizerError) {
      try optimizer.step(&parameters, on: &model, state: &state)
    } catch {
      refused = error
    }
    #expect(refused == .notFinite(value: 1, coordinate: 1))
    #expect(parameters == before.0 && state == before.1)
  }
}
