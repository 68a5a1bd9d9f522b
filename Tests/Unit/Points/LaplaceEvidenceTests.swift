import Foundation
import Saddle
import Support
import Testing

/// Laplace's evidence where it is exact: linear regression, whose evidence is a normal density.
@Suite struct LaplaceEvidenceTests {
  private func drawn(_ count: Int, seed: UInt64) -> [Double] {
    var generator = RandomStream(seed: seed)
    return (0..<count).map { _ in generator.normal() }
  }

  /// log N(y; 0, I + XXᵀ/δ) by elimination in plain loops.
  private func normalDensity(_ x: [[Double]], _ y: [Double], _ δ: Double) -> Double {
    let n = y.count
    var a = (0..<n).map { i in
      (0..<n).map { j in
        (i == j ? 1 : 0) + zip(x[i], x[j]).reduce(0) { $0 + $1.0 * $1.1 } / δ
      }
    }
    var b = y
    var (logDeterminant, square) = (0.0, 0.0)
    for k in 0..<n {
      logDeterminant += log(a[k][k])
      square += b[k] * b[k] / a[k][k]
      for i in (k + 1)..<max(n, k + 1) {
        let factor = a[i][k] / a[k][k]
        for j in k..<n { a[i][j] -= factor * a[k][j] }
        b[i] -= factor * b[k]
      }
    }
    return -(square + logDeterminant + Double(n) * log(2 * Double.pi)) / 2
  }

  /// (XᵀX + δI)⁻¹Xᵀy by elimination.
  private func mode(_ x: [[Double]], _ y: [Double], _ δ: Double) -> [Double] {
    let p = x[0].count
    var a = (0..<p).map { i in
      (0..<p).map { j -> Double in
        let product: Double = x.reduce(0) { $0 + $1[i] * $1[j] }
        return product + (i == j ? δ : 0)
      }
    }
    var b = (0..<p).map { i in zip(x, y).reduce(0) { $0 + $1.0[i] * $1.1 } }
    for k in 0..<p {
      for i in 0..<p where i != k {
        let factor = a[i][k] / a[k][k]
        for j in 0..<p { a[i][j] -= factor * a[k][j] }
        b[i] -= factor * b[k]
      }
    }
    return (0..<p).map { b[$0] / a[$0][$0] }
  }

  @Test(.tags(.oracle), arguments: [0.1, 1, 30])
  func `of linear regression it is the density of the data`(δ: Double) throws {
    let (n, p, k) = (9, 4, 2)
    let inputs = Matrix(rows: n, columns: p, elements: drawn(n * p, seed: 1))
    let targets = Matrix(rows: n, columns: k, elements: drawn(n * k, seed: 2))
    let network = try Network(
      input: Shape(channels: p, height: 1, width: 1),
      layers: [.dense(outputs: k, hasBias: false)])
    let objective = try NetworkObjective(
      network: network, loss: .meanSquaredError, inputs: inputs, targets: .values(targets),
      weightDecay: δ / Double(n))
    let x = (0..<n).map { inputs.row($0) }
    let outputs = (0..<k).map { j in (0..<n).map { targets[$0, j] } }
    let θ = outputs.flatMap { mode(x, $0, δ) }
    let exact = outputs.reduce(0) { $0 + normalDensity(x, $1, δ) }
    let evidence = try LaplaceEvidence(of: objective, at: θ)
    let isHeld = evidence.value.contains(exact)
    #expect(isHeld, "\(exact) in \(evidence.value)")
    #expect(evidence.value.upperBound - evidence.value.lowerBound < 1e-6)
    #expect(
      (evidence.logLikelihood + evidence.occamFactor - exact).magnitude < 1e-10)
    #expect(evidence.effectiveDimension > 0 && evidence.effectiveDimension < Double(p * k))
    // The same prior, said.
    let said = try LaplaceEvidence(of: objective, at: θ, priorPrecision: δ)
    #expect((said.occamFactor - evidence.occamFactor).magnitude < 1e-12)
  }

  @Test func `what eigenvalues may be off by is in it`() throws {
    let values = [0, 0.5, 2.0]
    func evidence(_ shift: Double, within error: Double = 0) throws -> LaplaceEvidence {
      try LaplaceEvidence(
        eigenvalues: values.map { $0 + shift }, within: error, logLikelihood: -3, squaredNorm: 2,
        samples: 10, priorPrecision: 0.5)
    }
    let wide = try evidence(0, within: 0.01).value
    for shift in [-0.01, -0.003, 0, 0.004, 0.01] {
      let inside = try evidence(shift)
      let isHeld =
        wide.lowerBound <= inside.value.lowerBound + 1e-9
        && inside.value.upperBound <= wide.upperBound + 1e-9
      #expect(isHeld)
    }
    #expect(wide.upperBound - wide.lowerBound > 0.1)
  }

  @Test func `at what is no mode there is none`() throws {
    #expect(throws: LaplaceError.notAMode(eigenvalues: 2, of: 3)) {
      try LaplaceEvidence(
        eigenvalues: [-1, -0.06, 3], logLikelihood: 0, squaredNorm: 1, samples: 10,
        priorPrecision: 0.5)
    }
    for δ in [0, -1, Double.nan, .infinity] {
      #expect(throws: LaplaceError.self) {
        try LaplaceEvidence(
          eigenvalues: [1], logLikelihood: 0, squaredNorm: 1, samples: 1, priorPrecision: δ)
      }
    }
  }
}
