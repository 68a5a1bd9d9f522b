import Oracles
import Saddle
import Support
import Testing

/// The structural null space taken out of dense curvature matrices.
@Suite struct DeflationTests {
  /// A random network's data with some features held constant.
  private func objective(
    _ seed: Seed, widths: [Int], constants: [Int: Double], loss: Loss
  ) throws -> (NetworkObjective<Double>, [Double]) {
    var generator = seed.generator
    let samples = 9
    var inputs = Matrix<Double>(rows: samples, columns: widths[0])
    for n in 0..<samples {
      for j in 0..<widths[0] { inputs[n, j] = constants[j] ?? generator.normal() }
    }
    let objective = try NetworkObjective<Double>(
      network: Network.dense(widths, .tanh), loss: loss,
      inputs: inputs,
      targets: .classes((0..<samples).map { Int32($0 % widths[widths.count - 1]) }))
    return (objective, (0..<objective.dimension).map { _ in generator.normal() })
  }

  @Test(arguments: Seed.campaign(12))
  func `what is left has the same eigenvalues, without the structural zeros`(seed: Seed) throws {
    let shapes: [[Int]] = [[5, 4, 3], [6, 3, 4, 3], [5, 4]]
    let constants: [[Int: Double]] = [[:], [1: 0, 3: 0], [0: 0.5, 2: -2], [0: 0, 4: 1.5]]
    for loss in Loss.allCases {
      for widths in shapes {
        for constant in constants {
          let (objective, θ) = try objective(seed, widths: widths, constants: constant, loss: loss)
          let space = objective.structuralNullSpace
          let hessian = objective.hessian(at: θ)
          let whole = try hessian.eigenvalues()
          let reduced = space.deflated(hessian)
          #expect(reduced == reduced.transpose, "exactly symmetric")
          let left = try reduced.eigenvalues()
          #expect(left.count == whole.count - space.dimension)
          let zeros = [Double](repeating: 0, count: space.dimension)
          // The eigensolver's own bound: 60·n·ulp·‖H‖.
          let radius = max(whole[0].magnitude, whole[whole.count - 1].magnitude)
          expectClose(
            (left + zeros).sorted(), whole,
            within: Tolerance(
              absolute: 60 * Double(whole.count) * 0x1p-52 * radius, why: "LAPACK's ratio"),
            "\(widths), \(constant), \(loss), \(seed)")
        }
      }
    }
  }

  @Test func `another matrix than the objective's loses eigenvalues`() throws {
    let (objective, _) = try objective(
      Seed(1), widths: [5, 4, 3], constants: [1: 0], loss: .softmaxCrossEntropy)
    let space = objective.structuralNullSpace
    var generator = RandomStream(seed: 7)
    let order = objective.dimension
    let stranger = Matrix<Double>(
      rows: order, columns: order, elements: (0..<order * order).map { _ in generator.normal() }
    ).symmetrized()
    let whole = try stranger.eigenvalues()
    let left = try space.deflated(stranger).eigenvalues()
    #expect((left[0] - whole[0]).magnitude > 0.01 || (left.last! - whole.last!).magnitude > 0.01)
  }
}
