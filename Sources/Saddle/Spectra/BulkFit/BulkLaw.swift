/// The kinds of law that a bulk is held against.
public enum BulkLawFamily: String, Codable, CaseIterable, Sendable {
  /// Wigner's semicircle: center and radius.
  case semicircle
  /// Marchenko–Pastur, shifted, mirrored where it is skewed to the left: shift, scale and ratio.
  ///
  /// Its ratio is at most 1: the law of a larger one differs in nothing but its atom, which is
  /// taken out with the other zeros.
  case marchenkoPastur = "Marchenko–Pastur"
  /// Their free convolution: mean, both variances and the skew length.
  case freeConvolution = "free convolution"

  /// How many numbers are fitted.
  public var parameterCount: Int {
    switch self {
    case .semicircle: 2
    case .marchenkoPastur: 3
    case .freeConvolution: 4
    }
  }
}

/// A law of one of the families.
public enum BulkLaw: SpectralLaw {
  case semicircle(SemicircleLaw)
  case marchenkoPastur(MarchenkoPasturLaw)
  case freeConvolution(FreeConvolutionLaw)

  public var family: BulkLawFamily {
    switch self {
    case .semicircle: .semicircle
    case .marchenkoPastur: .marchenkoPastur
    case .freeConvolution: .freeConvolution
    }
  }

  private var law: any SpectralLaw {
    switch self {
    case .semicircle(let law): law
    case .marchenkoPastur(let law): law
    case .freeConvolution(let law): law
    }
  }

  public var support: ClosedRange<Double> { law.support }
  public var atom: Atom? { law.atom }
  public var mean: Double { law.mean }
  public var variance: Double { law.variance }

  public func density(_ x: Double) -> Double {
    switch self {
    case .semicircle(let law): law.density(x)
    case .marchenkoPastur(let law): law.density(x)
    case .freeConvolution(let law): law.density(x)
    }
  }

  public func cumulative(_ x: Double) -> Double {
    switch self {
    case .semicircle(let law): law.cumulative(x)
    case .marchenkoPastur(let law): law.cumulative(x)
    case .freeConvolution(let law): law.cumulative(x)
    }
  }

  public func survival(_ x: Double) -> Double {
    switch self {
    case .semicircle(let law): law.survival(x)
    case .marchenkoPastur(let law): law.survival(x)
    case .freeConvolution(let law): law.survival(x)
    }
  }
}
