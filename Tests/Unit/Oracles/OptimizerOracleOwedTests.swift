import Oracles
import Testing
import Threads

/// Each optimizer here is broken in the way that one oracle is for.
struct OptimizerOracleOwedTests {
  typealias Memory = BreakableOptimizer.Memory

  // MARK: - Numbers that are not finite

  /// Descent that looks for what is not finite with `isFine`.
  private static func guarded(
    _ isFine: @escaping @Sendable (_ value: Double, _ g: [Double], _ step: Int) -> Bool,
    spoils: Bool = false
  ) -> BreakableOptimizer {
    BreakableOptimizer { point, function, memory in
      let (f, g) = (function.value(point), function.gradient(point))
      if spoils { memory.step += 1 }
      guard isFine(f, g, memory.step) else { throw BreakableOptimizer.Refusal(what: "not finite") }
      if !spoils { memory.step += 1 }
      for i in point.indices where g[i].isFinite { point[i] -= 0.1 * g[i] }
    }
  }

  private static let nonFinite = OptimizerOracle.named("refuses numbers that are not finite")

  @Test func `a NaN that is swallowed is found, at its step and coordinate`() throws {
    let blindToValues = try #require(
      Self.nonFinite.violation(of: Self.guarded { _, g, _ in g.allSatisfy(\.isFinite) }))
    #expect(blindToValues.step == 1 && blindToValues.coordinate == nil)
    #expect(blindToValues.detail == "the value nan was taken")

