import Foundation
import Oracles
import Saddle
import SaddleOracles
import Testing

/// Gradient descent that does something else at the steps it is told.
private struct Descent: FirstOrderOptimizer {
  struct State: Codable, Equatable { var step = 0 }
  var rate = 1e-6
  /// Moves this way instead at a step, counted from 1.
  var instead: @Sendable (_ step: Int, _ gradient: Double) -> Double? = { _, _ in nil }
  var refusesFrom = Int.max

  func initialState(dimension: Int) -> State { State() }
  func accepts(_ state: State, dimension: Int) -> Bool { state.step >= 0 }

  func update(
    _ parameters: inout MutableSpan<Double>, along gradient: inout MutableSpan<Double>,
    state: inout State
  ) {
    state.step += 1
    for i in gradient.indices {
      parameters[i] += instead(state.step, gradient[i]) ?? -rate * gradient[i]
    }
  }

  func step<Model: LocalModel<Double>>(
    _ parameters: inout MutableSpan<Double>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Double {
    let value = try model.finiteEvaluation(at: parameters.span)
    guard state.step + 1 < refusesFrom else { throw .notFinite(value: 0, coordinate: nil) }
    var gradient = model.gradient
    var span = gradient.mutableSpan
    update(&parameters, along: &span, state: &state)
    return value
  }
}

/// The verifier's own loops, tolerances and margins.
@Suite struct OptimizerVerifierTests {
  private func outcome(
    _ name: String, _ optimizer: some Optimizer<Double>, _ declarations: [OptimizerDeclaration]
  ) throws -> OptimizerVerdict.Outcome {
    let oracle = try #require(OptimizerOracle.all(for: .firstOrder).first { $0.name == name })
    return oracle.verdict(on: OptimizerInProcess(optimizer), declaring: declarations).outcome
  }

  private func violation(_ outcome: OptimizerVerdict.Outcome) -> OptimizerViolation? {
    if case .failed(let violation) = outcome { violation } else { nil }
  }

  private static let descent = ReferenceRule { history in
    history.start.indices.map { i in
      history.start[i] - 1e-6 * history.gradients.reduce(0) { $0 + $1[i] }
    }
  }

  private let reference = "follows its reference rule"

  @Test func `a reference that is NaN is infinitely far`() throws {
    let found = violation(
      try outcome(reference, Descent(), [.reference { $0.start.map { _ in .nan } }]))
    #expect(found?.ratio == .infinity && found?.step == 1)
  }

  @Test func `histories spread over 11 e-folds, with zeros among them`() throws {
    // Held to NaN unless they do.
    let demanding = ReferenceRule { history in
      let sizes = history.gradients.flatMap { $0 }.map(\.magnitude)
      let seen = sizes.filter { $0 > 0 }
      let isWide =
        history.gradients.count < 40
        || (log(seen.max()! / seen.min()!) > 9.5 && seen.count < sizes.count)
      return isWide ? Self.descent(history) : history.start.map { _ in .nan }
    }
    #expect(violation(try outcome(reference, Descent(), [.reference(demanding)])) == nil)
  }

  @Test func `a refusal late in a history is a failure`() throws {
    let late = Descent(refusesFrom: 30)
    #expect(violation(try outcome(reference, late, [.reference(Self.descent)]))?.step == 30)
  }

  @Test func `a zero gradient is tried for more than a step`() throws {
    let name = "rests where the gradient is zero"
    let drifting = Descent(instead: { step, _ in step == 4 ? 1e-3 : nil })
    #expect(violation(try outcome(name, drifting, []))?.step == 4)
    #expect(violation(try outcome(name, Descent(), [])) == nil)
  }

  @Test func `one step uphill of thirty is seen, and so is standing still`() throws {
    let uphill = Descent(instead: { step, g in step == 20 ? 1e-6 * g : nil })
    #expect(violation(try outcome("never rises", uphill, [.neverRises]))?.step == 20)
    let still = Descent(instead: { _, _ in 0 })
    #expect(violation(try outcome("never rises", still, [.neverRises])) != nil)
  }

  @Test func `margins are measured, and nothing passes for want of looking`() throws {
    func margin(_ outcome: OptimizerVerdict.Outcome) -> Double? {
      if case .passed(let margin) = outcome { margin } else { nil }
    }
    let momentum = try Momentum<Double>(learningRate: 0.05)
    let declarations = try OptimizerPromises.declarations(of: "momentum")
    for name in [reference, "takes its known paths", "follows rotation or not, as it says"] {
      let found = try #require(margin(try outcome(name, momentum, declarations)), "\(name)")
      #expect(found > 0 && found <= 1, "\(name): \(found)")
    }
    let twin = OptimizerInProcess(momentum)
    #expect(
      try outcome("is the same in another process", momentum, [.anotherProcess(twin)])
        == .passed(margin: 0))
  }
}
