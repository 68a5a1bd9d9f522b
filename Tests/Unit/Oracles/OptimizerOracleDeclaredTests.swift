import Oracles
import Testing

/// Each declaration is kept by one optimizer here and broken by others.
struct OptimizerOracleDeclaredTests {
  /// The violation of a law by an optimizer that declares one thing.
  private func violation(
    _ name: String, _ subject: BreakableOptimizer, _ declaration: OptimizerDeclaration,
    kind: OptimizerOracle.Kind = .firstOrder, seed: UInt64 = 1
  ) -> OptimizerViolation? {
    OptimizerOracle.named(name, kind).violation(
      of: subject, declaring: [declaration], seed: seed)
  }

  // MARK: - References

  /// η Σ_t Σ_{k ≤ t} μ^(t−k)·g_k, unrolled.
  private static let heavyBall = ReferenceRule { history in
    history.start.indices.map { i in
      var θ = history.start[i]
      for t in history.gradients.indices {
        var factor = 1.0
        for k in (0...t).reversed() {
          θ -= 0.05 * factor * history.gradients[k][i]
          factor *= 0.9
        }
      }
      return θ
    }
  }

  @Test(arguments: [1, 2, 3])
  func `a reference is followed, and a slip is told by step and coordinate`(seed: UInt64) throws {
    let name = "follows its reference rule"
    let declared = OptimizerDeclaration.reference(Self.heavyBall)
    #expect(violation(name, .heavyBall(), declared, seed: seed) == nil)
    for (step, coordinate, size) in [(1, 0, 1e-8), (17, 3, 1e-8), (40, 5, 1e-8)] {
      let slipping = BreakableOptimizer.firstOrder { g, _, memory in
        var v = memory["v", g.count]
        for i in g.indices { v[i] = 0.9 * v[i] + g[i] }
        memory["v", g.count] = v
        var change = v.map { -0.05 * $0 }
        if memory.step == step - 1 {
          change[coordinate] += size * (1 + change[coordinate].magnitude)
        }
        return change
      }
      let found = try #require(violation(name, slipping, declared, seed: seed))
      #expect(found.step == step && found.coordinate == coordinate, "\(found)")
    }
    #expect(violation(name, .heavyBall(0.05, 0.9 + 1e-8), declared, seed: seed) != nil)
    var forgetful = BreakableOptimizer.heavyBall()
    forgetful.saved = { BreakableOptimizer.Memory(step: $0.step) }
    let lost = try #require(violation(name, forgetful, declared, seed: seed))
    let step = try #require(lost.step)
    #expect(lost.detail.hasSuffix("saved and reloaded after step \(step - 1)"), "\(lost.detail)")
  }

  @Test func `a law of gradients alone cannot be declared of a line search`() throws {
    for (name, declaration) in [
      ("follows its reference rule", OptimizerDeclaration.reference(Self.heavyBall)),
      ("keeps its step bound", .stepBound(name: "bound") { _ in 1 }),
    ] {
      let found = try #require(violation(name, .armijo, declaration, kind: .lineSearch))
      #expect(found.detail.contains("lineSearch"))
    }
  }

