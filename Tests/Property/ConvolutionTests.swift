import Oracles
import Saddle
import Support
import Testing

/// Random convolutional networks against plain loops with Taylor arithmetic, and against themselves.
@Suite struct ConvolutionTests {
  private let tight = Tolerance(
    absolute: 1e-13, relative: 1e-12, why: "at most 160 parameters, sums of 40 samples")

  private static let campaign = (0..<10).map { block in (1...40).map { Seed(UInt64(40 * block + $0)) } }

  @Test(.tags(.oracle), arguments: campaign)
  func `value and gradient are those of plain loops`(seeds: [Seed]) throws {
    for seed in seeds {
      let network = try ConvolutionCase(seed: seed)
      let (value, gradient) = network.objective.gradient(at: network.parameters)
      let expected = network.oracle.value(at: network.parameters)
      expectClose(value, expected, within: tight, "\(network.name), \(seed)")
      expectClose(
        network.objective.value(at: network.parameters), expected, within: tight,
        "\(network.name), \(seed)")
      expectClose(
        gradient, network.oracle.gradient(at: network.parameters), within: tight,
        "\(network.name), \(seed)")
    }
  }

  @Test(.tags(.oracle), arguments: campaign)
  func `Hessian products are those of Taylor arithmetic`(seeds: [Seed]) throws {
    for seed in seeds {
      let network = try ConvolutionCase(seed: seed)
      var generator = seed.generator
      let v = network.direction(&generator)
      expectClose(
        network.objective.linearized(at: network.parameters).apply(v),
        network.oracle.hessianVectorProduct(at: network.parameters, along: v), within: tight,
        "\(network.name), \(seed)")
    }
  }

  @Test(.tags(.oracle), arguments: campaign)
  func `single precision agrees to its own rounding`(seeds: [Seed]) throws {
    let loose = Tolerance(
      absolute: 2e-5, relative: 2e-4, why: "ulp 1.2e-7, sums and differences of some hundred terms")
    for seed in seeds {
      let network = try ConvolutionCase(seed: seed)
      // Where rounding decides a kink or a tie, the two precisions differ by rights.
      guard network.oracle.distanceToKink(at: network.parameters) > 1e-5 else { continue }
      let single = try ConvolutionCase.objective(network.oracle, Float.self)
      let θ = network.parameters.map { Float($0) }
      let (value, gradient) = single.gradient(at: θ)
      let expected = network.objective.gradient(at: network.parameters)
      expectClose(Double(value), expected.value, within: loose, "\(network.name), \(seed)")
      expectClose(
        gradient.map { Double($0) }, expected.gradient, within: loose, "\(network.name), \(seed)")
      var generator = seed.generator
      let v = network.direction(&generator)
      expectClose(
        single.linearized(at: θ).apply(v.map { Float($0) }).map { Double($0) },
        network.objective.linearized(at: network.parameters).apply(v), within: loose,
        "\(network.name), \(seed)")
    }
  }
}
