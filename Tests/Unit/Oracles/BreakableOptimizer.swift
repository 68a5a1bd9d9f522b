import Foundation
import Oracles

/// An optimizer in plain arithmetic, whose parts a test can break one at a time.
struct BreakableOptimizer: OptimizerSubject {
  /// A count of steps and vectors by name.
  struct Memory: Codable, Equatable {
    var step = 0
    var vectors: [String: [Double]] = [:]

    /// A vector of the memory, zeros at first.
    subscript(_ name: String, count: Int) -> [Double] {
      get { vectors[name] ?? [Double](repeating: 0, count: count) }
      set { vectors[name] = newValue }
    }
  }

  struct Refusal: Error {
    let what: String
  }

  typealias Rule =
    @Sendable (_ point: inout [Double], _ function: StepFunction, _ memory: inout Memory) throws
    -> Void

  let rule: Rule
  /// What a save writes of the memory.
  var saved: @Sendable (Memory) -> Memory = { $0 }
  /// What a load takes for a memory.
  var accepts: @Sendable (_ memory: Memory, _ dimension: Int) -> Bool = { memory, dimension in
    memory.vectors.values.allSatisfy { $0.count == dimension }
  }

  /// What a text that is no memory is taken for.
  var fallback: Memory?
  /// Whether a load adds to what is there.
  var merges = false

  func begin(dimension: Int) -> any OptimizerRun { Run(optimizer: self, dimension: dimension) }

  private struct Run: OptimizerRun {
    let optimizer: BreakableOptimizer
    let dimension: Int
    var memory = Memory()

    mutating func step(_ parameters: inout [Double], on function: StepFunction) throws {
      try optimizer.rule(&parameters, function, &memory)
    }

    func save() throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(optimizer.saved(memory)), as: UTF8.self)
    }

    mutating func load(_ text: String) throws {
      let loaded: Memory
      do {
        loaded = try JSONDecoder().decode(Memory.self, from: Data(text.utf8))
      } catch {
        guard let fallback = optimizer.fallback else { throw error }
        loaded = fallback
      }
      guard optimizer.accepts(loaded, dimension) else { throw Refusal(what: "dimension") }
      let vectors = optimizer.merges ? memory.vectors : [:]
      memory = loaded
      memory.vectors.merge(vectors) { _, old in old }
    }
  }

  /// A rule of gradients: finite ones only, `move` gives Δ.
  static func firstOrder(
    _ move:
      @escaping @Sendable (_ g: [Double], _ point: [Double], _ memory: inout Memory) ->
      [Double]
  ) -> BreakableOptimizer {
    BreakableOptimizer { point, function, memory in
      let g = function.gradient(point)
      guard function.value(point).isFinite, g.allSatisfy(\.isFinite) else {
        throw Refusal(what: "not finite")
      }
      let change = move(g, point, &memory)
      memory.step += 1
      for i in point.indices { point[i] += change[i] }
    }
  }

  /// θ ← θ − ηg.
  static func descent(_ rate: Double = 0.05) -> BreakableOptimizer {
    firstOrder { g, _, _ in g.map { -rate * $0 } }
  }

  /// v ← μv + g, θ ← θ − ηv.
  static func heavyBall(_ rate: Double = 0.05, _ momentum: Double = 0.9) -> BreakableOptimizer {
    firstOrder { g, _, memory in
      var v = memory["v", g.count]
      for i in g.indices { v[i] = momentum * v[i] + g[i] }
      memory["v", g.count] = v
      return v.map { -rate * $0 }
    }
  }

  /// θ ← θ − η·sign(g).
  static func signs(_ rate: Double = 0.05) -> BreakableOptimizer {
    firstOrder { g, _, _ in g.map { $0 == 0 ? 0 : $0 > 0 ? -rate : rate } }
  }

  /// Adam without bias correction; AMSGrad where `keepsLargest`; η_t = η/√t where `decays`.
  static func adam(
    _ rate: Double, _ beta1: Double, _ beta2: Double, epsilon: Double = 1e-8,
    keepsLargest: Bool = false, decays: Bool = false
  ) -> BreakableOptimizer {
    firstOrder { g, _, memory in
      var (m, v, top) = (memory["m", g.count], memory["v", g.count], memory["top", g.count])
      for i in g.indices {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i]
        top[i] = keepsLargest ? max(top[i], v[i]) : v[i]
      }
      (memory["m", g.count], memory["v", g.count], memory["top", g.count]) = (m, v, top)
      let η = decays ? rate / Double(memory.step + 1).squareRoot() : rate
      return g.indices.map { -η * m[$0] / (top[$0].squareRoot() + epsilon) }
    }
  }

  /// Gradient descent by halving from 1 to Armijo's condition.
  static var armijo: BreakableOptimizer {
    BreakableOptimizer { point, function, memory in
      let (f, g) = (function.value(point), function.gradient(point))
      guard f.isFinite, g.allSatisfy(\.isFinite) else { throw Refusal(what: "not finite") }
      let square = g.reduce(0) { $0 + $1 * $1 }
      memory.step += 1
      var rate = 1.0
      for _ in 0..<60 {
        let next = point.indices.map { point[$0] - rate * g[$0] }
        if function.value(next) <= f - 1e-4 * rate * square {
          point = next
          return
        }
        rate /= 2
      }
    }
  }

  /// θ ← θ − H⁻¹g.
  static var newton: BreakableOptimizer {
    BreakableOptimizer { point, function, memory in
      let g = function.gradient(point)
      guard function.value(point).isFinite, g.allSatisfy(\.isFinite) else {
        throw Refusal(what: "not finite")
      }
      let n = g.count
      let rows = (0..<n).map { i in
        function.hessianVectorProduct(point, (0..<n).map { $0 == i ? 1 : 0 }) + [g[i]]
      }
      memory.step += 1
      let change = solve(rows)
      for i in point.indices { point[i] -= change[i] }
    }
  }

  /// Gaussian elimination with row pivoting on [A | b].
  private static func solve(_ augmented: [[Double]]) -> [Double] {
    var a = augmented
    let n = a.count
    for k in 0..<n {
      let pivot = (k..<n).max { a[$0][k].magnitude < a[$1][k].magnitude } ?? k
      a.swapAt(k, pivot)
      for i in 0..<n where i != k && a[k][k] != 0 {
        let factor = a[i][k] / a[k][k]
        for j in k...n { a[i][j] -= factor * a[k][j] }
      }
    }
    return (0..<n).map { a[$0][n] / a[$0][$0] }
  }
}

extension OptimizerOracle {
  /// The oracle of a name.
  static func named(_ name: String, _ kind: Kind = .firstOrder) -> OptimizerOracle {
    guard let found = all(for: kind).first(where: { $0.name == name }) else {
      preconditionFailure("no oracle '\(name)' among \(all(for: kind).map(\.name))")
    }
    return found
  }

  /// How an optimizer breaks this law, or nil.
  func violation(
    of subject: any OptimizerSubject, declaring declarations: [OptimizerDeclaration] = [],
    seed: UInt64 = 1
  ) -> OptimizerViolation? {
    guard
      case .failed(let violation) = verdict(on: subject, declaring: declarations, seed: seed)
        .outcome
    else { return nil }
    return violation
  }
}
