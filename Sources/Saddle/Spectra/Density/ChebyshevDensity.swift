import RealModule

/// A spectral density as a series of Chebyshev polynomials, damped by Jackson's kernel, under which
/// it is nowhere negative.
public struct ChebyshevDensity: Codable, Equatable, Sendable {
  /// The operator's order n.
  public let dimension: Int
  /// The interval that the polynomials are scaled to.
  public let bounds: ClosedRange<Double>
  /// Each probe's moments μ₀ = 1, μ₁, …
  public let samples: [[Double]]
  /// How many products with a vector were taken, for the bounds as well.
  public let products: Int
  /// The mean moments over probes, undamped.
  public let moments: [Double]

  init(dimension: Int, bounds: ClosedRange<Double>, samples: [[Double]], products: Int) {
    self.dimension = dimension
    self.bounds = bounds
    self.samples = samples
    self.products = products
    let count = samples[0].count
    moments = (0..<count).map { m in
      samples.reduce(0) { $0 + $1[m] } / Double(samples.count)
    }
  }

  /// Each moment's standard error over probes; nil for one.
  public var standardErrors: [Double]? {
    guard samples.count > 1 else { return nil }
    return moments.indices.map { m in
      ((sampleMoments(samples.map { $0[m] }).variance ?? 0) / Double(samples.count)).squareRoot()
    }
  }

  /// The kernel's standard deviation in the middle of the interval, where it is widest:
  /// π/M·(half-width).
  public var width: Double {
    (bounds.upperBound - bounds.lowerBound) / 2 * Double.pi / Double(moments.count)
  }

  /// Jackson's factors g₀ = 1 … g_{M−1} (Weiße et al. 2006, eq. 71).
  private var damping: [Double] {
    let angle = Double.pi / Double(moments.count + 1)
    let count = Double(moments.count + 1)
    return moments.indices.map { m in
      let x = Double(m)
      return
        ((count - x) * Double.cos(angle * x)
        + Double.sin(angle * x) * Double.cos(angle) / Double.sin(angle)) / count
    }
  }

  /// The angle φ of x = cos φ, scaled.
  private func angle(_ x: Double) -> Double {
    let (low, high) = (bounds.lowerBound, bounds.upperBound)
    return Double.acos(min(max((2 * x - low - high) / (high - low), -1), 1))
  }

  /// The density at points; 0 outside the bounds.
  public func density(at points: [Double]) -> [Double] {
    let terms = zip(damping, moments).map { $0 * $1 }
    let half = (bounds.upperBound - bounds.lowerBound) / 2
    return points.map { x in
      guard bounds.contains(x) else { return 0 }
      let φ = angle(x)
      let sine = Double.sin(φ)
      guard sine > 0 else { return 0 }
      var sum = terms[0]
      for m in 1..<terms.count { sum += 2 * terms[m] * Double.cos(Double(m) * φ) }
      return sum / (Double.pi * sine * half)
    }
  }

  /// The distribution function at points, integrated term by term.
  public func cumulative(at points: [Double]) -> [Double] {
    let terms = zip(damping, moments).map { $0 * $1 }
    return points.map { x in
      guard x > bounds.lowerBound else { return 0 }
      guard x < bounds.upperBound else { return terms[0] }
      let φ = angle(x)
      var sum = terms[0] * (Double.pi - φ)
      for m in 1..<terms.count { sum -= 2 * terms[m] * Double.sin(Double(m) * φ) / Double(m) }
      return sum / Double.pi
    }
  }
}

/// How far two methods agree on a spectral density.
public struct DensityAgreement: Codable, Equatable, Sendable {
  /// ∫ |F − G| dx of the two distribution functions.
  public let wasserstein1: Double
  /// Below this, distances say nothing: the kernel's own width.
  public let resolution: Double
  public let bins: [Bin]

  /// The share of eigenvalues in one bin, by both.
  public struct Bin: Codable, Equatable, Sendable {
    public let range: ClosedRange<Double>
    public let lanczos: Double
    public let chebyshev: Double
  }

  /// The largest difference of a bin.
  public var largestDifference: Double {
    bins.reduce(0) { max($0, ($1.lanczos - $1.chebyshev).magnitude) }
  }
}

extension SpectralDensity {
  /// Compares with the kernel polynomial method, over bins of equal width.
  ///
  /// - Parameter count: of bins, at least 1.
  public func agreement(with other: ChebyshevDensity, bins count: Int = 20) -> DensityAgreement {
    precondition(count > 0, "\(count) bins")
    let low = min(other.bounds.lowerBound, extent.lowerBound)
    let high = max(other.bounds.upperBound, extent.upperBound)
    func place(_ k: Int, of parts: Int) -> Double {
      k == parts ? high : low + (high - low) * Double(k) / Double(parts)
    }
    let edges = (0...count).map { place($0, of: count) }
    let smooth = other.cumulative(at: edges)
    let stairs = edges.map { mean.cumulative(at: $0) }
    let bins = (0..<count).map { k in
      DensityAgreement.Bin(
        range: edges[k]...edges[k + 1],
        lanczos: k == 0 ? stairs[1] : stairs[k + 1] - stairs[k],
        chebyshev: smooth[k + 1] - smooth[k])
    }
    // Between the stairs' steps and as many points as show the series' finest waves.
    let parts = 8 * other.moments.count
    let points = ((0...parts).map { place($0, of: parts) } + mean.nodes).sorted()
    let waves = other.cumulative(at: points)
    var distance = 0.0
    var (position, sum) = (0, 0.0)
    for k in 1..<points.count {
      while position < mean.nodes.count, mean.nodes[position] <= points[k - 1] {
        sum += mean.weights[position]
        position += 1
      }
      let ends = ((waves[k - 1] - sum).magnitude, (waves[k] - sum).magnitude)
      distance += (points[k] - points[k - 1]) * (ends.0 + ends.1) / 2
    }
    return DensityAgreement(wasserstein1: distance, resolution: other.width, bins: bins)
  }
}
