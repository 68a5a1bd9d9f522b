import Oracles
import Saddle
import Support
import Testing

/// Zeros by the inputs' dependences and by duplicated units: never more than there are, and no larger
/// than is said, by GSL's eigenvalues of the oracle's Hessian.
@Suite struct StructuralNullityTests {
  private static let widths = [4, 3, 2]

  private func degeneracy(
    _ plain: PlainNetwork, at θ: [Double]
  ) throws -> (structure: StructuralNullity, zeros: ClosedRange<Int>) {
    let found = try #require(try VerifiedDegeneracy(of: NetworkObjective(plain), at: θ))
    return (try #require(found.structure), found.zeros)
  }

  private func plain(
    _ widths: [Int] = widths, _ loss: PlainNetwork.Loss, inputs: [[Double]]
  ) -> PlainNetwork {
    PlainNetwork(
      widths: widths, activation: .tanh, loss: loss, inputs: inputs,
      labels: inputs.indices.map { $0 % widths[widths.count - 1] })
  }

  private func draws(_ count: Int, _ width: Int, seed: UInt64) -> [[Double]] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in Draw.normals(width, using: &generator) }
  }

  @Test(.tags(.oracle), arguments: [PlainNetwork.Loss.meanSquaredError, .softmaxCrossEntropy])
  func `fewer samples than inputs leave exact zeros`(loss: PlainNetwork.Loss) throws {
    // 9 columns, the bias among them, of which 6 samples leave 3 for each of 2 units.
    let plain = plain([8, 2, 3], loss, inputs: draws(6, 8, seed: 1))
    let θ = draws(1, plain.dimension, seed: 2)[0]
    let found = try degeneracy(plain, at: θ)
    let shift = loss == .softmaxCrossEntropy ? 3 : 0
    #expect(found.structure.exact == 6 + shift && found.zeros.lowerBound == 6 + shift, "\(found)")
    #expect(found.zeros.count == 1, "\(found)")
    let eigenvalues = try GSL.eigenvalues(plain.hessian(at: θ))
    #expect(eigenvalues.count { $0.magnitude < 1e-13 } == 6 + shift)
  }

  @Test(.tags(.oracle), arguments: [1, 3])
  func `a dependence that rounding has blurred leaves eigenvalues of its size`(hidden: Int) throws {
    // The third input is the sum of the first two and the fourth a third of the first: neither sum
    // nor third is exact.
    let inputs = draws(40, 4, seed: 3).map { [$0[0], $0[1], $0[0] + $0[1], $0[0] / 3] }
    let plain = plain([4, hidden, 2], .softmaxCrossEntropy, inputs: inputs)
    let θ = draws(1, plain.dimension, seed: 4)[0]
    let found = try degeneracy(plain, at: θ)
    #expect(found.structure.exact == hidden + 1, "the softmax shift: \(found)")
    let blurred = found.structure.dependentInputs
    #expect(blurred.count == 2 * hidden && blurred.within > 0 && blurred.within < 1e-13, "\(found)")
    let near = 3 * hidden + 1
    #expect(found.structure.nearZero == near...near, "\(found)")
    #expect(found.zeros == hidden + 1...near)
    // The same inputs made apart by a little more: eigenvalues of its square and no larger.
    let apart = self.plain(
      [4, hidden, 2], .softmaxCrossEntropy,
      inputs: inputs.enumerated().map { n, x in [x[0], x[1], x[2] + (n == 0 ? 1e-3 : 0), x[3]] })
    let moved = try degeneracy(apart, at: θ)
    #expect(moved.structure.dependentInputs.count == hidden)
  }

  /// As `StructuralNullity` has them, by the oracle's Hessian in double-double.
  @Test(.tags(.oracle))
  func `no direction of a dependence turns by more than is said`() throws {
    let inputs = draws(6, 4, seed: 5).map { [$0[0], $0[1], 0.1 * $0[0] + 0.7 * $0[1], $0[3]] }
    for loss in [PlainNetwork.Loss.meanSquaredError, .softmaxCrossEntropy] {
      let plain = plain([4, 2, 2], loss, inputs: inputs)
      let θ = draws(1, plain.dimension, seed: 6)[0]
      let bound = try degeneracy(plain, at: θ).structure.dependentInputs.within
      let hessian = plain.inHigherPrecision(at: θ).hessian
      let unit = (1 + 0.01 + 0.49).squareRoot()
      var largest = 0.0
      for i in 0..<2 {
        let image = (0..<plain.dimension).map { row in
          hessian[row][4 * i] * DoubleDouble(0.1) + hessian[row][4 * i + 1] * DoubleDouble(0.7)
            - hessian[row][4 * i + 2]
        }
        largest = max(largest, Double(image.norm) / unit)
      }
      #expect(largest > 0 && largest <= bound && bound < 1e4 * largest, "\(largest) \(bound)")
    }
  }

  @Test(.tags(.oracle), arguments: [PlainNetwork.Loss.meanSquaredError, .softmaxCrossEntropy])
  func `duplicated units leave an eigenvalue as small as their gradient`(
    loss: PlainNetwork.Loss
  ) throws {
    let plain = plain([4, 4, 2], loss, inputs: draws(30, 4, seed: 7))
    var θ = draws(1, plain.dimension, seed: 8)[0]
    // Units 1 and 3 receive what unit 0 does.
    for i in [1, 3] {
      for j in 0..<4 { θ[4 * i + j] = θ[j] }
      θ[16 + i] = θ[16]
    }
    let found = try degeneracy(plain, at: θ).structure.duplicatedUnits
    #expect(found.count == 2)
    let eigenvalues = try GSL.eigenvalues(plain.hessian(at: θ))
    let shift = loss == .softmaxCrossEntropy ? 5 : 0
    let small = eigenvalues.count { $0.magnitude <= found.within }
    #expect(small >= 2 + shift, "\(found) \(eigenvalues)")
    // One bit apart, they are two units.
    θ[16] = θ[16].nextUp
    #expect(try degeneracy(plain, at: θ).structure.duplicatedUnits.count == 1)
  }

  @Test(.tags(.oracle)) func `at a critical point a split unit leaves a zero (Brea et al. 2019)`() throws {
    // A network's own outputs as targets, and then its first unit in two, at shares of 0.3 and 0.7.
    let inputs = draws(30, 3, seed: 9)
    let narrow = PlainNetwork(
      widths: [3, 2, 1], activation: .tanh, inputs: inputs, values: inputs.map { _ in [0] })
    let w = draws(1, narrow.dimension, seed: 10)[0]
    let wide = PlainNetwork(
      widths: [3, 3, 1], activation: .tanh, inputs: inputs, values: narrow.outputs(at: w))
    let θ =
      Array(w[0..<6]) + Array(w[0..<3]) + Array(w[6..<8]) + [w[6]]
      + [0.3 * w[8], w[9], 0.7 * w[8]] + [w[10]]
    let found = try degeneracy(wide, at: θ)
    #expect(found.structure.duplicatedUnits.count == 1, "\(found)")
    #expect(found.structure.duplicatedUnits.within < 1e-14, "\(found)")
    // A global minimum whose units are split: the shares, and how the incoming weights differ.
    let eigenvalues = try GSL.eigenvalues(wide.hessian(at: θ))
    #expect(eigenvalues.contains { $0.magnitude <= max(found.structure.duplicatedUnits.within, 1e-15) })
    let nearZero = try #require(found.structure.nearZero)
    #expect(nearZero.contains(eigenvalues.count { $0.magnitude < 1e-12 }), "\(nearZero) \(eigenvalues)")
  }
}
