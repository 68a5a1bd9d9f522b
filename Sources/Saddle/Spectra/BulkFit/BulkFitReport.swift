import RealModule

/// One law against the bulk.
public struct LawFit: Codable, Equatable, Sendable {
  public let law: BulkLaw
  /// Whether the fit came to rest.
  public let isConverged: Bool
  /// How many eigenvalues the law was fitted to.
  public let bulk: Int
  /// Eigenvalues that lie beyond the law's edges by more than a random matrix's do.
  public let outliersBelow: Int
  public let outliersAbove: Int
  /// Whether there were so many of them that none was taken out.
  public let exceedsOutlierLimit: Bool
  /// D = sup |Fₙ − F| over the bulk.
  public let kolmogorovSmirnov: Double
  /// W² = n ∫ (Fₙ − F)² dF over the bulk.
  public let cramerVonMises: Double
  /// Σ log ((1 − ε)·f(λ) + ε/range) over bulk and outliers, ε = max(1, outliers)/n.
  ///
  /// As if eigenvalues were independent, which they are not: differences between laws are a guide,
  /// their size no evidence. Without the uniform share one eigenvalue beyond an edge would make
  /// each of them −∞.
  public let logLikelihood: Double
  /// Nil where no draws were asked for.
  public let bootstrap: BootstrapTest?

  package init(
    law: BulkLaw, isConverged: Bool, bulk: Int, outliersBelow: Int, outliersAbove: Int,
    exceedsOutlierLimit: Bool, kolmogorovSmirnov: Double, cramerVonMises: Double,
    logLikelihood: Double, bootstrap: BootstrapTest?
  ) {
    self.law = law
    self.isConverged = isConverged
    self.bulk = bulk
    self.outliersBelow = outliersBelow
    self.outliersAbove = outliersAbove
    self.exceedsOutlierLimit = exceedsOutlierLimit
    self.kolmogorovSmirnov = kolmogorovSmirnov
    self.cramerVonMises = cramerVonMises
    self.logLikelihood = logLikelihood
    self.bootstrap = bootstrap
  }

  /// Akaike's 2k − 2·log-likelihood, with the same reservation.
  public var akaike: Double { 2 * Double(law.family.parameterCount) - 2 * logLikelihood }
}

/// Laws of random matrices held against the bulk of a spectrum.
///
/// Structural zeros, and emergent ones by the stated tolerance, are taken out first; outliers by
/// each law's own edges. Each law is fitted by minimum Cramér–von Mises distance, and its p-values
/// are those of a parametric bootstrap with random matrices' spectra.
public struct BulkFitReport: Codable, Equatable, Sendable {
  /// P, all eigenvalues.
  public let order: Int
  /// ε of the zeros.
  public let zeroTolerance: Double
  /// Eigenvalues that were taken out as zeros: those with |λ| ≤ ε·max|λ|, and at least as many of
  /// the least in magnitude as there are structural zeros.
  public let zeros: Int
  public let structuralZeros: Int
  public let outlierRule: OutlierRule
  /// In the order of the options' families.
  public let fits: [LawFit]

  package init(
    order: Int, zeroTolerance: Double, zeros: Int, structuralZeros: Int, outlierRule: OutlierRule,
    fits: [LawFit]
  ) {
    self.order = order
    self.zeroTolerance = zeroTolerance
    self.zeros = zeros
    self.structuralZeros = structuralZeros
    self.outlierRule = outlierRule
    self.fits = fits
  }

  /// The fit of one family.
  public func fit(_ family: BulkLawFamily) -> LawFit? { fits.first { $0.law.family == family } }

  /// The fit with the least of Akaike's figures.
  public var best: LawFit? { fits.min { $0.akaike < $1.akaike } }
}

extension BulkFitReport {
  /// - Throws: `BulkFitError.invalidOption`; `.tooFew` where fewer than `BulkFitLimits.leastBulk`
  ///   eigenvalues are left; `.noSpread` where half of them are equal; `.badlyScaled` where
  ///   their squares would over- or underflow; `.eigensolver`, `.edges`.
  public init(
    of spectrum: Spectrum, options: BulkFitOptions = BulkFitOptions(),
    using generator: inout some RandomNumberGenerator
  ) throws(BulkFitError) {
    try options.validate()
    let tolerance = options.zeroTolerance ?? spectrum.resolution
    let zeros = max(spectrum.degeneracy(at: tolerance).zeros, spectrum.structuralZeros)
    let values = spectrum.withoutLeast(zeros)
    var left = values.count
    if case .known(let below, let above) = options.outlierRule { left -= below + above }
    guard left >= BulkFitLimits.leastBulk else {
      throw .tooFew(eigenvalues: max(left, 0), needed: BulkFitLimits.leastBulk)
    }
    let range = interquartileRange(values[...])
    guard range > spectrum.resolution * spectrum.radius else {
      throw .noSpread(at: values[values.count / 2])
    }
    guard spectrum.radius <= 1e100, range >= 1e-100 else {
      throw .badlyScaled(radius: spectrum.radius, interquartileRange: range)
    }
    var fits: [LawFit] = []
    for family in options.families {
      fits.append(try LawFit(family, to: values, options: options, using: &generator))
    }
    order = spectrum.order
    zeroTolerance = tolerance
    self.zeros = zeros
    structuralZeros = spectrum.structuralZeros
    outlierRule = options.outlierRule
    self.fits = fits
  }
}

extension LawFit {
  /// - Parameter sorted: the eigenvalues without zeros, ascending.
  fileprivate init(
    _ family: BulkLawFamily, to sorted: [Double], options: BulkFitOptions,
    using generator: inout some RandomNumberGenerator
  ) throws(BulkFitError) {
    let separation = Separation(family, of: sorted, rule: options.outlierRule)
    let parameters = separation.fit.parameters
    let bulk = separation.bulk
    let distance = GoodnessOfFit(sorted[bulk], parameters.law)
    law = parameters.law
    isConverged = separation.fit.isConverged
    self.bulk = bulk.count
    outliersBelow = bulk.lowerBound
    outliersAbove = sorted.count - bulk.upperBound
    exceedsOutlierLimit = separation.exceedsLimit
    kolmogorovSmirnov = distance.kolmogorovSmirnov
    cramerVonMises = distance.cramerVonMises
    logLikelihood = Self.logLikelihood(
      of: parameters.law, sorted, outliers: sorted.count - bulk.count)
    let draws = options.draws(for: family)
    bootstrap =
      draws == 0
      ? nil
      : try BootstrapTest(
        of: parameters, to: sorted, bulk: bulk, observed: distance, draws: draws,
        orderLimit: options.orderLimit, index: options.index, using: &generator)
  }

  private static func logLikelihood(
    of law: BulkLaw, _ sorted: [Double], outliers: Int
  ) -> Double {
    let share = Double(max(1, outliers)) / Double(sorted.count)
    let uniform = share / (sorted[sorted.count - 1] - sorted[0])
    return sorted.reduce(0) { $0 + .log((1 - share) * law.density($1) + uniform) }
  }
}

extension Spectrum {
  /// The eigenvalues but for the `count` least in magnitude, ascending.
  func withoutLeast(_ count: Int) -> [Double] {
    // They are neighbours in ascending order: widen the gap from where the sign changes.
    var low = eigenvalues.firstIndex { $0 >= 0 } ?? order
    var high = low
    while high - low < count {
      let isBelow =
        high == order || (low > 0 && eigenvalues[low - 1].magnitude <= eigenvalues[high].magnitude)
      if isBelow { low -= 1 } else { high += 1 }
    }
    return Array(eigenvalues[..<low] + eigenvalues[high...])
  }
}
