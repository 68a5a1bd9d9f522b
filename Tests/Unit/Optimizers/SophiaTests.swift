import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct SophiaTests {
  private let rounding = Tolerance(relative: 1e-15, why: "a handful of operations")

  @Test func `two steps match the recurrence worked by hand`() throws {
    // λ = 2: g = 2, 1.7; m = 1, 1.35; h = 1/2, 7/8; m over 4h, over 1 − ½ᵗ.
    let optimizer = try Sophia<Double>(
      learningRate: 0.1, beta1: 0.5, beta2: 0.75, gamma: 4, epsilon: 0, weightDecay: 0.5,
      interval: 1)
    let path = try walk(optimizer, on: diagonalForm([2]), from: [1], steps: 2)
    expectClose(path[1], [0.85], within: rounding)
    expectClose(path[2], [0.85 * 0.95 - 0.1 * (1.35 / 3.5) / 0.75], within: rounding)
  }

  @Test func `moves are clipped, and where curvature is negative always`() throws {
    // h = 3/2·½, −½·½: 1/2 is more than γh = 3/8, and 1e-9 more than ε.
    let optimizer = try Sophia<Double>(
      learningRate: 0.1, beta1: 0, beta2: 0.5, gamma: 0.5, epsilon: 1e-12, weightDecay: 0)
    let path = try walk(optimizer, on: diagonalForm([1.5, -0.5]), from: [1.0 / 3, 2e-9], steps: 1)
    expectClose(path[1], [1.0 / 3 - 0.1, 2e-9 + 0.1], within: rounding)
  }

  @Test func `a coordinate without gradient stays, whatever ε`() throws {
    for epsilon in [0, 1e-12] {
      let optimizer = try Sophia<Double>(epsilon: epsilon, weightDecay: 0)
      let path = try walk(optimizer, on: diagonalForm([1, -1, 0]), from: [0, 0, 3], steps: 3)
      #expect(path[3] == [0, 0, 3])
    }
  }

  /// ½xᵀHx.
  private static let matrix = [[2.0, 0.5, -1], [0.5, -1, 0.25], [-1, 0.25, 0.5]]
  private static let form = Landscape(
    name: "form", dimension: 3,
    value: { x in matrix.indices.reduce(0) { $0 + x[$1] * inner(matrix[$1], x) / 2 } },
    gradient: { x in matrix.map { inner($0, x) } }, hessian: { _ in matrix },
    criticalPoints: [], hasAllCriticalPoints: false)

  /// The diagonals that are found in steps 1, 2, …, of which nothing is averaged.
  private func estimates(_ count: Int, seed: UInt64) throws -> [[Double]] {
    let optimizer = try Sophia<Double>(beta2: 0, interval: 1, seed: seed)
    var model = ObjectiveModel(LandscapeObjective(Self.form))
    var (point, state) = ([1.0, 2, 3], optimizer.initialState(dimension: 3))
    return try (0..<count).map { _ in
      try optimizer.step(&point, on: &model, state: &state)
      return state.curvature
    }
  }

  @Test func `an estimate is Hᵢᵢ ± Hᵢⱼ ± Hᵢₖ`() throws {
    for estimate in try estimates(20, seed: 3) {
      let (a, b) = (0.5, -1.0)
      let expected = [a + b, a - b, b - a, -a - b].map { 2 + $0 }
      #expect(expected.contains { ($0 - estimate[0]).magnitude < 1e-14 }, "\(estimate)")
    }
    #expect(try estimates(20, seed: 3) == estimates(20, seed: 3))
    #expect(try estimates(20, seed: 3) != estimates(20, seed: 4))
  }

  // Var(ξᵢΣⱼHᵢⱼξⱼ) = Σ_{j≠i}Hᵢⱼ² for signs, exactly; neighbours are independent.
  @Test(.tags(.statistical)) func `the estimate's mean is the diagonal`() throws {
    let draws = 20_000
    let found = try estimates(draws, seed: 1)
    for i in 0..<3 {
      let variance = (0..<3).reduce(0) { $0 + ($1 == i ? 0 : Self.matrix[i][$1] * Self.matrix[i][$1]) }
      let errors = found.map { $0[i] - Self.matrix[i][i] }
      let z = errors.reduce(0, +) / (Double(draws) * variance).squareRoot()
      #expect(z.magnitude <= 5, "z = \(z) in coordinate \(i)")
      let products = zip(errors, errors.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
      let w = products / (Double(draws - 1).squareRoot() * variance)
      #expect(w.magnitude <= 5, "neighbours: z = \(w) in coordinate \(i)")
    }
  }

  @Test func `one product every k steps, from the first on`() throws {
    let optimizer = try Sophia<Double>(interval: 3)
    var model = Counting(ObjectiveModel(LandscapeObjective(Self.form)))
    var (point, state) = ([1.0, 2, 3], optimizer.initialState(dimension: 3))
    let counts = try (0..<8).map { _ in
      try optimizer.step(&point, on: &model, state: &state)
      return model.products
    }
    #expect(counts == [1, 1, 1, 2, 2, 2, 3, 3])
  }

  @Test func `a product that is not finite is refused, and nothing moves`() throws {
    let broken = Landscape(
      name: "broken", dimension: 2, value: { _ in 1 }, gradient: { _ in [1, 1] },
      hessian: { _ in [[1, 0], [0, .infinity]] }, criticalPoints: [],
      hasAllCriticalPoints: false)
    let optimizer = try Sophia<Double>()
    var model = ObjectiveModel(LandscapeObjective(broken))
    var (point, state) = ([1.0, 2], optimizer.initialState(dimension: 2))
    let before = state
    var refused: OptimizerError?
    do throws(OptimizerError) {
      try optimizer.step(&point, on: &model, state: &state)
    } catch {
      refused = error
    }
    guard case .krylov(.productNotFinite(product: 1, _)) = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
    #expect(point == [1, 2] && state == before)
  }
}
