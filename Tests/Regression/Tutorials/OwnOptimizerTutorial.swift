import Support

// As in EndOfARunTutorial.swift.

// tutorial OwnOptimizer
import Foundation
import Oracles
import Saddle
import SaddleOracles
import Testing

/// v ← μ·v + g, θ ← θ − η·v.
struct HeavyBall: FirstOrderOptimizer {
  typealias Element = Double

  struct State: Codable, Equatable, Sendable {
    var velocity: [Double]
  }

  var learningRate = 0.05
  var momentum = 0.9

  func initialState(dimension: Int) -> State {
    State(velocity: [Double](repeating: 0, count: dimension))
  }

  func accepts(_ state: State, dimension: Int) -> Bool {
    state.velocity.count == dimension && state.velocity.allSatisfy(\.isFinite)
  }

  func update(
    _ parameters: inout MutableSpan<Double>, along gradient: inout MutableSpan<Double>,
    state: inout State
  ) {
    for i in parameters.indices {
      state.velocity[i] = momentum * state.velocity[i] + gradient[i]
      parameters[i] -= learningRate * state.velocity[i]
    }
  }
}
// step

@Test(arguments: OptimizerOracle.all(for: .firstOrder))
func `heavy ball does what any optimizer owes`(_ oracle: OptimizerOracle) throws {
  try oracle.check(HeavyBall())
}
// step

/// Where it stands: after T steps gradient t has moved θ by η·(1 + μ + … + μ^(T − t)).
private func heavyBall(_ history: OptimizerHistory) -> [Double] {
  let count = history.gradients.count
  return history.start.indices.map { i in
    (0..<count).reduce(history.start[i]) { place, t in
      let reach = (1 - pow(0.9, Double(count - t))) / (1 - 0.9)
      return place - 0.05 * reach * history.gradients[t][i]
    }
  }
}

@Test(arguments: OptimizerOracle.all(for: .firstOrder))
func `heavy ball is heavy ball`(_ oracle: OptimizerOracle) throws {
  try oracle.check(
    HeavyBall(),
    declaring: [
      .rotationEquivariant,
      .reference { heavyBall($0) },
    ])
}
// end

@Suite struct OwnOptimizerTutorialTests {
  /// What the tutorial says of another rule: the reference tells it from this one.
  @Test func `another rule is told from it`() {
    var found: [String] = []
    for oracle in OptimizerOracle.all(for: .firstOrder, isQuick: true) {
      do throws(OptimizerViolation) {
        try oracle.check(
          LookAhead(), declaring: [.reference { heavyBall($0) }])
      } catch {
        found.append("\(error)")
      }
    }
    #expect(found.contains { $0.contains("stands where its reference rule says") }, "\(found)")
  }
}

/// Nesterov's form of the same rule.
private struct LookAhead: FirstOrderOptimizer {
  typealias Element = Double

  func initialState(dimension: Int) -> HeavyBall.State { HeavyBall().initialState(dimension: dimension) }

  func accepts(_ state: HeavyBall.State, dimension: Int) -> Bool {
    HeavyBall().accepts(state, dimension: dimension)
  }

  func update(
    _ parameters: inout MutableSpan<Double>, along gradient: inout MutableSpan<Double>,
    state: inout HeavyBall.State
  ) {
    for i in parameters.indices {
      state.velocity[i] = 0.9 * state.velocity[i] + gradient[i]
      parameters[i] -= 0.05 * (gradient[i] + 0.9 * state.velocity[i])
    }
  }
}
