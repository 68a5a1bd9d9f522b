/// A certificate of a critical point as it is read from JSON; the names are those of the file.
public struct KantorovichClaim: Codable, Sendable, Equatable {
  /// β, η, M in a ball of radius r, h, t* and how far the point is the only one.
  public struct Bound: Codable, Sendable, Equatable {
    public var inverseNorm: Double
    public var newtonStep: Double
    public var lipschitz: Double
    public var radius: Double
    public var criterion: Double
    public var distance: Double?
    public var uniquenessRadius: Double?
  }

  /// Where the theorem is applied instead of θ.
  public struct Shifted: Codable, Sendable, Equatable {
    public var shift: Double
    public var offset: Double
    public var gradientNorm: Double
    public var gradientError: Double
    /// nil: not needed, since the offset is 0, or not known.
    public var lipschitz: Double?
  }

  /// "minimum", "strictSaddle" or "maximum"; nil where nothing is proved.
  public var kind: String?
  /// P.
  public var order: Int
  public var gradientNorm: Double
  public var gradientError: Double?
  public var shifted: Shifted?
  public var hessianError: Double?
  public var separation: Double?
  public var index: Int?
  /// Eigenvalues that are zero at every θ.
  public var exactZeros: Int
  public var bound: Bound?
  /// The same in a larger ball.
  public var wideBound: Bound?
}
