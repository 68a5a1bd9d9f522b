import Oracles
import Saddle
import Testing

@Suite struct PerturbationTests {
  private static let names = ["perturbs when it is due", "draws its noise uniformly"]

  private func failures(
    _ optimizer: some Optimizer<Double>, _ law: PerturbationLaw
  ) -> [OptimizerViolation] {
    OptimizerOracle.all(for: .firstOrder).filter { Self.names.contains($0.name) }.compactMap {
      let verdict = $0.verdict(on: OptimizerInProcess(optimizer), declaring: [.perturbs(law)])
      return if case .failed(let violation) = verdict.outcome { violation } else { nil }
    }
  }

  @Test func `noise on the sphere at every step passes, and what it is not fails`() throws {
    let noisy = try NoisySGD<Double>(learningRate: 0.1, radius: 0.5)
    func law(_ scale: Double = 0.05, _ shape: PerturbationLaw.Shape = .sphere) -> PerturbationLaw {
      PerturbationLaw(rate: 0.1, scale: scale, shape: shape)
    }
    #expect(failures(noisy, law()) == [])
    // Of another length: at once, and in the second moments.
    #expect(failures(noisy, law(0.06)).map(\.step) == [1, 2000])
    // In the ball: no length tells, the second moments do.
    #expect(failures(noisy, law(0.05, .ball)).map(\.step) == [2000])
    #expect(failures(try SGD<Double>(learningRate: 0.1), law()).map(\.step) == [1, 2000])
  }

  @Test func `noise in the ball where the gradient is small, once an interval`() throws {
    let perturbed = try PerturbedGD<Double>(
      learningRate: 0.1, radius: 0.3, gradientThreshold: 0.01, interval: 7)
    func law(threshold: Double = 0.01, interval: Int = 7) -> PerturbationLaw {
      PerturbationLaw(
        rate: 0.1, scale: 0.3, shape: .ball, threshold: threshold, interval: interval)
    }
    #expect(failures(perturbed, law()) == [])
    // The first small gradient is that of step 21; the next noise is due after the interval.
    #expect(failures(perturbed, law(interval: 6)).first?.step == 28)
    #expect(failures(perturbed, law(interval: 8)).first?.step == 29)
    #expect(failures(perturbed, law(threshold: 0.1)).first?.step == 21)
    #expect(failures(try SGD<Double>(learningRate: 0.1), law()).first?.step == 21)
  }
}
