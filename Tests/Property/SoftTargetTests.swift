import Oracles
import Saddle
import Support
import Testing

/// Cross-entropy with probabilities for targets.
@Suite struct SoftTargetTests {
  @Test(.tags(.oracle), arguments: Seed.campaign(20))
  func `value, gradient and Hessian are those of plain loops`(seed: Seed) throws {
    var generator = seed.generator
    let widths = [2 + Draw.integer(below: 3, using: &generator), 3, 3]
    let samples = 1 + Draw.integer(below: 5, using: &generator)
    let plain = PlainNetwork(
      widths: widths, activation: .softplus, loss: .softmaxCrossEntropy, weightDecay: 0.1,
      inputs: (0..<samples).map { _ in Draw.normals(widths[0], using: &generator) },
      values: (0..<samples).map { _ in
        // Multiples of 1/64, so that they add up to 1 exactly; some are 0.
        let first = Draw.integer(below: 65, using: &generator)
        let second = Draw.integer(below: 65 - first, using: &generator)
        return [first, second, 64 - first - second].map { Double($0) / 64 }
      })
    let θ = Draw.normals(plain.dimension, using: &generator)
    let objective = try NetworkObjective(plain)
    let tight = Tolerance(absolute: 1e-14, relative: 1e-12, why: "sums of five samples")
    for kernel in [objective, objective.withoutChain] {
      let (value, gradient) = kernel.gradient(at: θ)
      expectClose(value, plain.value(at: θ), within: tight)
      expectClose(kernel.value(at: θ), plain.value(at: θ), within: tight)
      expectClose(gradient, plain.gradient(at: θ), within: tight)
      expectClose(
        kernel.hessian(at: θ).elements, Array(plain.hessian(at: θ).joined()), within: tight)
    }
  }
}
