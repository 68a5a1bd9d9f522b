/// Laws by their free cumulants, which add under additive free convolution (Speicher 1994).
public struct FreeCumulants: Equatable, Sendable {
  /// κ₁, κ₂, …
  public let values: [Double]

  public init(_ values: [Double]) { self.values = values }

  /// The semicircle of variance v around zero: κ₂ = v, all others zero.
  public static func semicircle(variance: Double, count: Int) -> FreeCumulants {
    FreeCumulants((1...count).map { $0 == 2 ? variance : 0 })
  }

  /// The Marchenko–Pastur law of scale·XXᵀ/m, X p × m with entries of variance 1, p/m → ratio:
  /// κ_k = scale^k·ratio^(k−1).
  public static func marchenkoPastur(ratio: Double, scale: Double, count: Int) -> FreeCumulants {
    var value = scale
    return FreeCumulants(
      (1...count).map { _ in
        defer { value *= scale * ratio }
        return value
      })
  }

  /// A unit mass at `point`.
  public static func point(_ point: Double, count: Int) -> FreeCumulants {
    FreeCumulants((1...count).map { $0 == 1 ? point : 0 })
  }

  /// The free convolution's.
  public static func + (a: FreeCumulants, b: FreeCumulants) -> FreeCumulants {
    FreeCumulants(zip(a.values, b.values).map { $0 + $1 })
  }

  /// The law's moments m₀ = 1, m₁, …: m_n = Σ_s κ_s Σ_{i₁+…+i_s = n−s} m_{i₁}⋯m_{i_s}
  /// (Nica, Speicher 2006, lecture 11).
  public var moments: [Double] {
    var moments = [1.0]
    for n in 1...values.count {
      // powers[j] = the coefficient of zʲ in M(z)^s, for the moments known so far.
      var powers = [1.0] + [Double](repeating: 0, count: n)
      var sum = 0.0
      for s in 1...n {
        var next = [Double](repeating: 0, count: n + 1)
        for i in moments.indices {
          for j in 0...(n - i) where i + j <= n { next[i + j] += moments[i] * powers[j] }
        }
        powers = next
        sum += values[s - 1] * powers[n - s]
      }
      moments.append(sum)
    }
    return moments
  }
}
