import Foundation
import Oracles
import Testing
import Threads

/// What an optimizer keeps beside the memory that it saves, or takes that it should not.
struct OptimizerHiddenStateTests {
  private typealias Refusal = BreakableOptimizer.Refusal

  // MARK: - The point that comes with each step

  private static let point = OptimizerOracle.named("steps from the point that it is sent")

  private func promises(_ rule: String) throws -> [OptimizerDeclaration] {
    try OptimizerPromises.declarations(of: rule)
  }

  /// Steps from the place that its memory says, wherever it is sent.
  private static func stale(_ right: BreakableOptimizer) -> BreakableOptimizer {
    BreakableOptimizer { point, function, memory in
      if let own = memory.vectors["own"] { point = own }
      try right.rule(&point, function, &memory)
      memory.vectors["own"] = point
    }
  }

  /// AdamW as it is by default.
  private static let adamw = BreakableOptimizer.firstOrder { g, point, memory in
    let t = Double(memory.step + 1)
    let (old, squares) = (memory["m", g.count], memory["v", g.count])
    let m = g.indices.map { 0.9 * old[$0] + 0.1 * g[$0] }
    let v = g.indices.map { 0.999 * squares[$0] + 0.001 * g[$0] * g[$0] }
    (memory["m", g.count], memory["v", g.count]) = (m, v)
    return g.indices.map { i in
      let root = (v[i] / (1 - pow(0.999, t))).squareRoot() + 1e-8
      return -1e-3 * (0.01 * point[i] + m[i] / (1 - pow(0.9, t)) / root)
    }
  }

  private static let rules: [(String, BreakableOptimizer)] = [
    ("sgd", .descent()), ("momentum", .heavyBall()), ("signDescent", .signs(0.01)), ("adamw", adamw),
  ]

  @Test func `what steps from its own copy of the parameters is found, and nothing right is`() throws {
    for (name, right) in Self.rules {
      let declared = try promises(name)
      #expect(Self.point.violation(of: right, declaring: declared) == nil, "\(name)")
      let outcome = Self.point.verdict(on: right, declaring: declared).outcome
      #expect(outcome != .notDeclared, "\(name)")
      #expect(Self.point.violation(of: Self.stale(right), declaring: declared) != nil, "\(name)")
      // Nothing else sends another point than the last answer.
      for check in ["follows its reference rule", "takes its known paths", "saves and loads"] {
        let other = OptimizerOracle.named(check)
        #expect(other.violation(of: Self.stale(right), declaring: declared) == nil, "\(name)")
      }
    }
  }

  @Test func `an answer that follows the point by half only is found`() throws {
    let halfway = BreakableOptimizer.firstOrder { g, point, memory in
      let own = memory.vectors["own"] ?? point
      let change = g.indices.map { 0.5 * (own[$0] - point[$0]) - 0.05 * g[$0] }
      memory.vectors["own"] = g.indices.map { point[$0] + change[$0] }
      return change
    }
    #expect(Self.point.violation(of: halfway, declaring: try promises("sgd")) != nil)
  }

  /// θ_{t+1} = θ_t − ηg + μ(θ_t − θ_{t−1}), with the places kept: 1 + μ times as far as it is moved.
  @Test func `velocities that are differences of places are right`() throws {
    let polyak = BreakableOptimizer.firstOrder { g, point, memory in
      let last = memory.vectors["last"] ?? point
      memory.vectors["last"] = point
      return g.indices.map { 0.9 * (point[$0] - last[$0]) - 0.05 * g[$0] }
    }
    let declared = try promises("momentum")
    #expect(Self.point.violation(of: polyak, declaring: declared) == nil)
    let reference = OptimizerOracle.named("follows its reference rule")
    #expect(reference.violation(of: polyak, declaring: declared) == nil)
  }

  @Test func `rules that may keep places are excused, and so is what promises nothing`() throws {
    for name in ["scheduleFreeAdamW", "prodigy"] {
      let outcome = Self.point.verdict(
        on: BreakableOptimizer.descent(), declaring: try promises(name)
      ).outcome
      #expect(outcome == .notDeclared)
    }
    let outcome = Self.point.verdict(on: Self.stale(.descent()), declaring: []).outcome
    #expect(outcome == .notDeclared)
  }

  @Test func `what keeps nothing is sent elsewhere whatever it asks for`() {
    for (kind, right) in [
      (OptimizerOracle.Kind.lineSearch, BreakableOptimizer.armijo), (.secondOrder, .newton),
    ] {
      let oracle = OptimizerOracle.named("steps from the point that it is sent", kind)
      #expect(oracle.violation(of: right, declaring: [.memoryless]) == nil)
      #expect(oracle.violation(of: Self.stale(right), declaring: [.memoryless]) != nil)
    }
  }

  // MARK: - Memories

