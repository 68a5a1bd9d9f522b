import Oracles
import Testing

/// What the laws of derivatives say of a mean over samples in the precision that it is computed in.
@Suite struct CurvatureOracleTests {
  /// (1/N) Σ ½(aᵢᵀθ)² with a gradient that is off by a part of its length.
  private func outcome(
    off part: Double, _ precision: CurvatureSubject.Precision, isSmooth: Bool?
  ) throws -> CurvatureOracle.Outcome {
    let rows = [[1.0, 2, 0.5], [0.3, -1, 2], [2, 0.2, -0.7], [-1, 1, 1]]
    @Sendable func inner(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    @Sendable func gradient(_ θ: [Double]) -> [Double] {
      rows.reduce([0, 0, 0]) { sum, a in zip(sum, a).map { $0 + $1 * inner(a, θ) / 4 } }
    }
    let subject = CurvatureSubject(
      dimension: 3, precision: precision, isSmooth: isSmooth,
      samples: .init(count: 4, weightDecay: 0) { θ, i in
        let z = inner(rows[i], θ)
        return (z * z / 2, rows[i].map { $0 * z })
      },
      value: { θ in rows.reduce(0) { $0 + inner($1, θ) * inner($1, θ) / 8 } },
      gradient: { θ in
        let g = gradient(θ)
        return [g[0] + part * inner(g, g).squareRoot(), g[1], g[2]]
      },
      products: { _, vectors in vectors.map(gradient) })
    let all = try CurvatureOracle.outcomes(for: subject, at: [0.4, -0.3, 1.1])
    return try #require(all.first { "\($0.0)" == "the value is the mean of the samples' own" }).1
  }

  private func word(_ outcome: CurvatureOracle.Outcome) -> String {
    switch outcome {
    case .passed: "passed"
    case .failed: "failed"
    case .undecided: "undecided"
    case .notAsked: "not asked"
    }
  }

  @Test func `in single precision a kink on its other side is no contradiction`() throws {
    #expect(word(try outcome(off: 0, .single, isSmooth: nil)) == "passed")
    #expect(word(try outcome(off: 4e-3, .single, isSmooth: nil)) == "undecided")
    #expect(word(try outcome(off: 4e-3, .single, isSmooth: false)) == "undecided")
  }

  @Test func `what is smooth, in double precision, or far off is one`() throws {
    #expect(word(try outcome(off: 4e-3, .single, isSmooth: true)) == "failed")
    #expect(word(try outcome(off: 4e-3, .double, isSmooth: nil)) == "failed")
    #expect(word(try outcome(off: 0.3, .single, isSmooth: nil)) == "failed")
  }

  /// cᵀθ + ½θᵀAθ whose gradient is rounded to the precision that is said.
  ///
  /// - Parameters:
  ///   - size: of θ.
  ///   - factor: what products are of the right ones.
  private func derivative(
    near size: Double, _ precision: CurvatureSubject.Precision, factor: Double = 1
  ) throws -> CurvatureOracle.Outcome {
    let rows = [[2, 0.5, 0.3], [0.5, 1, -0.4], [0.3, -0.4, 1.5]]
    let slope = [0.1, -0.2, 0.15]
    @Sendable func inner(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    @Sendable func rounded(_ x: Double) -> Double { precision == .single ? Double(Float(x)) : x }
    let subject = CurvatureSubject(
      dimension: 3, precision: precision, isSmooth: true,
      value: { θ in rounded(inner(slope, θ) + inner(θ, rows.map { inner($0, θ) }) / 2) },
      gradient: { θ in zip(slope, rows).map { rounded($0 + inner($1, θ)) } },
      products: { _, vectors in
        vectors.map { v in rows.map { rounded(factor * inner($0, v)) } }
      })
    let all = try CurvatureOracle.outcomes(for: subject, at: [0.4, -0.3, 1.1].map { size * $0 })
    return try #require(all.first { "\($0.0)" == "products are the gradient's derivative" }).1
  }

  // Steps that are parts of ‖θ‖ would leave every difference zero, and zeros agree.
  @Test(arguments: [1, 1e-4, 1e-8, 1e-15, 1e-30])
  func `near 0 right products are right, and wrong ones are found`(size: Double) throws {
    for precision in [CurvatureSubject.Precision.single, .double] {
      #expect(word(try derivative(near: size, precision)) == "passed", "\(precision)")
      for factor in [-1, 2, 0.5, 1.05] {
        #expect(
          word(try derivative(near: size, precision, factor: factor)) == "failed",
          "\(precision), \(factor)")
      }
    }
  }
}