    let blindToTheLast = try #require(
      Self.nonFinite.violation(
        of: Self.guarded { f, g, _ in f.isFinite && g.dropLast().allSatisfy(\.isFinite) }))
    #expect(blindToTheLast.step == 1 && blindToTheLast.coordinate == 2)

    let blindToInfinity = try #require(
      Self.nonFinite.violation(
        of: Self.guarded { f, g, _ in !f.isNaN && !g.contains(where: \.isNaN) }))
    #expect(blindToInfinity.step == 1 && blindToInfinity.got == .infinity)

    let blindLater = try #require(
      Self.nonFinite.violation(
        of: Self.guarded { f, g, step in step > 0 || (f.isFinite && g.allSatisfy(\.isFinite)) }))
    #expect(blindLater.step == 4)
  }

  @Test func `a refusal that changes memory or parameters is found`() throws {
    let counted = try #require(
      Self.nonFinite.violation(
        of: Self.guarded({ f, g, _ in f.isFinite && g.allSatisfy(\.isFinite) }, spoils: true)))
    #expect(counted.property == "a refused step leaves everything as it was")
    #expect(counted.step == 1)
    let moved = BreakableOptimizer { point, function, memory in
      let g = function.gradient(point)
      memory.step += 1
      for i in point.indices {
        guard function.value(point).isFinite, g[i].isFinite else {
          memory.step -= 1
          throw BreakableOptimizer.Refusal(what: "not finite")
        }
        point[i] -= 0.1 * g[i]
      }
    }
    let violation = try #require(Self.nonFinite.violation(of: moved))
    // A flaw at coordinate 0 is refused in time; at a later one those before it have moved.
    #expect(violation.step == 1 && [0, 1].contains(violation.coordinate))
    #expect(violation.detail.hasPrefix("a gradient with nan at coordinate "))
  }

  // MARK: - Repetition

  @Test func `steps that differ from run to run are found`() throws {
    let calls = CallCount()
    let unstable = BreakableOptimizer.firstOrder { g, _, memory in
      // Another order of summation at every call.
      let turn = calls.next() % g.count
      let sum = (0..<g.count).reduce(0.0) { $0 + g[($1 + turn) % g.count] }
      return g.map { _ in -0.1 * sum }
    }
    let violation = try #require(
      OptimizerOracle.named("repeats itself").violation(of: unstable))
    #expect(violation.step != nil && violation.coordinate != nil)
  }

  @Test func `memory that runs share is found where their steps take turns`() throws {
    let shared = SharedVelocity()
    let heavyBall = BreakableOptimizer.firstOrder { g, _, memory in
      shared.rolled(g, isFirst: memory.step == 0).map { -0.05 * $0 }
    }
    // Each run begins with a fresh velocity, so that runs one after the other go right.
    #expect(OptimizerOracle.named("repeats itself").violation(of: heavyBall) == nil)
    let violation = try #require(
      OptimizerOracle.named("keeps runs apart").violation(of: heavyBall))
    #expect(violation.step == 2 && violation.coordinate == 0)
    #expect(violation.detail == "the first of two runs that take turns")
  }

  // MARK: - Checkpoints

  private static let resumable = OptimizerOracle.named("saves and loads")

  @Test func `state that is lost in a save is found at the step after it`() throws {
    var forgetful = BreakableOptimizer.heavyBall()
    forgetful.saved = { Memory(step: $0.step) }
    let lost = try #require(Self.resumable.violation(of: forgetful))
    #expect(lost.step == 2 && lost.coordinate != nil)

    var rounded = BreakableOptimizer.heavyBall()
    rounded.saved = { memory in
      Memory(
        step: memory.step,
        vectors: memory.vectors.mapValues { $0.map { Double(Float($0)) } })
    }
    #expect(try #require(Self.resumable.violation(of: rounded)).step == 2)

    var countless = BreakableOptimizer.adam(0.1, 0.5, 0.9, decays: true)
    countless.saved = { Memory(step: 0, vectors: $0.vectors) }
    #expect(try #require(Self.resumable.violation(of: countless)).step == 2)
  }

  @Test func `a load that keeps what was there is found`() throws {
    var merging = BreakableOptimizer.heavyBall()
    merging.merges = true
    let violation = try #require(Self.resumable.violation(of: merging))
    #expect(violation.step == 0 || violation.detail.contains("elsewhere"), "\(violation)")
  }

  @Test func `a memory that is saved otherwise than it was loaded is found`() throws {
    let calls = CallCount()
    var counting = BreakableOptimizer.heavyBall()
    counting.saved = { memory in
      // What no step reads, so that every path is right.
      var memory = memory
      memory.vectors["saves"] = [Double](repeating: Double(calls.next()), count: 4)
      return memory
    }
    let violation = try #require(Self.resumable.violation(of: counting))
    #expect(violation.property == "what is loaded is saved as the same")
  }

  @Test func `memory that a run leaves to the next begun is found`() throws {
    let shared = SharedVelocity()
    // Only what takes its first step right after another run's feels it.
    let heir = BreakableOptimizer.firstOrder { g, _, memory in
      let steps = shared.stepsBefore(isFirst: memory.step == 0)
      return g.map { -0.1 * $0 * (memory.step == 0 && steps == 1 ? 1.5 : 1) }
    }
    let violation = try #require(OptimizerOracle.named("keeps runs apart").violation(of: heir))
    #expect(violation.step == 1 && violation.detail == "the second of two runs that take turns")
  }

  @Test func `a foreign memory that is taken is found`() throws {
    var hospitable = BreakableOptimizer.heavyBall()
    hospitable.accepts = { _, _ in true }
    let foreign = try #require(Self.resumable.violation(of: hospitable))
    #expect(foreign.detail.contains("a memory of another dimension was loaded"))

    var forgiving = BreakableOptimizer.heavyBall()
    forgiving.fallback = Memory()
    let rubbish = try #require(Self.resumable.violation(of: forgiving))
    #expect(rubbish.detail.contains("text that is no JSON was loaded"))
  }

  // MARK: - First steps

  @Test func `a move at zero gradient is found unless it is declared`() throws {
    let rest = OptimizerOracle.named("rests where the gradient is zero")
    let decaying = BreakableOptimizer.firstOrder { g, point, _ in
      g.indices.map { -0.1 * g[$0] - ($0 == 1 ? 1e-9 * point[$0] : 0) }
    }
    let violation = try #require(rest.violation(of: decaying))
    #expect(violation.step == 1 && violation.coordinate == 1)
    #expect(rest.violation(of: decaying, declaring: [.movesAtZeroGradient]) == nil)
    #expect(rest.violation(of: decaying, declaring: [.noisy]) == nil)

    let normalized = BreakableOptimizer.firstOrder { g, _, _ in
      let length = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return g.map { -0.1 * $0 / length }
    }
    let divided = try #require(
      rest.violation(of: normalized, declaring: [.movesAtZeroGradient]))
    #expect(divided.detail == "the point is not finite" && divided.step == 1)
  }

  @Test func `a first step uphill is found at any size`() throws {
    let downhill = OptimizerOracle.named("begins downhill")
    for limit in [0, 1e20] {
      let uphill = BreakableOptimizer.firstOrder { g, _, _ in
        g.map { $0.magnitude > limit ? 1e-3 * $0 : -1e-3 * $0 }
      }
      #expect(try #require(downhill.violation(of: uphill)).step == 1)
      #expect(
        downhill.verdict(on: uphill, declaring: [.noisy], seed: 1).outcome == .notDeclared)
    }
    let still = BreakableOptimizer.firstOrder { g, _, _ in g.map { _ in 0 } }
    #expect(downhill.violation(of: still) != nil)
  }

  @Test func `overflow and cancellation are found`() throws {
    let sizes = OptimizerOracle.named("takes gradients of every size")
    let overflowing = BreakableOptimizer.firstOrder { g, _, _ in
      let fourth = g.reduce(0) { $0 + $1 * $1 * $1 * $1 }
      return g.map { -$0 / (1 + fourth) * (fourth + 1) }
    }
    #expect(try #require(sizes.violation(of: overflowing)).coordinate != nil)
    // Centred squares with a variance that rounding makes negative.
    let centred = BreakableOptimizer.firstOrder { g, _, memory in
      var (m, v) = (memory["m", g.count], memory["v", g.count])
      for i in g.indices {
        m[i] = 0.9 * m[i] + 0.1 * g[i]
        v[i] = 0.9 * v[i] + 0.1 * g[i] * g[i]
      }
      (memory["m", g.count], memory["v", g.count]) = (m, v)
      return g.indices.map { -0.1 * g[$0] / ((v[$0] - 4 * m[$0] * m[$0]).squareRoot() + 1e-8) }
    }
    #expect(sizes.violation(of: centred) != nil)
  }

  // MARK: - Problems

  @Test func `a step that depends on the value is found`() throws {
    let polyak = BreakableOptimizer { point, function, memory in
      let (f, g) = (function.value(point), function.gradient(point))
      guard f.isFinite, g.allSatisfy(\.isFinite) else {
        throw BreakableOptimizer.Refusal(what: "not finite")
      }
      for i in point.indices { point[i] -= 1e-3 * f * g[i] }
    }
    let violation = try #require(
      OptimizerOracle.named("does not feel a constant").violation(of: polyak))
    #expect(violation.step == 1 && violation.coordinate == 0)
    let searching = try #require(
      OptimizerOracle.named("does not feel a constant", .lineSearch).violation(of: polyak))
    #expect(searching.step == 1 && searching.ratio > 1e3)
  }

  @Test func `a reach for other coordinates, or the last run's dimension, is found`() throws {
    let dimensions = OptimizerOracle.named("works in any dimension")
    let reaching = BreakableOptimizer.firstOrder { g, _, _ in
      g.indices.map { g.count > 1 ? -0.1 * g[$0] * g[($0 + 1) % g.count].magnitude : 0 }
    }
    let alone = try #require(dimensions.violation(of: reaching))
    #expect(alone.detail.hasPrefix("a coordinate of 1 never moved"), "\(alone.detail)")

    let shared = SharedVelocity()
    let remembering = BreakableOptimizer.firstOrder { g, _, memory in
      let previous = shared.previousCount(g.count, isFirst: memory.step == 0)
      return g.map { -0.1 * $0 / Double(previous + 1) }
    }
    let trace = try #require(dimensions.violation(of: remembering))
    #expect(trace.step == 1 && trace.detail == "1 coordinates")
  }

  @Test func `what never moves, or never falls, is found`() throws {
    let moves = OptimizerOracle.named("gets on")
    let still = BreakableOptimizer.firstOrder { g, _, _ in g.map { _ in 0 } }
    #expect(try #require(moves.violation(of: still)).property == "it moves")
    let rising = BreakableOptimizer.firstOrder { g, _, _ in g.map { 1e-3 * $0 } }
    let violation = try #require(moves.violation(of: rising))
    #expect(violation.property == "its values fall on some quadratic")
    for rate in [1e-6, 1e-3, 0.5, 100] {
      #expect(moves.violation(of: BreakableOptimizer.descent(rate)) == nil)
      #expect(moves.violation(of: BreakableOptimizer.signs(rate)) == nil)
    }
  }

  @Test(arguments: [1, 3])
  func `what knows more than its gradients is too fast`(first: Int) throws {
    let minimizer = NesterovTridiagonal(dimension: 31).minimizer
    let knowing = BreakableOptimizer.firstOrder { g, point, memory in
      g.indices.map {
        memory.step + 1 < first ? -0.01 * g[$0] : 0.9 * (minimizer[$0 % 31] - point[$0])
      }
    }
    let oracle = OptimizerOracle.named("is not impossibly fast")
    let violation = try #require(
      oracle.violation(of: knowing, declaring: [.rotationEquivariant]))
    #expect(violation.step == first && violation.ratio > 1)
    #expect(oracle.verdict(on: knowing, declaring: []).outcome == .notDeclared)
  }
}

/// Counts calls over all runs.
private final class CallCount: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

/// A memory that all runs of an optimizer share.
private final class SharedVelocity: Sendable {
  private let velocity = Mutex<[Double]>([])
  private let counts = Mutex<(previous: Int, current: Int)>((0, 0))

  func rolled(_ g: [Double], isFirst: Bool) -> [Double] {
    velocity.withLock { v in
      v = isFirst || v.count != g.count ? g : g.indices.map { 0.9 * v[$0] + g[$0] }
      return v
    }
  }

  /// How many steps were taken since the last first one.
  func stepsBefore(isFirst: Bool) -> Int {
    counts.withLock { counts in
      let before = counts.current
      counts.current = isFirst ? 1 : counts.current + 1
      return before
    }
  }

  func previousCount(_ count: Int, isFirst: Bool) -> Int {
    counts.withLock { counts in
      if isFirst { counts = (counts.current, count) }
      return counts.previous
    }
  }
}
