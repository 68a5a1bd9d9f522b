/// How far a spectrum's bulk lies from a law, beside the spectra of random matrices that have it:
/// what a record keeps of a fit. What that says of the law is for a claim's rule to decide.
public struct LawTest: Codable, Equatable, Sendable {
  public let law: BulkLawFamily
  /// The random matrices that were drawn, by name: "GOE".
  public let matrix: String
  /// n, the eigenvalues that the law was fitted to.
  public let bulk: Int
  /// n·W².
  public let distance: Double
  /// P(W² at least as large).
  public let pValue: Double
  /// P(W² at most as large); nil in records from before it was kept.
  public let tooRegular: Double?
  public let draws: Int
  /// The order of the matrices drawn.
  public let order: Int
  /// Whether too many eigenvalues lay beyond the law's edges to be taken out as outliers.
  public let exceedsOutlierLimit: Bool
  /// The law with the least of Akaike's figures where that is another, and by how much.
  public let better: BulkLawFamily?
  public let betterBy: Double?
}

extension BulkFitReport {
  /// The test of one family; nil where it was not fitted, or without draws.
  public func test(_ family: BulkLawFamily) -> LawTest? {
    guard let fit = fit(family), let test = fit.bootstrap else { return nil }
    let index = self.fit(.semicircle)?.bootstrap?.edges?.index ?? .orthogonal
    let other = best.flatMap { $0.law.family == family ? nil : $0 }
    return LawTest(
      law: family, matrix: family.matrix(index), bulk: fit.bulk,
      distance: Double(fit.bulk) * fit.cramerVonMises, pValue: test.cramerVonMises,
      tooRegular: test.tooRegular, draws: test.draws, order: test.order,
      exceedsOutlierLimit: fit.exceedsOutlierLimit, better: other?.law.family,
      betterBy: other.map { fit.akaike - $0.akaike })
  }
}

extension BulkLawFamily {
  /// The random matrices that have the law in the limit.
  func matrix(_ index: TracyWidomLaw.Index) -> String {
    switch self {
    case .semicircle: index.ensemble
    case .marchenkoPastur: "Wishart"
    case .freeConvolution: "GOE + Wishart"
    }
  }
}
