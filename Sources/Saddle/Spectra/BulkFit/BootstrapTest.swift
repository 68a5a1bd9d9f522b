import RealModule

/// A parametric bootstrap of a fitted law with the spectra of random matrices: how often a matrix
/// that has the law in the limit lies as far from its own fit as the bulk does.
///
/// Independent draws from the law would not do: eigenvalues repel, so a random matrix's spectrum
/// keeps within O(√ln n/n) of its law and not within O(1/√n). Drawn are
/// - for the semicircle GOE matrices, or GUE's. The fit goes with shift and scale, so that the
///   p-value is exact for them, whatever the parameters;
/// - for Marchenko–Pastur real Wishart matrices of the fitted ratio;
/// - for the free convolution the sum of both, in O(n³), of order `denseOrderLimit` at most.
/// Every draw is fitted anew, its outliers separated by the same rule.
///
/// Where the bulk is larger than the order drawn, n₀, the statistics are compared after what is
/// known of their growth: the variance of the number of eigenvalues below a point is
/// (ln n)/(βπ²) + O(1), β = 1 for real symmetric matrices (Gustavsson 2005, O'Rourke 2010), so
/// n·W² has grown by ln(n/n₀)/(βπ²), and n·D by about (√(2/β)/π)·ln(n/n₀) (the maximum of a field
/// with logarithmic correlations).
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
  /// The extremes; of the semicircle alone.
  public let edges: EdgeTest?

  /// The order above which no dense matrix is drawn.
  public static let denseOrderLimit = 200

  package init(
    draws: Int, order: Int, cramerVonMises: Double, tooRegular: Double, kolmogorovSmirnov: Double,
    edges: EdgeTest? = nil
  ) {
    self.draws = draws
    self.order = order
    self.cramerVonMises = cramerVonMises
    self.tooRegular = tooRegular
    self.kolmogorovSmirnov = kolmogorovSmirnov
    self.edges = edges
  }

  /// - Parameters:
  ///   - fit: fitted to the `bulk` of ascending eigenvalues, at distances `observed`.
  ///   - index: of the matrices that are drawn for a semicircle.
  init(
    of fit: BulkLawParameters, to sorted: [Double], bulk: Range<Int>, observed: GoodnessOfFit,
    draws: Int, orderLimit: Int, index: TracyWidomLaw.Index,
    using generator: inout some RandomNumberGenerator
  ) throws(BulkFitError) {
    let family = fit.family
    let limit = family == .freeConvolution ? min(orderLimit, Self.denseOrderLimit) : orderLimit
    let (count, order) = (bulk.count, min(bulk.count, limit))
    let law = fit.law
    let seed = generator.next()
    var results = [(w: Double, d: Double, edges: EdgePositions?)](
      repeating: (.nan, .nan, nil), count: draws)
    var failures = [LinearAlgebraError?](repeating: nil, count: draws)
    results.withUnsafeMutableBufferPointer { results in
      failures.withUnsafeMutableBufferPointer { failures in
        let (results, failures) = (results, failures)
        forEachIndex(below: draws) { k in
          // A stream a draw: the draws do not depend on the number of threads.
          var stream = RandomStream(seed: seed &+ UInt64(k), name: "bootstrap")
          do throws(LinearAlgebraError) {
            let sample = try law.randomMatrixSpectrum(order: order, index: index, using: &stream)
            let separation = Separation(family, of: sample, rule: .edge, from: fit)
            let bulk = sample[separation.bulk]
            let distance = GoodnessOfFit(bulk, separation.fit.parameters.law)
            let n = Double(bulk.count)
            results[k] = (
              n * distance.cramerVonMises, n * distance.kolmogorovSmirnov,
              separation.fit.parameters.edges(of: sample, index: index)
            )
          } catch {
            failures[k] = error
          }
        }
      }
    }
    if let failure = failures.lazy.compactMap(\.self).first { throw .eigensolver(failure) }
    let beta = family == .semicircle ? Double(index.rawValue) : 1
    let growth = Double.log(Double(count) / Double(order))
    let w = Double(count) * observed.cramerVonMises - growth / (beta * .pi * .pi)
    let d = Double(count) * observed.kolmogorovSmirnov - growth * (2 / beta).squareRoot() / .pi
    func share(_ hits: Int) -> Double { Double(1 + hits) / Double(1 + draws) }
    self.draws = draws
    self.order = order
    cramerVonMises = share(results.count { $0.w >= w })
    tooRegular = share(results.count { $0.w <= w })
    kolmogorovSmirnov = share(results.count { $0.d >= d })
    do throws(RandomMatrixError) {
      edges = try fit.edges(of: sorted, index: index).map { found throws(RandomMatrixError) in
        try EdgeTest(index, observed: found, drawn: results.compactMap(\.edges))
      }
    } catch {
      throw .edges(error)
    }
  }
}

extension BulkLawParameters {
  /// Nil where the law is no semicircle.
  fileprivate func edges(
    of sorted: [Double], index: TracyWidomLaw.Index
  ) -> EdgePositions? {
    guard case .semicircle(let law) = law else { return nil }
    return EdgePositions(of: sorted, about: law, index: index)
  }
}

extension BulkLaw {
  /// The eigenvalues, ascending, of a random matrix whose spectrum has this law in the limit: for a
  /// semicircle of an ensemble of this index, for the others real.
  func randomMatrixSpectrum(
    order n: Int, index: TracyWidomLaw.Index, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    switch self {
    case .semicircle(let law):
      let beta = Double(index.rawValue)
      let unit = law.radius / (2 * (beta * Double(n)).squareRoot())
      return try RandomMatrixSpectrum.hermiteTridiagonal(order: n, beta: beta, using: &generator)
        .eigenvalues().map { law.center + unit * $0 }
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
