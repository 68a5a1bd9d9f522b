import Oracles
import Saddle
import Support
import Testing

/// Nullities from below by theorem and from above by factorization.
@Suite struct VerifiedDegeneracyTests {
  private func network(
    _ widths: [Int], _ loss: PlainNetwork.Loss, samples: Int, dead: Bool = false,
    targetsAreOutputs θ: [Double]? = nil
  ) -> PlainNetwork {
    var generator = SplitMix64(seed: 8)
    let inputs = (0..<samples).map { _ in
      var x = Draw.normals(widths[0], using: &generator)
      if dead { x[0] = 0 }
      return x
    }
    let outputs = widths[widths.count - 1]
    let plain = PlainNetwork(
      widths: widths, activation: .tanh, loss: loss, inputs: inputs,
      labels: inputs.indices.map { $0 % outputs })
    guard let θ else { return plain }
    return PlainNetwork(
      widths: widths, activation: .tanh, inputs: inputs, values: plain.outputs(at: θ))
  }

  private func point(_ dimension: Int) -> [Double] {
    var generator = SplitMix64(seed: 9)
    return Draw.normals(dimension, using: &generator)
  }

  @Test(.tags(.oracle), arguments: [true, false])
  func `where theorem and factorization meet, the nullity is exact`(dead: Bool) throws {
    // Many samples, so that nothing but the dead input and the softmax shift is degenerate.
    let plain = network([3, 2, 3], .softmaxCrossEntropy, samples: 40, dead: dead)
    let θ = point(plain.dimension)
    let objective = try NetworkObjective(plain)
    let found = try #require(try VerifiedDegeneracy(of: objective, at: θ))
    #expect(found.isExact && found.zeros == (dead ? 5...5 : 3...3), "\(found)")
    let eigenvalues = try GSL.eigenvalues(plain.hessian(at: θ))
    let radius = eigenvalues.reduce(0) { max($0, $1.magnitude) }
    #expect(eigenvalues.count { $0.magnitude < 1e-13 * radius } == found.zeros.lowerBound)
  }

  @Test(.tags(.oracle))
  func `with fewer residuals than parameters, so many eigenvalues are as small as the residuals`()
    throws
  {
    // 4-5-2 has 37 parameters, and 6 samples of 2 outputs.
    let shape = network([4, 5, 2], .meanSquaredError, samples: 6)
    let θ = point(shape.dimension)
    let plain = network([4, 5, 2], .meanSquaredError, samples: 6, targetsAreOutputs: θ)
    let objective = try NetworkObjective(plain)
    let found = try #require(try VerifiedDegeneracy(of: objective, at: θ))
    #expect(found.smallByTheorem == 25 && found.small == 25...25, "\(found)")
    #expect(found.residualCurvature < 1e-11, "\(found)")
    // Somewhere else the residuals are not small, and neither is what they are good for.
    let moved = try #require(
      try VerifiedDegeneracy(of: objective, at: θ.map { $0 + 0.1 }))
    #expect(moved.residualCurvature > 0.01 && moved.small.lowerBound >= 25)
    let radius = moved.residualCurvature
    let eigenvalues = try GSL.eigenvalues(plain.hessian(at: θ.map { $0 + 0.1 }))
    #expect(moved.small.contains(eigenvalues.count { $0.magnitude <= radius }))
  }

  @Test func `a penalty and ReLU have no such theorem`() throws {
    let plain = PlainNetwork(
      widths: [1, 1, 1], activation: .relu, inputs: [[1]], values: [[1]])
    #expect(try VerifiedDegeneracy(of: NetworkObjective(plain), at: [1, 1, 1, 1]) == nil)
    let decayed = PlainNetwork(
      widths: [1, 1], activation: .tanh, weightDecay: 1, inputs: [[1]], values: [[1]])
    #expect(try VerifiedDegeneracy(of: NetworkObjective(decayed), at: [1, 1]) == nil)
    #expect(throws: CriticalPointError.wrongDimension(point: 1, objective: 2)) {
      try VerifiedDegeneracy(of: NetworkObjective(decayed), at: [1])
    }
  }
}
