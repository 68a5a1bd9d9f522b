import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct LipschitzBoundTests {
  @Test(.tags(.oracle), arguments: Activation.allCases)
  func `suprema of an activation's derivatives are bounded, and closely`(
    activation: Activation
  ) throws {
    let plain = try #require(PlainNetwork.Activation(rawValue: activation.rawValue))
    guard let bounds = activation.derivativeBounds else {
      #expect(!activation.isSmooth)
      return
    }
    let (first, second, third) = plain.derivativeSuprema
    for (bound, supremum) in [
      (bounds.first, first), (bounds.second, second), (bounds.third, third),
    ] {
      #expect(bound >= supremum && bound <= 1.00001 * supremum, "\(bound), \(supremum)")
    }
  }

  // One input without a weight of its own: the loss along the output's bias is the activation's own
  // course, w = 1 and x = 0 give z = φ(b), and squared error of far targets y gives −yφ‴ at most.
  @Test(.tags(.oracle), arguments: PlainNetwork.Activation.allCases.filter { $0 != .relu })
  func `the suprema are met by no third derivative`(activation: PlainNetwork.Activation) {
    let far = 1e9
    let network = PlainNetwork(
      widths: [1, 1, 1], activation: activation, inputs: [[0]], values: [[-far]])
    let (_, _, third) = activation.derivativeSuprema
    var greatest = 0.0
    for step in -400...400 {
      let b = Double(step) / 80
      let found = network.thirdDirectional(at: [0, b, 1, 0], along: [0, 1, 0, 0]) / far
      greatest = max(greatest, found.magnitude)
    }
    #expect(greatest <= third + 1e-7 && greatest >= 0.99 * third, "\(greatest), \(third)")
  }

  @Test(.tags(.oracle), arguments: [(3, 5), (5, 3), (1, 4), (6, 6), (12, 40)])
  func `a spectral norm's bound is above GSL's largest singular value, and close`(
    rows: Int, columns: Int
  ) throws {
    var generator = SplitMix64(seed: UInt64(rows * columns))
    for scale in [1e-200, 1e-5, 1, 1e6] {
      let matrix = Matrix(
        rows: rows, columns: columns,
        elements: Draw.normals(rows * columns, using: &generator).map { scale * $0 })
      let bound = try matrix.spectralNormBound()
      let largest = try #require(try GSL.singularValues(matrix.asRows).first)
      #expect(bound >= largest * (1 - 1e-14), "\(bound), \(largest)")
      if scale > 1e-100 { #expect(bound <= 1.0002 * largest, "\(bound), \(largest)") }
    }
    #expect(try Matrix<Double>(rows: 0, columns: 3).spectralNormBound() == 0)
    #expect(try Matrix<Double>(rows: 2, columns: 3).spectralNormBound() == 0)
  }
}
