/// What is taken of a point, and with how much work: equal settings at equal points give equal
/// records.
public struct PointSettings: Codable, Hashable, Sendable {
  public enum Method: String, Codable, CaseIterable, Sendable {
    /// All eigenvalues, with a certificate of negative curvature.
    case exact
    /// Index and degeneracy by LDLᵀ, without eigenvalues.
    case counts
    /// Extremes with bounds, counts and traces with limits, from products with vectors.
    case matrixFree
    /// Loss, accuracy and gradient only.
    case none
  }

  public var method = Method.exact
  public var curvature = CurvatureKind.hessian
  /// Whether the weight decay's part is in the matrix.
  public var includesPenalty = true
  /// Also the spectrum of each layer's own block (exact).
  public var byLayer = false
  /// Also fit the laws of random matrices to the bulk (exact).
  public var fit = false
  /// Also compare with the Gauss–Newton matrix (exact, Hessian).
  public var gaussNewton = false
  /// Also go on to a critical point and measure that (exact, Hessian).
  public var refine = false
  public var matrixFree = MatrixFreeSettings()
  /// Seeds witnesses, counts and bootstraps.
  public var seed: UInt64 = 0

  public init(method: Method = .exact) { self.method = method }

  /// The most Newton steps of a refinement: near degenerate points the way is long.
  public static let refinementBudget = 2000

  /// Whether the matrix is the loss's own Hessian, of which points are classified.
  public var isOfHessian: Bool { curvature == .hessian && includesPenalty }

  /// Of a point that training passes: all eigenvalues as long as they take no longer than an epoch
  /// usually does, else a few products.
  ///
  /// - Parameters:
  ///   - order: P.
  ///   - fit: whether the laws are put to the test, where all eigenvalues are taken.
  static func along(order: Int, fit: Bool) -> PointSettings {
    var settings = PointSettings(method: order <= 4000 ? .exact : .matrixFree)
    settings.fit = fit && settings.method == .exact
    settings.matrixFree.pairs = 1
    settings.matrixFree.probes = 2
    settings.matrixFree.takesSecondOpinion = false
    return settings
  }
}
