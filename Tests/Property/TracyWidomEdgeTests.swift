import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Tracy and Widom's laws on the largest eigenvalues of random matrices.
@Suite struct TracyWidomEdgeTests {
  /// √(ln(2/α)/2N): Dvoretzky, Kiefer, Wolfowitz's inequality with Massart's constant, α = 1e-6.
  private func chance(_ draws: Int) -> Double { (log(2e6) / (2 * Double(draws))).squareRoot() }

  // With the centre of Johnstone and Ma the limit is away by about n^(−⅔) = 0.002 at n = 10⁴.
  @Test(.tags(.statistical), arguments: TracyWidomLaw.Index.allCases)
  func `the largest eigenvalue follows its law and not the other's`(
    index: TracyWidomLaw.Index
  ) throws {
    var rng = RandomStream(seed: 1, name: "edge")
    let (draws, order) = (4000, 10_000)
    let sample = try (0..<draws).map { _ in
      try RandomMatrixSpectrum.edge(order: order, beta: Double(index.rawValue), using: &rng)
    }
    // On a grid, since the law costs more than a draw: no more than the supremum over all s.
    func distance(_ law: TracyWidomLaw) throws -> Double {
      try stride(from: -5.0, through: 3, by: 0.125).reduce(0) { worst, s in
        let share = Double(sample.count { $0 <= s }) / Double(draws)
        return max(worst, (share - (try law.cumulative(s))).magnitude)
      }
    }
    let gate = chance(draws) + 0.002
    let other: TracyWidomLaw.Index = index == .orthogonal ? .unitary : .orthogonal
    let (own, wrong) = (try distance(TracyWidomLaw(index)), try distance(TracyWidomLaw(other)))
    #expect(own <= gate, "D = \(own), gate \(gate)")
    #expect(wrong > gate, "D = \(wrong), gate \(gate)")
  }

  // The term in n^(−⅓) is 0.108 at n = 100, β = 1: without it the mean would be −1.308. What is
  // left is of the order of n^(−⅔)/10 = 0.005. Six standard errors are 0.038.
  @Test(.tags(.statistical), arguments: TracyWidomLaw.Index.allCases)
  func `mean and variance are near their limits at order 100`(index: TracyWidomLaw.Index) throws {
    var rng = RandomStream(seed: 4, name: "edge")
    let (law, draws) = (TracyWidomLaw(index), 40_000)
    let sample = try (0..<draws).map { _ in
      try RandomMatrixSpectrum.edge(order: 100, beta: Double(index.rawValue), using: &rng)
    }
    let mean = sample.reduce(0, +) / Double(draws)
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
    let error = (law.variance / Double(draws)).squareRoot()
    #expect((mean - law.mean).magnitude <= 6 * error + 0.02, "\(mean) ± \(error)")
    // A normal variable's variance has relative error √(2/N); 1.2 allows for kurtosis.
    let spread = variance / law.variance - 1
    #expect(
      spread.magnitude <= 6 * 1.2 * (2 / Double(draws)).squareRoot() + 0.05, "\(spread)")
  }

  // The rest of the rows does not change the value: both take the same draws where n ≤ 15·n^⅓.
  @Test func `whole spectra end where the edge is drawn`() throws {
    for order in [1, 5, 31] {
      var (a, b) = (RandomStream(seed: 2, name: "edge"), RandomStream(seed: 2, name: "edge"))
      let edge = try RandomMatrixSpectrum.edge(order: order, beta: 2, using: &a)
      let last = try #require(
        try RandomMatrixEnsemble.betaHermite(beta: 2).spectrum(order: order, using: &b).last)
      expectClose(
        edge, pow(Double(order), 2.0 / 3) * (last - 2),  // β = 2 has no second term.
        within: Tolerance(absolute: 1e-12, why: "rounding of √(βn) times n^⅔"))
    }
  }

  // The same matrix whole and cut: the claim behind `edge`, draw by draw. At n = 2000 its 189 rows
  // are a tenth of the matrix.
  @Test(arguments: [400, 2000], [1.0, 2.0])
  func `the first 15·n^⅓ rows have the largest eigenvalue`(order: Int, beta: Double) throws {
    var rng = RandomStream(seed: 3, name: "edge")
    for _ in 0..<20 {
      let whole = RandomMatrixSpectrum.hermiteTridiagonal(order: order, beta: beta, using: &rng)
      let rows = Int((15 * cbrt(Double(order))).rounded(.up))
      let cut = TridiagonalMatrix(
        diagonal: Array(whole.diagonal.prefix(rows)),
        offDiagonal: Array(whole.offDiagonal.prefix(rows - 1)))
      expectClose(
        try #require(try cut.eigenvalues().last), try #require(try whole.eigenvalues().last),
        within: Tolerance(relative: 1e-13, why: "QL's rounding"))
      let short = TridiagonalMatrix(
        diagonal: Array(cut.diagonal.prefix(rows / 5)),
        offDiagonal: Array(cut.offDiagonal.prefix(rows / 5 - 1)))
      #expect(try short.eigenvalues().last != cut.eigenvalues().last, "too few rows must show")
    }
  }
}
