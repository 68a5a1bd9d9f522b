import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct SGDTests {
  private let rounding = Tolerance(relative: 1e-15, why: "a handful of operations")

  /// A model whose gradient is given, step by step.
  private struct Scripted: LocalModel {
    var dimension: Int { gradient.count }
    var gradients: [[Double]]
    var gradient: [Double] = []

    mutating func evaluate(at parameters: Span<Double>) -> Double {
      gradient = gradients.removeFirst()
      return 1
    }
  }

  private func run(
    _ optimizer: SGD<Double>, from start: [Double], gradients: [[Double]]
  ) throws -> [[Double]] {
    var parameters = start
    var state = optimizer.initialState(dimension: start.count)
    var model = Scripted(gradients: gradients)
    return try gradients.map { _ in
      var span = parameters.mutableSpan
      _ = try optimizer.step(&span, on: &model, state: &state)
      return parameters
    }
  }

  // θ₀ = 1, g = 1, η = 0.1, μ = 0.5. Worked by hand.
  @Test func `plain steps match the recurrence`() throws {
    let path = try run(SGD(learningRate: 0.1), from: [1], gradients: [[1], [1]])
    expectClose(path.flatMap { $0 }, [0.9, 0.8], within: rounding)
  }

  @Test func `heavy-ball steps match the recurrence`() throws {
    // v = 1, 1.5; θ = 0.9, 0.75.
    let path = try run(SGD(learningRate: 0.1, momentum: 0.5), from: [1], gradients: [[1], [1]])
    expectClose(path.flatMap { $0 }, [0.9, 0.75], within: rounding)
  }

  @Test func `Nesterov's steps match the recurrence`() throws {
    // v = 1, 1.5; g + μv = 1.5, 1.75; θ = 0.85, 0.675.
    let path = try run(
      SGD(learningRate: 0.1, momentum: 0.5, nesterov: true), from: [1], gradients: [[1], [1]])
    expectClose(path.flatMap { $0 }, [0.85, 0.675], within: rounding)
  }

  @Test(arguments: [false, true])
  func `forty steps are the unrolled sums of the whole history`(nesterov: Bool) throws {
    // Gradients spread over 11 e-folds, summed anew at each step instead of recursively, with the
    // state saved and reloaded on the way.
    var generator = RandomStream(seed: 4)
    let (η, μ) = (0.037, 0.83)
    let gradients = (0..<40).map { _ in
      (0..<5).map { _ in
        exp(generator.uniform(-5.5, 5.5)) * (generator.uniform() < 0.5 ? -1 : 1)
      }
    }
    let optimizer = try SGD(learningRate: η, momentum: μ, nesterov: nesterov)
    var parameters = [0.5, -1, 2, 0, 3]
    let start = parameters
    var state = optimizer.initialState(dimension: 5)
    var model = Scripted(gradients: gradients)
    for t in gradients.indices {
      if t == 17 {
        state = try JSONDecoder().decode(
          SGD<Double>.State.self, from: JSONEncoder().encode(state))
      }
      var span = parameters.mutableSpan
      _ = try optimizer.step(&span, on: &model, state: &state)
      let expected = start.indices.map { i in
        // θ_t = θ₀ − η Σ_{s ≤ t} v_s, v_s = Σ_{k ≤ s} μ^{s−k} g_k.
        var moved = 0.0
        for s in 0...t {
          let v = (0...s).reduce(0.0) { $0 + pow(μ, Double(s - $1)) * gradients[$1][i] }
          moved += nesterov ? gradients[s][i] + μ * v : v
        }
        return start[i] - η * moved
      }
      expectClose(
        parameters, expected, within: Tolerance(relative: 1e-12, why: "40 sums"), "step \(t)")
    }
    #expect(state.step == 40)
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
      var span = parameters.mutableSpan
      _ = try optimizer.step(&span, on: &model, state: &state)
    }
    expectClose(
      parameters, eigenvalues.map { pow(1 - 0.2 * $0, 30) },
      within: Tolerance(relative: 1e-13, why: "30 steps"))
  }

  @Test func `hyperparameters out of range are refused by name`() {
    func name(_ make: () throws -> SGD<Double>) -> String? {
      do {
        _ = try make()
        return nil
      } catch OptimizerError.invalidHyperparameter(let name, _, _) {
        return name
      } catch {
        return "\(error)"
      }
    }
    for rate in [0, -1, Double.nan, .infinity] {
      #expect(name { try SGD(learningRate: rate) } == "learning rate")
    }
    for momentum in [-0.1, 1, 2, Double.nan] {
      #expect(name { try SGD(learningRate: 1, momentum: momentum) } == "momentum")
    }
    #expect(name { try SGD(learningRate: 1, momentum: 0, nesterov: true) } == "momentum")
    #expect(name { try SGD(learningRate: 1, momentum: 0.9, nesterov: true) } == nil)
  }

  @Test(arguments: [Double.nan, .infinity])
  func `a gradient that is not finite reaches neither parameters nor state`(
    bad: Double
  ) throws {
    let optimizer = try SGD<Double>(learningRate: 0.1, momentum: 0.9)
    var state = optimizer.initialState(dimension: 2)
    var parameters = [1.0, 2]
    var model = Scripted(gradients: [[1, 1], [0, bad]])
    var span = parameters.mutableSpan
    _ = try optimizer.step(&span, on: &model, state: &state)
    let before = (parameters, state)
    var refused: OptimizerError?
    do throws(OptimizerError) {
      var span = parameters.mutableSpan
      _ = try optimizer.step(&span, on: &model, state: &state)
    } catch {
      refused = error
    }
    #expect(refused == .notFinite(value: 1, coordinate: 1))
    #expect(parameters == before.0 && state == before.1)
  }
}
