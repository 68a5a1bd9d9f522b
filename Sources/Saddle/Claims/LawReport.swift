/// What can be said of a list of eigenvalues as a random matrix's spectrum.
public struct LawReport: Codable, Equatable, Sendable {
  /// How many eigenvalues there are.
  public let order: Int
  /// What one of the report's lengths is in those of the eigenvalues: a power of two, and 1 where
  /// their squares are numbers.
  public let unit: Double
  /// Eigenvalues about zero that nobody has declared: at `BulkFitReport.zeroTolerance`.
  public let undeclaredZeros: Int
  /// How many a matrix of the ensemble has there, on average at most.
  public let expectedZeros: Double
  /// Zeros that were declared.
  public let structuralZeros: Int
  /// The laws against the bulk, unless it has none that could be fitted.
  public let fit: BulkFitReport?
  /// Why there is no fit.
  public let whyNoFit: String?
  /// How neighbours keep apart, outliers and zeros left out where there is a fit.
  public let repulsion: LevelRepulsion?
  /// Why there is no such test.
  public let whyNoRepulsion: String?
  /// Whether it is as GOE's, or as GUE's, that the spectrum is tested.
  public let index: TracyWidomLaw.Index
  /// p-values of what a matrix of that ensemble would pass, each adjusted for there being several.
  public let adjusted: [AdjustedTest]

  public struct AdjustedTest: Codable, Equatable, Sendable {
    public let name: String
    public let pValue: Double
    /// After Holm: below α with probability at most α in any of the tests.
    public let adjusted: Double
  }

  /// Declared zeros are no further from zero than this, relative to max|λ|.
  public static let zeroLimit = 1e-6

  /// - Throws: `BulkFitError.eigensolver`, `.edges`, `.invalidOption`, of more structural zeros too
  ///   than there are eigenvalues within `zeroLimit` of zero.
  public init(
    of spectrum: Spectrum, options: BulkFitOptions = BulkFitOptions(),
    using generator: inout some RandomNumberGenerator
  ) throws(BulkFitError) {
    let near = spectrum.degeneracy(at: Self.zeroLimit).zeros
    guard near >= spectrum.structuralZeros else {
      throw .invalidOption(
        name: "the number of structural zeros", value: "\(spectrum.structuralZeros)",
        domain: "at most \(near), as many eigenvalues as are within \(Self.zeroLimit)·max|λ| of zero")
    }
    order = spectrum.order
    unit = spectrum.unit
    let spectrum = spectrum.divided(by: unit)
    structuralZeros = spectrum.structuralZeros
    let tolerance = options.zeroTolerance ?? spectrum.resolution
    undeclaredZeros = max(0, spectrum.degeneracy(at: tolerance).zeros - structuralZeros)
    // The semicircle's density is nowhere above 2/(πR).
    let radius = (spectrum.greatest - spectrum.least) / 2
    expectedZeros =
      radius > 0
      ? min(1, 4 * tolerance * spectrum.radius / (.pi * radius)) * Double(spectrum.order) : 0
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
      case .invalidOption, .eigensolver, .edges: throw error
      }
    }
    do throws(RandomMatrixError) {
      repulsion = try LevelRepulsion(of: levels)
      whyNoRepulsion = nil
    } catch {
      repulsion = nil
      whyNoRepulsion = error.description
    }
    index = options.index
    var tests: [(name: String, pValue: Double)] = []
    if let test = fit?.fit(.semicircle)?.bootstrap {
      tests.append(("semicircle, Cramér–von Mises", test.cramerVonMises))
      tests.append(("semicircle, closer than chance", test.tooRegular))
      tests.append(("semicircle, Kolmogorov–Smirnov", test.kolmogorovSmirnov))
      if let edges = test.edges {
        tests.append(("greatest eigenvalue", edges.greatest.pValue))
        tests.append(("least eigenvalue", edges.least.pValue))
      }
    }
    if let p = repulsion?.pValue(of: index.spacings) {
      tests.append(("mean ratio of spacings", p))
    }
    adjusted = zip(tests, holmAdjusted(tests.map(\.pValue))).map {
      AdjustedTest(name: $0.name, pValue: $0.pValue, adjusted: $1)
    }
  }
}

extension LawReport {
  /// The verdict fails where the least p-value, adjusted, is below this: a spectrum of the ensemble
  /// does with at most this probability …
  public static let failsBelow = 0.01
  /// … and holds from here on. Between the two it is undecided.
  public static let holdsAbove = 0.05

  /// The probability that a matrix of the ensemble has so many eigenvalues about zero is at most
  /// this (Markov).
  public var zeroProbability: Double {
    undeclaredZeros == 0 ? 1 : min(1, expectedZeros / Double(undeclaredZeros))
  }

  /// Is this, in all that was tested, a spectrum of the ensemble?
  public var answer: Ruling {
    let rule =
      "holds if the least p-value, adjusted for all \(adjusted.count) by Holm's rule, is at least "
      + "\(Self.holdsAbove); fails below \(Self.failsBelow), and where eigenvalues are zero that were "
      + "not declared, with a probability below that; undecided between, and where density, edges or "
      + "spacings could not be tested"
    guard zeroProbability >= Self.failsBelow else {
      let chance =
        zeroProbability > 0
        ? "happens to a \(index.ensemble) matrix with probability \(short(zeroProbability)) at most"
        : "never happens to a \(index.ensemble) matrix"
      let remedy = "--structural-zeros \(structuralZeros + undeclaredZeros) leaves them out"
      return Ruling(
        verdict: .notReproduced, rule: rule,
        evidence: "\(undeclaredZeros) of \(order) eigenvalues are zero and not declared, which "
          + chance + "; if they are known to be there, " + remedy)
    }
    guard let least = adjusted.min(by: { $0.adjusted < $1.adjusted }) else {
      return Ruling(verdict: .undecided, rule: rule, evidence: "nothing could be tested")
    }
    let isComplete =
      fit?.fit(.semicircle)?.bootstrap?.edges != nil && repulsion != nil
    let verdict: Verdict =
      if least.adjusted < Self.failsBelow {
        .notReproduced
      } else if isComplete,
        least.adjusted >= Self.holdsAbove
      { .reproduced } else { .undecided }
    return Ruling(
      verdict: verdict, rule: rule,
      evidence: "the least of \(adjusted.count) p-values, adjusted for all by Holm's rule, is "
        + "\(short(least.adjusted)) (\(least.name))"
        + (isComplete ? "" : "; density, edges or spacings could not be tested"))
  }
}

extension TracyWidomLaw.Index {
  fileprivate var spacings: SpacingLaw {
    switch self {
    case .orthogonal: .goe
    case .unitary: .gue
    }
  }
}

extension Spectrum {
  /// The power of two at or below the radius where squares of the eigenvalues would over- or
  /// underflow, else 1.
  fileprivate var unit: Double {
    guard radius > 0, !(1e-80...1e100).contains(radius) else { return 1 }
    return Double(sign: .plus, exponent: radius.exponent, significand: 1)
  }

  /// The same in other units, none of which is above the radius: finite values stay finite.
  func divided(by unit: Double) -> Spectrum {
    guard unit != 1 else { return self }
    let values = eigenvalues.map { $0 / unit }
    return (try? Spectrum(eigenvalues: values, structuralZeros: structuralZeros)) ?? self
  }
}
