import Oracles
import Saddle
import SaddleOracles
import Testing

@Suite struct PerturbationTests {
  private static let names = [
    "perturbs when it is due", "draws noise of mean zero", "draws each noise anew",
    "draws its noise evenly", "draws noise of the right lengths",
  ]

  private func failures(
    _ optimizer: some Optimizer<Double>, _ law: PerturbationLaw
  ) -> [String: OptimizerViolation] {
    let found: [(String, OptimizerViolation)] = OptimizerOracle.all(for: .firstOrder).filter {
      Self.names.contains($0.name)
    }.compactMap {
      let verdict = $0.verdict(on: OptimizerInProcess(optimizer), declaring: [.perturbs(law)])
      return if case .failed(let violation) = verdict.outcome { ($0.name, violation) } else { nil }
    }
    return Dictionary(uniqueKeysWithValues: found)
  }

  @Test func `noise on the sphere at every step passes, and what it is not fails`() throws {
    let noisy = try NoisySGD<Double>(learningRate: 0.1, radius: 0.5)
    func law(_ scale: Double = 0.05, _ shape: PerturbationLaw.Shape = .sphere) -> PerturbationLaw {
      PerturbationLaw(rate: 0.1, scale: scale, shape: shape)
    }
    #expect(failures(noisy, law()).isEmpty)
    // Of another length: at the first step, and in the second moments.
    let short = failures(noisy, law(0.06))
    #expect(
      Set(short.keys) == [
        "perturbs when it is due", "draws its noise evenly", "draws noise of the right lengths",
      ])
    #expect(short["perturbs when it is due"]?.step == 1)
    // Where the ball is promised, no single length tells.
    #expect(
      Set(failures(noisy, law(0.05, .ball)).keys)
        == ["draws its noise evenly", "draws noise of the right lengths"])
    #expect(failures(try SGD<Double>(learningRate: 0.1), law()).count == 3)
  }

  @Test func `noise in the ball where the gradient is small, once an interval`() throws {
    let perturbed = try PerturbedGD<Double>(
      learningRate: 0.1, radius: 0.3, gradientThreshold: 0.01, interval: 7)
    func law(threshold: Double = 0.01, interval: Int = 7) -> PerturbationLaw {
      PerturbationLaw(
        rate: 0.1, scale: 0.3, shape: .ball, threshold: threshold, interval: interval)
    }
    #expect(failures(perturbed, law()).isEmpty)
    // The first small gradient is that of step 21; the next noise is due after the interval.
    #expect(failures(perturbed, law(interval: 6))["perturbs when it is due"]?.step == 28)
    #expect(failures(perturbed, law(interval: 8))["perturbs when it is due"]?.step == 29)
    #expect(failures(perturbed, law(threshold: 0.1))["perturbs when it is due"]?.step == 21)
    #expect(
      failures(try SGD<Double>(learningRate: 0.1), law())["perturbs when it is due"]?.step == 21)
  }
}
