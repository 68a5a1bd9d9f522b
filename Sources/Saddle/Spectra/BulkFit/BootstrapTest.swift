import RealModule

/// A parametric bootstrap of a fitted law with the spectra of random matrices: how often a matrix
/// that has the law in the limit lies as far from its own fit as the bulk does.
///
/// Independent draws from the law would not do: eigenvalues repel, so a random matrix's spectrum
/// keeps within O(√ln n/n) of its law and not within O(1/√n). Drawn are
/// - for the semicircle GOE matrices. The fit goes with shift and scale, so that the p-value is
///   exact for GOE, whatever the parameters;
/// - for Marchenko–Pastur real Wishart matrices of the fitted ratio;
/// - for the free convolution the sum of both, in O(n³), of order `denseOrderLimit` at most.
/// Every draw is fitted anew, its outliers separated by the same rule.
///
/// Where the bulk is larger than the order drawn, n₀, the statistics are compared after what is
/// known of their growth: the variance of the number of eigenvalues below a point is
/// (ln n)/π² + O(1) for real symmetric matrices (Gustavsson 2005, O'Rourke 2010), so n·W² has
/// grown by ln(n/n₀)/π², and n·D by about (√2/π)·ln(n/n₀) (the maximum of a field with
/// logarithmic correlations).
public struct BootstrapTest: Codable, Equatable, Sendable {
  public let draws: Int
  /// The order n₀ of the matrices.
  public let order: Int
  /// P(W² at least as large), with the bulk itself as one of the draws: never zero.
  public let cramerVonMises: Double
  /// P(W² at most as large): small for a bulk that is closer to the law than random matrices are.
  public let tooRegular: Double
  /// P(D at least as large).
  public let kolmogorovSmirnov: Double

  /// The order above which no dense matrix is drawn.
  public static let denseOrderLimit = 200

  package init(
    draws: Int, order: Int, cramerVonMises: Double, tooRegular: Double, kolmogorovSmirnov: Double
  ) {
    self.draws = draws
    self.order = order
    self.cramerVonMises = cramerVonMises
    self.tooRegular = tooRegular
    self.kolmogorovSmirnov = kolmogorovSmirnov
  }

  /// - Parameters:
  ///   - fit: fitted to a bulk of `count` eigenvalues, at distances `observed`.
  init(
    of fit: BulkLawParameters, count: Int, observed: GoodnessOfFit, draws: Int, orderLimit: Int,
    using generator: inout some RandomNumberGenerator
  ) throws(BulkFitError) {
    let family = fit.family
    let limit = family == .freeConvolution ? min(orderLimit, Self.denseOrderLimit) : orderLimit
    let order = min(count, limit)
    let law = fit.law
    let seed = generator.next()
    var results = [(w: Double, d: Double)](repeating: (.nan, .nan), count: draws)
    var failures = [LinearAlgebraError?](repeating: nil, count: draws)
    results.withUnsafeMutableBufferPointer { results in
      failures.withUnsafeMutableBufferPointer { failures in
        let (results, failures) = (results, failures)
        forEachPiece(of: draws, pieces: max(1, min(blasThreadCount, draws))) { piece in
          for k in piece {
            // A stream a draw: the draws do not depend on the number of threads.
            var stream = RandomStream(seed: seed &+ UInt64(k), name: "bootstrap")
            do throws(LinearAlgebraError) {
              let sample = try law.randomMatrixSpectrum(order: order, using: &stream)
              let separation = Separation(family, of: sample, rule: .edge, from: fit)
              let bulk = sample[separation.bulk]
              let distance = GoodnessOfFit(bulk, separation.fit.parameters.law)
              let n = Double(bulk.count)
              results[k] = (n * distance.cramerVonMises, n * distance.kolmogorovSmirnov)
            } catch {
              failures[k] = error
            }
          }
        }
      }
    }
    if let failure = failures.lazy.compactMap(\.self).first { throw .eigensolver(failure) }
    let growth = Double.log(Double(count) / Double(order))
    let w = Double(count) * observed.cramerVonMises - growth / (.pi * .pi)
    let d = Double(count) * observed.kolmogorovSmirnov - growth * 2.0.squareRoot() / .pi
    func share(_ hits: Int) -> Double { Double(1 + hits) / Double(1 + draws) }
    self.draws = draws
    self.order = order
    cramerVonMises = share(results.count { $0.w >= w })
    tooRegular = share(results.count { $0.w <= w })
    kolmogorovSmirnov = share(results.count { $0.d >= d })
  }
}

extension BulkLaw {
  /// The eigenvalues, ascending, of a random matrix whose spectrum has this law in the limit.
  func randomMatrixSpectrum(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    switch self {
    case .semicircle(let law):
      let unit = law.radius / (2 * Double(n).squareRoot())
      return try RandomMatrixSpectrum.goe(order: n, using: &generator)
        .map { law.center + unit * $0 }
    case .marchenkoPastur(let law):
      return try law.wishartSpectrum(order: n, using: &generator)
    case .freeConvolution(let law):
      let (w, tau) = (law.marchenkoPasturVariance, law.skewLength)
      var part = [Double](repeating: law.mean, count: n)
      var variance = law.semicircleVariance
      if w > 0, tau * tau > 1e-10 * w {
        let scale = w / tau
        part = try MarchenkoPasturLaw(ratio: tau / scale, scale: scale, shift: law.mean - scale)
          .wishartSpectrum(order: n, using: &generator)
      } else {
        variance += w
      }
      return try RandomMatrixSpectrum.deformedGOE(
        eigenvalues: part, variance: variance / Double(n), using: &generator)
    }
  }
}

extension MarchenkoPasturLaw {
  fileprivate func wishartSpectrum(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    let degrees = Double(n) / ratio
    var values: [Double]
    if ratio <= 1 {
      values = try RandomMatrixSpectrum.wishart(order: n, degrees: degrees, using: &generator)
    } else {
      // XXᵀ has the eigenvalues of XᵀX, a whole number of them, and zeros.
      let rank = max(1, Int(degrees.rounded()))
      values = try RandomMatrixSpectrum.wishart(order: rank, degrees: Double(n), using: &generator)
      values = [Double](repeating: 0, count: n - rank) + values
    }
    values = values.map { shift + scale * $0 / degrees }
    return scale < 0 ? values.reversed() : values
  }
}
