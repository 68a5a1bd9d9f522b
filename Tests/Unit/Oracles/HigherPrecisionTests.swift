import Foundation
import Oracles
import Testing

/// The network in double-double: its double digits are the plain network's, and where they are
/// known its others are as well.
@Suite struct HigherPrecisionTests {
  @Test(arguments: PlainNetwork.Activation.allCases, PlainNetwork.Loss.allCases)
  func `to a double's digits a point is what plain doubles make it`(
    activation: PlainNetwork.Activation, loss: PlainNetwork.Loss
  ) {
    let network = PlainNetwork(
      widths: [2, 3, 2], activation: activation, loss: loss, weightDecay: 0.25,
      inputs: [[0.5, -1], [2, 0.25], [-0.75, 0.125]], labels: [0, 1, 1])
    let θ = (0..<network.dimension).map { Foundation.sin(Double(3 * $0 + 1)) }
    let point = network.inHigherPrecision(at: θ)
    #expect(gap(Double(point.loss), network.value(at: θ)) < 1e-14)
    for (found, expected) in zip(point.gradient, network.gradient(at: θ)) {
      #expect((Double(found) - expected).magnitude < 1e-14)
    }
    let hessian = network.hessian(at: θ)
    let covariance = network.gradientCovariance(at: θ)
    let (fisher, empirical) = (network.fisher(at: θ), network.empiricalFisher(at: θ))
    for i in θ.indices {
      for j in θ.indices {
        let shift = i == j ? 0.25 : 0
        #expect((Double(point.hessian[i][j]) - hessian[i][j]).magnitude < 1e-13)
        #expect((Double(point.gaussNewton[i][j]) - shift - fisher[i][j]).magnitude < 1e-13)
        #expect((Double(point.empiricalFisher[i][j]) - shift - empirical[i][j]).magnitude < 1e-13)
        #expect((Double(point.gradientCovariance[i][j]) - covariance[i][j]).magnitude < 1e-13)
      }
    }
  }

  // z = w·x + b with w = 1/3 rounded, x = 3, b = −1: the rounding of 1/3 times 3 is left, −2⁻⁵⁴,
  // where doubles say 0. ½z² and its derivatives follow.
  @Test func `a residual that doubles cannot see has its digits`() {
    let network = PlainNetwork(
      widths: [1, 1], activation: .identity, inputs: [[3]], values: [[0]])
    let point = network.inHigherPrecision(at: [1.0 / 3, -1])
    let z = -0x1p-54
    #expect(network.gradient(at: [1.0 / 3, -1]) == [0, 0])
    #expect(point.loss == DoubleDouble(z * z / 2))
    #expect(point.gradient == [DoubleDouble(3 * z), DoubleDouble(z)])
    #expect(point.hessian == [[9, 3], [3, 1]].map { $0.map { DoubleDouble($0) } })
  }
}
