import Foundation
import Oracles
import Support
import Synchronization
import Testing

/// Faults that show in large dimensions only, late, rarely, or in how a step is searched for.
@Suite struct OptimizerBlindSpotTests {
  private func violation(
    _ name: String, _ subject: any OptimizerSubject, _ declarations: [OptimizerDeclaration],
    _ kind: OptimizerOracle.Kind = .firstOrder
  ) -> OptimizerViolation? {
    let oracle = OptimizerOracle.named(name, kind)
    guard case .failed(let found) = oracle.verdict(on: subject, declaring: declarations).outcome
    else { return nil }
    return found
  }

  private func momentum() throws -> [OptimizerDeclaration] {
    try OptimizerPromises.declarations(of: "momentum")
  }

  /// v ← μv + g, θ ← θ − ηv, with μ and the coordinates that move by step.
  private func heavyBall(
    _ momentum: @escaping @Sendable (_ step: Int) -> Double = { _ in 0.9 },
    moves: @escaping @Sendable (_ i: Int, _ n: Int) -> Bool = { _, _ in true }
  ) -> BreakableOptimizer {
    .firstOrder { g, _, memory in
      let μ = momentum(memory.step + 1)
      let old = memory["v", g.count]
      let v = g.indices.map { μ * old[$0] + g[$0] }
      memory["v", g.count] = v
      return v.indices.map { moves($0, g.count) ? -0.05 * v[$0] : 0 }
    }
  }

  @Test func `the right rule passes, long and wide`() throws {
    for name in [
      "follows its reference rule", "follows its reference rule for 66,000 steps",
      "takes its known paths", "works in any dimension", "repeats itself for 7,000 steps",
    ] {
      #expect(try violation(name, heavyBall(), momentum()) == nil, "\(name)")
    }
  }

  @Test(arguments: [8, 16, 32, 256])
  func `what is past the last whole block and never moves is seen`(block: Int) throws {
    let faulty = heavyBall(moves: { i, n in n <= block || i < n / block * block })
    for name in ["follows its reference rule", "works in any dimension"] {
      #expect(try violation(name, faulty, momentum()) != nil, "\(name)")
    }
    #expect(
      violation(
        "follows permutation or not, as it says", faulty, [.holds(.permutation)]) != nil)
  }

  @Test(arguments: [255, 1000, 32_767, 65_535])
  func `what is forgotten late is seen, and when`(step: Int) throws {
    let faulty = heavyBall { $0 == step + 1 ? 0 : 0.9 }
    let found = try #require(
      try violation("follows its reference rule for 66,000 steps", faulty, momentum()))
    #expect(found.step == step + 1)
  }

  @Test func `one step in a thousand that is off by an ulp is seen`() throws {
    let counter = Atomic(0)
    let faulty = BreakableOptimizer { point, function, _ in
      // Of a prime period, so that runs are not alike.
      let isOff = counter.wrappingAdd(1, ordering: .relaxed).oldValue % 997 == 0
      let g = function.gradient(point)
      for i in point.indices { point[i] -= 0.05 * g[i] }
      if isOff { point[0] = point[0].nextUp }
    }
    #expect(violation("repeats itself for 7,000 steps", faulty, []) != nil)
  }

  /// Adam's averages as m + (1 − β)(g − m), which cancels where the gradient is far below m.
  private func incremental(_ β1: Double, _ β2: Double) -> BreakableOptimizer {
    .firstOrder { g, _, memory in
      var (m, v) = (memory["m", g.count], memory["v", g.count])
      let t = Double(memory.step + 1)
      for i in g.indices {
        m[i] += (1 - β1) * (g[i] - m[i])
        v[i] += (1 - β2) * (g[i] * g[i] - v[i])
      }
      (memory["m", g.count], memory["v", g.count]) = (m, v)
      return g.indices.map { i in
        let root = (max(v[i], 0) / (1 - pow(β2, t))).squareRoot() + 1e-3
        return -1e-3 * m[i] / (1 - pow(β1, t)) / root
      }
    }
  }

  @Test(arguments: [(0.9, 0.999), (0, 0.5), (0.5, 0), (0, 0)])
  func `an equal form that cancels is not accused`(β1: Double, β2: Double) throws {
    let declared = try OptimizerPromises.declarations(
      of: "adam", hyperparameters: ["beta1": β1, "beta2": β2, "epsilon": 1e-3])
    for name in ["follows its reference rule", "takes the path of its equal", "takes its known paths"] {
      let found = violation(name, incremental(β1, β2), declared)
      #expect(found == nil, "\(name): \(found.map(String.init(describing:)) ?? "")")
    }
    #expect(
      violation("follows its reference rule", incremental(β1 + 1e-6, β2), declared) != nil)
  }

  /// In `Float` throughout.
  private static let single = BreakableOptimizer.firstOrder { g, point, memory in
    let v = zip(memory["v", g.count], g).map { Double(0.9 * Float($0) + Float($1)) }
    memory["v", g.count] = v
    return g.indices.map { Double(Float(point[$0]) - 0.05 * Float(v[$0])) - point[$0] }
  }

  @Test(arguments: OptimizerOracle.all(for: .firstOrder, isQuick: true))
  func `a right rule in single precision that says so is not accused`(
    oracle: OptimizerOracle
  ) throws {
    let verdict = oracle.verdict(
      on: Self.single, declaring: try momentum() + [.precision(.single)])
    if case .failed(let found) = verdict.outcome { Issue.record("\(oracle.name): \(found)") }
  }

  @Test func `a wrong rule in single precision is`() throws {
    let wrong = BreakableOptimizer.firstOrder { g, point, memory in
      let v = zip(memory["v", g.count], g).map { Double(0.89 * Float($0) + Float($1)) }
      memory["v", g.count] = v
      return g.indices.map { Double(Float(point[$0]) - 0.05 * Float(v[$0])) - point[$0] }
    }
    let declared = try momentum() + [.precision(.single)]
    #expect(violation("follows its reference rule", wrong, declared) != nil)
    #expect(violation("takes its known paths", wrong, declared) != nil)
  }
}