  @Test func `a step bound is kept, and one too tight is not`() throws {
    let name = "keeps its step bound"
    let (β1, β2) = (0.9, 0.99)
    let adam = BreakableOptimizer.adam(0.1, β1, β2, epsilon: 1e-12)
    // By Cauchy and Schwarz: |m| = (1 − β₁)|Σ β₁ᵏg| against √v = √((1 − β₂) Σ β₂ᵏg²). One jump
    // after rest attains the first factor, a growing row of them most of the second.
    let jump = 0.1 * (1 - β1) / (1 - β2).squareRoot()
    let supremum = jump / (1 - β1 * β1 / β2).squareRoot()
    #expect(violation(name, adam, .stepBound(name: "sup") { _ in supremum }) == nil)
    let tight = try #require(
      violation(name, adam, .stepBound(name: "sup") { _ in 0.9 * supremum }))
    #expect(tight.ratio > 1 && tight.ratio < 1 / 0.9 && tight.property == "sup")
    #expect(violation(name, adam, .stepBound(name: "one jump's") { _ in jump }) != nil)
    #expect(violation(name, .signs(0.05), .stepBound(name: "η") { _ in 0.05 }) == nil)
    #expect(violation(name, .signs(0.05), .stepBound(name: "η") { _ in 0.05 - 1e-9 }) != nil)
  }

  // MARK: - Closed forms

  @Test func `a known path is taken, and left where it is left`() throws {
    let name = "takes its known paths"
    let path = KnownPath(
      name: "(1 − ηλ)^t", start: [1, -2], steps: 30,
      function: { _ in .quadratic(curvatures: [1, 4], center: [0, 0]) },
      position: { t in
        [0.95, 0.8].enumerated().map { i, factor in
          (0..<t).reduce([1, -2][i]) { x, _ in x * factor }
        }
      },
      tolerance: 1e-14, why: "thirty products")
    #expect(violation(name, .descent(0.05), .knownPath(path)) == nil)
    let found = try #require(violation(name, .descent(0.05 + 1e-9), .knownPath(path)))
    #expect(found.step == 1 && found.coordinate == 1 && found.property == "(1 − ηλ)^t")
  }

  // κ = 100 with L = 1: every factor from the closed forms.
  @Test func `tuned methods contract at their rates`() {
    let name = "contracts at its rate"
    let curvatures = [1, 0.3, 0.1, 0.02, 0.01]
    let η = 4 / (1.1 * 1.1)
    let μ = (9.0 / 11) * (9.0 / 11)
    #expect(
      violation(
        name, .heavyBall(η, μ), .contraction(curvatures: curvatures, factor: 9.0 / 11)) == nil)
    #expect(
      violation(name, .descent(1), .contraction(curvatures: curvatures, factor: 0.99)) == nil)
    #expect(
      violation(
        name, .descent(2 / 1.01), .contraction(curvatures: curvatures, factor: 0.99 / 1.01))
        == nil)
    let root = 301.0.squareRoot()
    #expect(
      violation(
        name, Self.nesterov(4 / 3.01, (root - 2) / (root + 2)),
        .contraction(curvatures: curvatures, factor: 1 - 2 / root)) == nil)
    #expect(
      violation(
        name, Self.nesterov(1, 9.0 / 11), .contraction(curvatures: curvatures, factor: 0.9))
        == nil)
  }

  /// v ← μv + g, θ ← θ − η(g + μv).
  private static func nesterov(_ rate: Double, _ momentum: Double) -> BreakableOptimizer {
    .firstOrder { g, _, memory in
      var v = memory["v", g.count]
      for i in g.indices { v[i] = momentum * v[i] + g[i] }
      memory["v", g.count] = v
      return g.indices.map { -rate * (g[$0] + momentum * v[$0]) }
    }
  }

  @Test func `a rate that is off by 2e-6, and what is no linear method, are found`() throws {
    let name = "contracts at its rate"
    let off = try #require(
      violation(
        name, .descent(0.1), .contraction(curvatures: [1, 5], factor: 0.9 + 2e-6)))
    #expect(off.ratio > 1 && off.ratio < 3)
    let nonlinear = try #require(
      violation(name, .signs(0.3), .contraction(curvatures: [1, 5], factor: 0.9)))
    #expect(nonlinear.property.contains("two-term recurrence"))
    // Friction that grows with time follows no recurrence of constant coefficients.
    let aging = BreakableOptimizer.firstOrder { g, _, memory in
      g.map { -0.1 * $0 * (1 + 1e-4 * Double(memory.step)) }
    }
    #expect(
      violation(name, aging, .contraction(curvatures: [1, 5], factor: 0.9)) != nil)
  }

  /// ½x² − ½γy², with its saddle at the origin.
  private static func saddle(_ γ: Double) -> Landscape {
    Landscape(
      name: "saddle of curvature −\(γ)", dimension: 2,
      value: { 0.5 * $0[0] * $0[0] - 0.5 * γ * $0[1] * $0[1] }, gradient: { [$0[0], -γ * $0[1]] },
      hessian: { _ in [[1, 0], [0, -γ]] },
      criticalPoints: [CriticalPoint(location: [0, 0], index: 1, value: 0)],
      hasAllCriticalPoints: true)
  }

  private static func promise(
    _ landscape: Landscape, from y: Double = 1e-6, radius: Double = 1, _ steps: EscapePromise.Steps
  ) -> OptimizerDeclaration {
    .escape(
      EscapePromise(
        name: "descent leaves", landscape: landscape, saddle: [0, 0], start: [0, y],
        radius: radius, steps: steps))
  }

  // ⌈ln(1e6)/ln(1 + ηγ)⌉ for η = 0.1.
  @Test(arguments: [(1.0, 145), (0.01, 13823)])
  func `descent leaves a strict saddle after an exact number of steps`(
    γ: Double, steps: Int
  ) throws {
    let name = "leaves saddles as it says"
    let saddle = Self.saddle(γ)
    #expect(violation(name, .descent(0.1), Self.promise(saddle, .exactly(steps))) == nil)
    #expect(violation(name, .descent(0.1), Self.promise(saddle, .within(steps))) == nil)
    #expect(violation(name, .descent(0.1), Self.promise(saddle, .notWithin(steps - 1))) == nil)
    let late = try #require(
      violation(name, .descent(0.1), Self.promise(saddle, .exactly(steps - 1))))
    #expect(late.step == steps - 1 && late.detail.contains("still inside"))
    let early = try #require(
      violation(name, .descent(0.1), Self.promise(saddle, .exactly(steps + 1))))
    #expect(early.step == steps && early.detail.contains("too early"))
    #expect(violation(name, .descent(0.1), Self.promise(saddle, .within(steps - 1))) != nil)
    #expect(violation(name, .descent(0.1), Self.promise(saddle, .notWithin(steps))) != nil)
  }

  @Test func `descent stays on a saddle, and leaves a degenerate one slowly`() throws {
    let name = "leaves saddles as it says"
    #expect(
      violation(name, .descent(0.1), Self.promise(Self.saddle(1), from: 0, .notWithin(500))) == nil)
    // y ← y + 4ηy³ from 0.1 to 0.5, counted here.
    var (y, steps) = (0.1, 0)
    while y < 0.5 {
      y += 0.4 * y * y * y
      steps += 1
    }
    #expect(steps > 100)
    let exact = Self.promise(.flatSaddle, from: 0.1, radius: 0.5, .exactly(steps))
    #expect(violation(name, .descent(0.1), exact) == nil)
    #expect(violation(name, .descent(0.101), exact) != nil)
  }

  @Test func `published failures happen to the rules they are of, and to no other`() throws {
    let name = "fails as published"
    let cycle = OptimizerDeclaration.publishedFailure(.heavyBallCycle)
    #expect(violation(name, .heavyBall(1.0 / 9, 4.0 / 9), cycle) == nil)
    #expect(try #require(violation(name, .heavyBall(1.0 / 9, 0.4), cycle)).step == 298)
    #expect(violation(name, Self.nesterov(1.0 / 9, 4.0 / 9), cycle) != nil)
    let diverges = OptimizerDeclaration.publishedFailure(.adamDiverges)
    let converges = OptimizerDeclaration.publishedFailure(.amsgradConverges)
    let adam = BreakableOptimizer.adam(0.5, 0, 1.0 / 17, decays: true)
    let amsgrad = BreakableOptimizer.adam(0.5, 0, 1.0 / 17, keepsLargest: true, decays: true)
    #expect(violation(name, adam, diverges) == nil)
    #expect(violation(name, amsgrad, converges) == nil)
    #expect(violation(name, adam, converges) != nil)
    #expect(violation(name, amsgrad, diverges) != nil)
  }

  // MARK: - Invariances

  @Test(arguments: [1, 2, 3])
  func `false claims about invariances are found, both ways`(seed: UInt64) throws {
    func found(_ subject: BreakableOptimizer, _ declaration: OptimizerDeclaration) -> String? {
      for invariance in Invariance.allCases {
        if let violation = violation(
          "follows \(invariance.rawValue) or not, as it says", subject, declaration, seed: seed)
        {
          return violation.property
        }
      }
      return nil
    }
    let adam = BreakableOptimizer.adam(1e-3, 0.9, 0.999)
    #expect(found(adam, .holds(.rotation)) == "it follows rotation")
    #expect(found(adam, .holds(.gradientScale)) == "it follows gradientScale")
    #expect(found(.signs(1e-4), .holds(.rotation)) == "it follows rotation")
    #expect(found(.descent(1e-4), .holds(.affine)) == "it follows affine")
    #expect(found(.descent(1e-4), .holds(.gradientScale)) == "it follows gradientScale")
    let decaying = BreakableOptimizer.firstOrder { g, point, _ in
      g.indices.map { -1e-3 * (g[$0] + 1e-4 * point[$0]) }
    }
    #expect(found(decaying, .holds(.translation)) == "it follows translation")
    #expect(found(decaying, .holds(.rotation)) == nil)
    let uneven = BreakableOptimizer.firstOrder { g, _, _ in
      g.indices.map { -1e-3 * (1 + 1e-6 * Double($0)) * g[$0] }
    }
    #expect(found(uneven, .holds(.permutation)) == "it follows permutation")
    #expect(found(uneven, .holds(.rotation)) == "it follows rotation")

    for (subject, kept) in [
      (BreakableOptimizer.descent(0.05), Invariance.rotation), (.descent(0.05), .translation),
      (.descent(0.05), .permutation), (.signs(), .gradientScale), (.signs(), .permutation),
      (.heavyBall(), .rotation),
    ] {
      #expect(found(subject, .holds(kept)) == nil)
      #expect(
        found(subject, .breaks(kept))
          == "it follows \(kept.rawValue) though it says it does not")
    }
  }

  @Test func `an affine method is told from one that is nearly so`() throws {
    let name = "follows affine or not, as it says"
    let damped = BreakableOptimizer { point, function, memory in
      let inner = StepFunction(
        value: function.value, gradient: function.gradient,
        hessianVectorProduct: { x, v in
          let product = function.hessianVectorProduct(x, v)
          return v.indices.map { product[$0] + 1e-5 * v[$0] }
        })
      try BreakableOptimizer.newton.rule(&point, inner, &memory)
    }
    #expect(violation(name, .newton, .holds(.affine), kind: .secondOrder) == nil)
    #expect(violation(name, .newton, .breaks(.affine), kind: .secondOrder) != nil)
    #expect(violation(name, damped, .holds(.affine), kind: .secondOrder) != nil)
    #expect(violation(name, damped, .breaks(.affine), kind: .secondOrder) == nil)
  }

  // MARK: - Hyperparameters and processes

  @Test func `a hyperparameter that is taken, or refused without its name, is found`() throws {
    let name = "refuses invalid hyperparameters"
    func refuses(_ attempt: @escaping @Sendable () throws -> Void) -> OptimizerViolation? {
      violation(
        name, .descent(), .refuses(InvalidHyperparameter("beta1", 1, attempt: attempt)))
    }
    #expect(refuses { throw BreakableOptimizer.Refusal(what: "beta1 = 1") } == nil)
    #expect(try #require(refuses {}).detail == "taken: beta1 = 1.0")
    let nameless = try #require(refuses { throw BreakableOptimizer.Refusal(what: "invalid") })
    #expect(nameless.detail.contains("names it not"))
  }

  @Test func `every hyperparameter that is taken is named, whatever else is wrong`() throws {
    let oracle = OptimizerOracle.named("refuses invalid hyperparameters")
    func invalid(
      _ name: String, _ value: Double, _ attempt: @escaping @Sendable () throws -> Void = {}
    ) -> OptimizerDeclaration {
      .refuses(InvalidHyperparameter(name, value, attempt: attempt))
    }
    let declared = [
      invalid("beta1", 1) { throw BreakableOptimizer.Refusal(what: "beta1 = 1") }, invalid("lr", 0),
      invalid("eps", .infinity),
    ]
    let violation = try #require(throws: OptimizerViolation.self) {
      try oracle.check(BreakableOptimizer.descent(), declaring: declared)
    }
    #expect(violation.detail == "taken: lr = 0.0, eps = inf")
    #expect(violation.property == "lr = 0.0 is refused by name" && violation.got == 0)
    #expect(violation.ratio == .infinity)
    let nameless = invalid("beta2", 1) { throw BreakableOptimizer.Refusal(what: "invalid") }
    let both = try #require(throws: OptimizerViolation.self) {
      try oracle.check(BreakableOptimizer.descent(), declaring: [nameless] + declared)
    }
    #expect(both.property == "beta2 = 1.0 is refused by name")
    #expect(both.detail.hasPrefix("taken: lr = 0.0, eps = inf; the error names it not"))
  }

  @Test func `a process that differs in one bit, or in its memory, is found`() throws {
    let name = "is the same in another process"
    #expect(violation(name, .heavyBall(), .anotherProcess(BreakableOptimizer.heavyBall())) == nil)
    let other = BreakableOptimizer.heavyBall((0.05).nextUp)
    #expect(violation(name, .heavyBall(), .anotherProcess(other))?.step != nil)
    var unsaved = BreakableOptimizer.heavyBall()
    unsaved.saved = { BreakableOptimizer.Memory(step: $0.step) }
    let memory = try #require(violation(name, .heavyBall(), .anotherProcess(unsaved)))
    #expect(memory.detail.contains("memory"))
  }
}