  @Test func `a value that is infinite must be refused`() throws {
    let oracle = OptimizerOracle.named("refuses numbers that are not finite")
    for number in [Double.infinity, -.infinity] {
      let hasty = BreakableOptimizer { point, function, memory in
        let (f, g) = (function.value(point), function.gradient(point))
        guard f.isFinite || f == number, g.allSatisfy(\.isFinite) else {
          throw Refusal(what: "not finite")
        }
        for i in point.indices { point[i] -= 0.1 * g[i] }
      }
      let found = try #require(oracle.violation(of: hasty))
      #expect(found.coordinate == nil && found.got == number)
      #expect(found.detail == "the value \(number) was taken")
    }
  }

  @Test func `a memory of another rule must be refused where there is one to keep`() throws {
    let oracle = OptimizerOracle.named("saves and loads")
    let loose = Tampered(base: BreakableOptimizer.heavyBall(), takesAll: true)
    let found = try #require(oracle.violation(of: loose))
    #expect(found.detail.hasPrefix("a memory of another rule was loaded: {\"velocity\":"))
    #expect(oracle.violation(of: Tampered(base: BreakableOptimizer.heavyBall())) == nil)
    // To what keeps no vectors every memory is as good as none.
    #expect(oracle.violation(of: Tampered(base: BreakableOptimizer.descent(), takesAll: true)) == nil)
  }

  @Test func `a handle in the place of a memory is found in another process`() throws {
    let oracle = OptimizerOracle.named("is the same in another process")
    func process(_ keepsAll: Bool) -> Tampered {
      Tampered(base: BreakableOptimizer.heavyBall(), handles: keepsAll ? Handles() : nil)
    }
    let found = try #require(
      oracle.violation(of: process(true), declaring: [.anotherProcess(process(true))]))
    #expect(found.detail.contains("loaded in another process"), "\(found)")
    #expect(oracle.violation(of: process(false), declaring: [.anotherProcess(process(false))]) == nil)
    // In one process they are as good as memories.
    #expect(OptimizerOracle.named("saves and loads").violation(of: process(true)) == nil)
  }

  @Test func `a run that keeps its memory when it is begun again is found`() throws {
    let oracle = OptimizerOracle.named("keeps runs apart")
    let right = Tampered(base: BreakableOptimizer.heavyBall())
    #expect(oracle.violation(of: right) == nil)
    let keeping = Tampered(base: BreakableOptimizer.heavyBall(), keepsWhenBegunAgain: true)
    let found = try #require(oracle.violation(of: keeping))
    #expect(found.property == "a run that is begun again has an empty memory" && found.step == 1)
  }
}

/// Memories that a process keeps, by number.
private final class Handles: Sendable {
  private let memories = Mutex<[String]>([])

  func keep(_ memory: String) -> Int {
    memories.withLock { memories in
      if let known = memories.firstIndex(of: memory) { return known }
      memories.append(memory)
      return memories.count - 1
    }
  }

  subscript(_ number: Int) -> String? {
    memories.withLock { $0.indices.contains(number) ? $0[number] : nil }
  }
}

/// An optimizer whose memory is handled wrongly, or rightly.
private struct Tampered: OptimizerSubject {
  let base: BreakableOptimizer
  /// Whether a memory that it does not know begins it anew.
  var takesAll = false
  /// Where memories stay, so that a save gives their numbers.
  var handles: Handles?
  var keepsWhenBegunAgain = false

  func begin(dimension: Int) -> any OptimizerRun {
    Run(subject: self, dimension: dimension, run: base.begin(dimension: dimension))
  }

  private struct Handle: Codable {
    let handle: Int
    let shape: [Double]
  }

  private struct Run: RestartableRun {
    let subject: Tampered
    let dimension: Int
    var run: any OptimizerRun

    mutating func step(_ parameters: inout [Double], on function: StepFunction) throws {
      try run.step(&parameters, on: function)
    }

    func save() throws -> String {
      let memory = try run.save()
      guard let handles = subject.handles else { return memory }
      let shape = [Double](repeating: 0, count: dimension)
      let data = try JSONEncoder().encode(Handle(handle: handles.keep(memory), shape: shape))
      return String(decoding: data, as: UTF8.self)
    }

    mutating func load(_ memory: String) throws {
      if let handles = subject.handles {
        let handle = try JSONDecoder().decode(Handle.self, from: Data(memory.utf8))
        guard handle.shape.count == dimension else {
          throw BreakableOptimizer.Refusal(what: "dimension")
        }
        if let kept = handles[handle.handle] {
          try run.load(kept)
        } else {
          run = subject.base.begin(dimension: dimension)
        }
        return
      }
      do {
        try run.load(memory)
      } catch DecodingError.keyNotFound where subject.takesAll {
        run = subject.base.begin(dimension: dimension)
      }
    }

    mutating func restart() throws {
      if !subject.keepsWhenBegunAgain { run = subject.base.begin(dimension: dimension) }
    }
  }
}
