/// How eigenvalues are told from the bulk's.
public enum OutlierRule: Codable, Equatable, Sendable {
  /// Beyond an edge of the fitted law by more than `BulkFitLimits.edgeAllowance` times its distance
  /// from the law's outermost 1/n quantile; law and outliers are fitted in turns.
  case edge
  /// So many at either end, whatever the laws say.
  case known(below: Int, above: Int)
}

/// The limits that outliers and verdicts are decided by, the same for all spectra: no run may move
/// them.
public enum BulkFitLimits {
  /// An eigenvalue is an outlier beyond edge ± allowance·max(|edge − q|, width/n), q the law's
  /// outermost 1/n quantile.
  ///
  /// |edge − q| shrinks like n^(−2/3) at a square-root edge, as the largest eigenvalue's
  /// fluctuation does: twice it is 5.6 of the Tracy–Widom law's units for a semicircle, and the law
  /// has less than 1e-4 beyond that.
  public static let edgeAllowance = 2.0
  /// Outliers are few: where the rule calls for more than this share of the eigenvalues, none is
  /// taken out, since what lies outside the law is then part of what it fails to describe.
  public static let outlierShare = 0.1
  /// No law is fitted to fewer eigenvalues.
  public static let leastBulk = 20
  /// Nothing is said of Wigner's law on fewer eigenvalues.
  public static let leastDecided = 50
  /// The law holds where the bootstrap's p-value is at least this …
  public static let holdsAbove = 0.01
  /// … and fails where it is below this. Between the two it is undecided.
  public static let failsBelow = 0.001
}

/// What a bulk fit is to do.
public struct BulkFitOptions: Codable, Equatable, Sendable {
  /// ε: eigenvalues with |λ| ≤ ε·max|λ| are zeros, structural or emergent, and taken out; nil for
  /// the resolution of the arithmetic, 60·P·ulp.
  ///
  /// The structural zeros are taken out whatever ε is. A larger ε cuts a hole into a bulk around
  /// zero, and max|λ| may belong to an outlier: that is why the least one is the default.
  public var zeroTolerance: Double?
  public var outlierRule: OutlierRule
  public var families: [BulkLawFamily]
  /// The bootstrap's draws for the semicircle, which its verdict rests on.
  public var semicircleDraws: Int
  /// The draws for each other law; 0 for no p-value.
  public var draws: Int
  /// The largest order of matrices that are drawn; see `BootstrapTest`.
  public var orderLimit: Int
  /// Whether the semicircle is put to the test as GOE's or as GUE's.
  public var index: TracyWidomLaw.Index

  public init(
    zeroTolerance: Double? = nil, outlierRule: OutlierRule = .edge,
    families: [BulkLawFamily] = BulkLawFamily.allCases, semicircleDraws: Int = 1999,
    draws: Int = 199, orderLimit: Int = 400, index: TracyWidomLaw.Index = .orthogonal
  ) {
    self.zeroTolerance = zeroTolerance
    self.outlierRule = outlierRule
    self.families = families
    self.semicircleDraws = semicircleDraws
    self.draws = draws
    self.orderLimit = orderLimit
    self.index = index
  }

  func draws(for family: BulkLawFamily) -> Int { family == .semicircle ? semicircleDraws : draws }

  func validate() throws(BulkFitError) {
    func require(
      _ holds: Bool, _ name: String, _ value: some Any, _ domain: String
    ) throws(BulkFitError) {
      guard holds else { throw .invalidOption(name: name, value: "\(value)", domain: domain) }
    }
    if let zeroTolerance {
      try require(
        zeroTolerance >= 0 && zeroTolerance < 1, "zeroTolerance", zeroTolerance,
        "a share of max|λ|, at least 0 and below 1")
    }
    if case .known(let below, let above) = outlierRule {
      try require(below >= 0 && above >= 0, "outlierRule", outlierRule, "counts of at least 0")
    }
    try require(semicircleDraws >= 0, "semicircleDraws", semicircleDraws, "0 or more")
    try require(draws >= 0, "draws", draws, "0 or more")
    try require(
      orderLimit >= BulkFitLimits.leastBulk, "orderLimit", orderLimit,
      "at least \(BulkFitLimits.leastBulk)")
    try require(
      Set(families).count == families.count && !families.isEmpty, "families",
      families.map(\.rawValue), "one or more laws, each once")
  }
}
