/// What can be said of a list of eigenvalues as a random matrix's spectrum.
public struct LawReport: Codable, Equatable, Sendable {
  /// The laws against the bulk, unless it has none that could be fitted.
  public let fit: BulkFitReport?
  /// Why there is no fit.
  public let whyNoFit: String?
  /// How neighbours keep apart, outliers and zeros left out where there is a fit.
  public let repulsion: LevelRepulsion?
  /// Why there is no such test.
  public let whyNoRepulsion: String?
  /// p-values of what a GOE matrix's spectrum would pass, each adjusted for there being several.
  public let adjusted: [AdjustedTest]

  public struct AdjustedTest: Codable, Equatable, Sendable {
    public let name: String
    public let pValue: Double
    /// After Holm: below α with probability at most α in any of the tests.
    public let adjusted: Double
  }

  /// - Throws: `BulkFitError.eigensolver`.
  public init(
    of spectrum: Spectrum, options: BulkFitOptions = BulkFitOptions(),
    using generator: inout some RandomNumberGenerator
  ) throws(BulkFitError) {
    var levels = spectrum.eigenvalues
    do throws(BulkFitError) {
      let fit = try BulkFitReport(of: spectrum, options: options, using: &generator)
      self.fit = fit
      whyNoFit = nil
      if let semicircle = fit.fit(.semicircle), fit.zeros == 0 {
        levels = Array(
          levels.dropFirst(semicircle.outliersBelow).dropLast(semicircle.outliersAbove))
      } else {
        // Zeros have no ratios: what is left is the levels of either sign, one behind the other.
        let bound = fit.zeroTolerance * spectrum.radius
        levels = levels.filter { $0.magnitude > bound }
      }
    } catch {
      switch error {
      case .tooFew, .noSpread, .badlyScaled:
        fit = nil
        whyNoFit = error.description
      case .invalidOption, .eigensolver: throw error
      }
    }
    do throws(RandomMatrixError) {
      repulsion = try LevelRepulsion(of: levels)
      whyNoRepulsion = nil
    } catch {
      repulsion = nil
      whyNoRepulsion = error.description
    }
    var tests: [(name: String, pValue: Double)] = []
    if let test = fit?.fit(.semicircle)?.bootstrap {
      tests.append(("semicircle, Cramér–von Mises", test.cramerVonMises))
      tests.append(("semicircle, Kolmogorov–Smirnov", test.kolmogorovSmirnov))
    }
    if let p = repulsion?.pValue(of: .goe) { tests.append(("mean ratio of spacings", p)) }
    adjusted = zip(tests, holmAdjusted(tests.map(\.pValue))).map {
      AdjustedTest(name: $0.name, pValue: $0.pValue, adjusted: $1)
    }
  }
}

extension LawReport {
  /// For people: a name and a value a row.
  public var table: [(name: String, value: String)] {
    var rows = fit?.table ?? []
    if let whyNoFit { rows.append(("no fit", whyNoFit)) }
    if let repulsion {
      rows.append(
        (
          "mean ratio of spacings",
          "\(short(repulsion.meanRatio)) ± \(short(repulsion.standardError)) of "
            + "\(repulsion.ratios) ratios"
        ))
      for test in repulsion.tests {
        rows.append(
          (
            "  p of \(test.law.title)",
            "\(short(test.pValue)), expected \(short(test.law.meanRatio))"
          ))
      }
    }
    if let whyNoRepulsion { rows.append(("no ratios of spacings", whyNoRepulsion)) }
    for test in adjusted {
      rows.append(
        (
          "as of GOE: \(test.name)",
          "p = \(short(test.pValue)), \(short(test.adjusted)) adjusted for \(adjusted.count) tests"
        ))
    }
    return rows
  }

  /// A gnuplot script: the eigenvalues' histogram, the fitted laws, and the law that is expected.
  public func chart(of spectrum: Spectrum, limit: (any SpectralLaw)?) -> String {
    Charts.laws(
      spectrum, zeros: fit.map { $0.zeroTolerance * spectrum.radius },
      fitted: fit?.fits.map { ($0.law.family.rawValue, $0.law as any SpectralLaw) } ?? [],
      limit: limit)
  }
}

extension SpacingLaw {
  fileprivate var title: String {
    switch self {
    case .poisson: "independent levels"
    case .goe: "GOE's levels"
    case .gue: "GUE's levels"
    }
  }
}
