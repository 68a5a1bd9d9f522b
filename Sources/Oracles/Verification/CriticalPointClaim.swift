/// What is claimed about a point, as it is read from JSON; the names are those of the file.
public struct CriticalPointClaim: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    case minimum, secondOrderCritical, strictSaddle, degenerateSaddle, maximum, degenerateMaximum
    case gradientFlat, notCritical, undecided, unresolved
  }

  public struct Counts: Codable, Sendable, Equatable {
    public var negative, zero, positive: Int

    public init(negative: Int, zero: Int, positive: Int) {
      self.negative = negative
      self.zero = zero
      self.positive = positive
    }
  }

  /// A witness v of norm 1 with vᵀHv and ‖Hv − (vᵀHv)v‖.
  public struct Witness: Codable, Sendable, Equatable {
    public var direction: [Double]
    public var rayleighQuotient: Double
    public var residual: Double
  }

  /// Newton's step over the modes with |λ| > `resolution`, and what it is held against.
  public struct Criticality: Codable, Sendable, Equatable {
    public var newtonStep: Double
    /// The part of ‖∇L‖ in the other modes.
    public var unresolvedGradient: Double
    public var resolution: Double
    /// What rounding may have changed of the gradient.
    public var gradientError: Double
    public var lengthScale: Double
  }

  /// A step p that makes ‖Hp + g‖ least, up to curvature that counts as none.
  public struct Flatness: Codable, Sendable, Equatable {
    public var step: [Double]
    public var residual: Double
    public var hessianNorm: Double
    public var hessianNormError: Double
    /// What counts as none is `tolerance` times this …
    public var curvatureScale: Double
    /// … a curvature that is met at this point; nil for θ itself.
    public var scalePoint: [Double]?
    public var tolerance: Double
  }

  public var kind: Kind
  /// θ, P numbers.
  public var point: [Double]
  public var value: Double
  public var gradientNorm: Double
  public var criticality: Criticality
  /// |λ| up to this counts as zero.
  public var zeroBound: Double
  /// Eigenvalues below −`zeroBound`, between, and above.
  public var inertia: Counts
  /// Zeros that do not make the point degenerate.
  public var structuralZeros: Int
  public var curvature: Witness?
  public var flatness: Flatness?
}

extension CriticalPointClaim.Criticality {
  var figures: [Double] {
    [newtonStep, unresolvedGradient, resolution, gradientError, lengthScale]
  }
}
