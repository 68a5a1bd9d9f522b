import Oracles
import Saddle
import SaddleOracles
import Testing

@Suite struct PerturbationTests {
  private static let due = "perturbs when it is due"
  private static let lengths = "draws noise of the right lengths"
  private static let anew = "draws each noise anew"
  private static let seeds = "draws other noise from another seed"
  private static let names = [
    due, lengths, "draws noise of the right moments", "draws noise of the right projections",
    "draws its noise evenly", anew, "draws no noise twice", "draws noise apart from the gradient",
    seeds,
  ]

  private func failures(
    _ subject: any OptimizerSubject, _ declarations: [OptimizerDeclaration]
  ) -> [String: OptimizerViolation] {
    let found: [(String, OptimizerViolation)] = Self.names.compactMap { name in
      OptimizerOracle.named(name).violation(of: subject, declaring: declarations).map { (name, $0) }
    }
    return Dictionary(uniqueKeysWithValues: found)
  }

  private func failures(
    _ optimizer: some Optimizer<Double>, _ law: PerturbationLaw
  ) -> [String: OptimizerViolation] {
    failures(OptimizerInProcess(optimizer), [.perturbs(law)])
  }

  @Test func `noise on the sphere at every step passes, and what it is not fails`() throws {
    let noisy = try NoisySGD<Double>(learningRate: 0.1, radius: 0.5)
    func law(_ scale: Double = 0.05, _ shape: PerturbationLaw.Shape = .sphere) -> PerturbationLaw {
      PerturbationLaw(rate: 0.1, scale: scale, shape: shape)
    }
    #expect(failures(noisy, law()).isEmpty)
    // Of another length: at the first step already.
    let short = failures(noisy, law(0.06))
    #expect(short.keys.contains(Self.due) && short.keys.contains(Self.lengths))
    #expect(short[Self.due]?.step == 1)
    // Where the ball is promised, no single length tells.
    let ball = failures(noisy, law(0.05, .ball))
    #expect(ball.keys.contains(Self.lengths) && !ball.keys.contains(Self.due))
    // No noise at all has neither a length nor a direction.
    let none = failures(try SGD<Double>(learningRate: 0.1), law())
    #expect(none.keys.contains(Self.lengths) && none.keys.contains(Self.due))
    #expect(none.count >= 5)
  }

  @Test func `noise in the ball where the gradient is small, once an interval`() throws {
    let perturbed = try PerturbedGD<Double>(
      learningRate: 0.1, radius: 0.3, gradientThreshold: 0.01, interval: 7)
    func law(threshold: Double = 0.01, interval: Int = 7) -> PerturbationLaw {
      PerturbationLaw(
        rate: 0.1, scale: 0.3, shape: .ball, threshold: threshold, interval: interval)
    }
    #expect(failures(perturbed, law()).isEmpty)
    func step(_ optimizer: some Optimizer<Double>, _ law: PerturbationLaw) -> Int? {
      OptimizerOracle.named(Self.due).violation(
        of: OptimizerInProcess(optimizer), declaring: [.perturbs(law)])?.step
    }
    // The first small gradient is that of step 21; the next noise is due after the interval.
    #expect(step(perturbed, law(interval: 6)) == 28)
    #expect(step(perturbed, law(interval: 8)) == 29)
    #expect(step(perturbed, law(threshold: 0.1)) == 21)
    #expect(step(try SGD<Double>(learningRate: 0.1), law()) == 21)
  }

  @Test func `single precision that is declared is no fault of the noise`() throws {
    let rounded = BreakableOptimizer { point, function, memory in
      let g = function.gradient(point)
      var generator = SplitMix64(seed: UInt64(memory.step) &* 7919)
      memory.step += 1
      let ξ = Draw.direction(point.count, using: &generator)
      point = point.indices.map { Double(Float(point[$0] - 0.1 * (g[$0] + ξ[$0]))) }
    }
    let law = OptimizerDeclaration.perturbs(PerturbationLaw(rate: 0.1, scale: 0.1, shape: .sphere))
    #expect(failures(rounded, [law]).keys.contains(Self.due))
    #expect(failures(rounded, [law, .precision(.single)]).isEmpty)
  }

  @Test func `seeds that draw the same noise, now or a step later, are found`() throws {
    let law = OptimizerDeclaration.perturbs(PerturbationLaw(rate: 1, scale: 1, shape: .sphere))
    // The noise of step t from seed s is that of `stream`(s, t).
    @Sendable func noisy(
      _ seed: UInt64, _ stream: @escaping @Sendable (_ seed: UInt64, _ step: UInt64) -> UInt64
    ) -> BreakableOptimizer {
      .firstOrder { g, _, memory in
        var generator = SplitMix64(seed: stream(seed, UInt64(memory.step)))
        let ξ = Draw.direction(g.count, using: &generator)
        return zip(g, ξ).map { -$0 - $1 }
      }
    }
    func finds(_ stream: @escaping @Sendable (UInt64, UInt64) -> UInt64) -> Bool {
      let subject = noisy(1, stream)
      return failures(subject, [law, .seeded { noisy($0, stream) }]).keys.contains(Self.seeds)
    }
    #expect(!finds { seed, step in 1_000_003 * seed + 7919 * step })
    #expect(finds { _, step in 7919 * step })
    #expect(finds { seed, step in 7919 * (seed + step) })
    // A seed that is refused is a failure, not silence.
    let refusing: [OptimizerDeclaration] = [
      law, .seeded { _ in throw BreakableOptimizer.Refusal(what: "seed") },
    ]
    let violation = OptimizerOracle.named(Self.seeds).violation(
      of: BreakableOptimizer.descent(), declaring: refusing)
    #expect(violation?.detail.contains("seed 1") == true)
  }

  @Test func `a violation says which test it was, and how surely`() throws {
    let axes = BreakableOptimizer.firstOrder { g, _, memory in
      var generator = SplitMix64(seed: UInt64(memory.step) &* 7919)
      let axis = Draw.integer(below: g.count, using: &generator)
      let ξ = Draw.sign(using: &generator)
      return g.indices.map { -g[$0] - ($0 == axis ? ξ : 0) }
    }
    let law = OptimizerDeclaration.perturbs(PerturbationLaw(rate: 1, scale: 1, shape: .sphere))
    let found = failures(axes, [law])
    #expect(!found.keys.contains(Self.due) && !found.keys.contains(Self.lengths))
    let violation = try #require(found["draws noise of the right projections"])
    #expect(violation.detail.hasPrefix("along coordinate"))
    #expect(violation.detail.contains("p ≤ 1e-") && violation.ratio > 10)
  }
}
