import RealModule

/// The additive free convolution of a semicircle and a Marchenko–Pastur law: the limit law of the
/// sum of a GOE matrix and a Wishart matrix, independent of it (Pastur 1972; Voiculescu 1986). With
/// the residual as the one and the Gauss–Newton matrix as the other it is a model of a network's
/// Hessian (Pennington, Bahri 2017).
///
/// Its Stieltjes transform g solves Pastur's equation, which in a = 1/g, for mean 0, reads
///
///     z = a + v/a + w/(a − τ),
///
/// v being the semicircle's variance, w that of the Marchenko–Pastur law and τ = scale·ratio: a
/// cubic with one real root in (0, τ) wherever the density is positive. Density and distribution
/// function are closed forms in the complex root.
///
/// Special cases: w = 0 or τ = 0 is a semicircle, v = 0 a Marchenko–Pastur law.
///
/// - Accuracy: absolute, some 1e-14 of the mass; the two special cases keep their laws' digits.
public struct FreeConvolutionLaw: SpectralLaw {
  public let mean: Double
  /// v, the variance of the semicircular part.
  public let semicircleVariance: Double
  /// w = scale²·ratio, the variance of the Marchenko–Pastur part.
  public let marchenkoPasturVariance: Double
  /// τ = scale·ratio; of the scale's sign.
  public let skewLength: Double
  private let shape: Shape

  /// - Parameters:
  ///   - semicircleVariance: v ≥ 0, the squared radius over 4.
  ///   - marchenkoPasturVariance: w ≥ 0; one of the two must be positive.
  ///   - skewLength: τ. The ratio is τ²/w, the scale w/τ.
  public init(
    mean: Double, semicircleVariance: Double, marchenkoPasturVariance: Double, skewLength: Double
  ) {
    let total = semicircleVariance + marchenkoPasturVariance
    precondition(
      Self.exists(mean, semicircleVariance, marchenkoPasturVariance, skewLength),
      "a free convolution of variances \(semicircleVariance) and \(marchenkoPasturVariance), "
        + "mean \(mean), skew length \(skewLength)")
    self.mean = mean
    self.semicircleVariance = semicircleVariance
    self.marchenkoPasturVariance = marchenkoPasturVariance
    self.skewLength = skewLength
    if marchenkoPasturVariance == 0 || skewLength == 0 {
      shape = .semicircle(SemicircleLaw(center: mean, radius: 2 * total.squareRoot()))
    } else if semicircleVariance == 0 {
      let scale = marchenkoPasturVariance / skewLength
      shape = .marchenkoPastur(
        MarchenkoPasturLaw(
          ratio: skewLength / scale, scale: scale, shift: mean - scale))
    } else {
      let deviation = total.squareRoot()
      shape = .both(
        StandardFreeConvolution(
          share: marchenkoPasturVariance / total, step: skewLength.magnitude / deviation))
    }
  }

  /// The law of a semicircle of this variance around 0, freely added to a Marchenko–Pastur law.
  public init(semicircleVariance: Double, plus law: MarchenkoPasturLaw) {
    self.init(
      mean: law.mean, semicircleVariance: semicircleVariance,
      marchenkoPasturVariance: law.variance, skewLength: law.scale * law.ratio)
  }

  private enum Shape: Equatable, Sendable {
    case semicircle(SemicircleLaw)
    case marchenkoPastur(MarchenkoPasturLaw)
    case both(StandardFreeConvolution)
  }

  public var variance: Double { semicircleVariance + marchenkoPasturVariance }
  private var deviation: Double { variance.squareRoot() }
  private var isMirrored: Bool { skewLength < 0 }
  /// x in standard deviations from the mean, mirrored where the law is.
  private func standardized(_ x: Double) -> Double {
    (isMirrored ? mean - x : x - mean) / deviation
  }

  /// The intervals where the density is positive, ascending: two where the Marchenko–Pastur part
  /// stands clear of what the semicircle makes of its atom.
  public var components: [ClosedRange<Double>] {
    guard case .both(let standard) = shape else { return [support] }
    let scaled = standard.components.map { component in
      isMirrored
        ? mean - deviation * component.upperBound...mean - deviation * component.lowerBound
        : mean + deviation * component.lowerBound...mean + deviation * component.upperBound
    }
    return isMirrored ? scaled.reversed() : scaled
  }

  public var support: ClosedRange<Double> {
    switch shape {
    case .semicircle(let law): return law.support
    case .marchenkoPastur(let law): return law.support
    case .both(let standard):
      let edges = standard.support
      return isMirrored
        ? mean - deviation * edges.upperBound...mean - deviation * edges.lowerBound
        : mean + deviation * edges.lowerBound...mean + deviation * edges.upperBound
    }
  }

  public var atom: Atom? {
    if case .marchenkoPastur(let law) = shape { law.atom } else { nil }
  }

  public func density(_ x: Double) -> Double {
    switch shape {
    case .semicircle(let law): law.density(x)
    case .marchenkoPastur(let law): law.density(x)
    case .both(let standard): standard.density(standardized(x)) / deviation
    }
  }

  public func cumulative(_ x: Double) -> Double {
    switch shape {
    case .semicircle(let law): law.cumulative(x)
    case .marchenkoPastur(let law): law.cumulative(x)
    case .both(let standard):
      isMirrored
        ? standard.survival(standardized(x)) : 1 - standard.survival(standardized(x))
    }
  }

  public func survival(_ x: Double) -> Double {
    switch shape {
    case .semicircle(let law): law.survival(x)
    case .marchenkoPastur(let law): law.survival(x)
    case .both(let standard):
      isMirrored
        ? 1 - standard.survival(standardized(x)) : standard.survival(standardized(x))
    }
  }
}

extension FreeConvolutionLaw {
  private enum CodingKeys: CodingKey {
    case mean, semicircleVariance, marchenkoPasturVariance, skewLength
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let mean = try container.decode(Double.self, forKey: .mean)
    let v = try container.decode(Double.self, forKey: .semicircleVariance)
    let w = try container.decode(Double.self, forKey: .marchenkoPasturVariance)
    let tau = try container.decode(Double.self, forKey: .skewLength)
    guard Self.exists(mean, v, w, tau) else {
      throw DecodingError.dataCorruptedError(
        forKey: .semicircleVariance, in: container,
        debugDescription: "no free convolution has variances \(v) and \(w), mean \(mean), "
          + "skew length \(tau)")
    }
    self.init(
      mean: mean, semicircleVariance: v, marchenkoPasturVariance: w, skewLength: tau)
  }

  /// Whether these are a law's mean, variances and skew length.
  private static func exists(_ mean: Double, _ v: Double, _ w: Double, _ tau: Double) -> Bool {
    mean.isFinite && tau.isFinite && v >= 0 && w >= 0 && v + w > 0 && (v + w).isFinite
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(semicircleVariance, forKey: .semicircleVariance)
    try container.encode(marchenkoPasturVariance, forKey: .marchenkoPasturVariance)
    try container.encode(skewLength, forKey: .skewLength)
  }
}
