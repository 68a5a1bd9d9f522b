import Oracles
import Saddle
import Support
import Testing

/// Shares of a curvature matrix's rows, as processes that hold one each would form them.
@Suite struct CurvatureRowsTests {
  private static let kinds: [CurvatureKind] = [
    .hessian, .gaussNewton, .empiricalFisher, .gradientCovariance,
  ]
  private let tight = Tolerance(
    absolute: 1e-14, relative: 1e-13, why: "products of fewer rows end in other last bits")

  /// Adds up U + Uᵀ − diag(U) of all shares, and counts who holds each pair.
  private func hold(
    _ objective: NetworkObjective<Double>, at θ: [Double], _ kind: CurvatureKind, shares: Int
  ) throws {
    let order = objective.dimension
    let whole = objective.curvatureMatrix(kind, at: θ, includingPenalty: true)
    var sum = Matrix<Double>(rows: order, columns: order)
    var rows: [Int] = []
    for number in 0..<shares {
      let share = try objective.curvatureRows(
        kind, at: θ, includingPenalty: true, RowShare(number, of: shares))
      rows += share.rows
      #expect(share.rows == share.rows.sorted())
      for (k, i) in share.rows.enumerated() {
        for j in 0..<order {
          sum[i, j] += share.elements[k, j]
          if i != j { sum[j, i] += share.elements[k, j] }
        }
      }
    }
    #expect(rows.sorted() == Array(0..<order), "each row is one share's")
    expectClose(
      sum.elements, whole.elements, within: tight,
      "\(kind) of \(objective.network) in \(shares) shares")
  }

  @Test(arguments: kinds, [1, 2, 3, 7, 40])
  func `shares of dense layers are together the matrix`(kind: CurvatureKind, shares: Int) throws {
    var generator = RandomStream(seed: 11, name: "rows")
    let objective = try NetworkObjective<Double>(
      network: Network.dense([6, 5, 4, 3], .tanh), loss: .softmaxCrossEntropy,
      inputs: Matrix(
        rows: 300, columns: 6, elements: (0..<1800).map { _ in generator.normal() }),
      targets: .classes((0..<300).map { _ in Int32(generator.index(below: 3)) }),
      weightDecay: 0.25)
    let θ = (0..<objective.dimension).map { _ in generator.normal() }
    try hold(objective, at: θ, kind, shares: shares)
  }

  @Test(arguments: kinds, [1, 2, 3, 7])
  func `shares of any layers are together the matrix`(kind: CurvatureKind, shares: Int) throws {
    for seed in Seed.campaign(4) {
      let network = try ConvolutionCase(seed: seed)
      try hold(network.objective, at: network.parameters, kind, shares: shares)
    }
  }

  @Test func `shares are about equal, in rows and in work`() throws {
    let objective = try NetworkObjective<Double>(
      network: Network.dense([50, 16, 10], .tanh), loss: .softmaxCrossEntropy,
      inputs: Matrix(rows: 2, columns: 50, repeating: 0.5), targets: .classes([0, 1]))
    let θ = [Double](repeating: 0.1, count: objective.dimension)
    let order = objective.dimension
    for count in [2, 4] {
      for number in 0..<count {
        let rows = try objective.curvatureRows(
          .hessian, at: θ, includingPenalty: true, RowShare(number, of: count)
        ).rows
        let work = rows.reduce(0) { $0 + order - $1 }
        #expect(rows.count * count < order * 5 / 4)
        #expect(work * count < order * (order + 1) / 2 * 5 / 4)
      }
    }
  }

  @Test func `a share that is none is named`() {
    #expect(throws: RowShareError(number: 2, count: 2)) { try RowShare(2, of: 2) }
    #expect(throws: RowShareError(number: -1, count: 2)) { try RowShare(-1, of: 2) }
    #expect(throws: RowShareError(number: 0, count: 0)) { try RowShare(0, of: 0) }
    #expect("\(RowShareError(number: 2, count: 2))" == "share 2 of 2: shares go from 0 to one less")
  }
}
