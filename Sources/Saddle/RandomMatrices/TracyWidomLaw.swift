import RealModule

/// Tracy and Widom's law of index β = 1 or 2: the limit of the largest eigenvalue of GOE and GUE
/// matrices, n^⅔(λ₁ − 2) for the semicircle on [−2, 2] (Tracy, Widom 1994, 1996).
///
/// With B(x, y) = Ai(x + y + s) on (0, ∞) it is F₁(s) = det(1 − B) (Ferrari, Spohn 2005) and
/// F₂(s) = det(1 − B²), since B² is the Airy kernel. The Fredholm determinants are those of a
/// Gauss–Legendre rule's matrix (Bornemann 2010, Math. Comp. 79), by its eigenvalues μ: ∏(1 − μ)
/// and ∏(1 − μ²).
///
/// - Accuracy: 1e-14 absolutely; `survival` and `density` also relatively, to 1e-12, from s = 0
///   to 30. Against Painlevé's equation, solved as a boundary value problem, 2e-15 and (to s = 11)
///   4e-14 were measured. To the left of −10, where F₁ < 1e-20, it is taken as 0.
public struct TracyWidomLaw: Sendable {
  /// Dyson's index of the ensemble.
  public enum Index: Int, Codable, CaseIterable, Sendable {
    case orthogonal = 1
    case unitary = 2

    /// The Gaussian ensemble of this index.
    public var ensemble: String {
      switch self {
      case .orthogonal: "GOE"
      case .unitary: "GUE"
      }
    }
  }

  public let index: Index
  private let airy = AiryFunction()
  private let rule: GaussLegendre

  public init(_ index: Index) { self.init(index, nodes: 72) }

  /// - Parameter nodes: of the quadrature on (0, ∞).
  package init(_ index: Index, nodes: Int) {
    self.index = index
    rule = GaussLegendre(order: nodes)
  }

  /// Between these the law has all of its mass but 1e-20.
  public static let range = -10.0...14.0

  /// The published mean (Bornemann 2010, Table 10: −1.20653 35745 82, −1.77108 68074 11).
  public var mean: Double {
    switch index {
    case .orthogonal: -1.206533574582
    case .unitary: -1.771086807411
    }
  }

  /// The published variance (Bornemann 2010, Table 10).
  public var variance: Double {
    switch index {
    case .orthogonal: 1.607781034581
    case .unitary: 0.8131947928329
    }
  }

  /// F(s) = P(λ ≤ s), between 0 and 1.
  ///
  /// - Throws: `.eigensolver` where LAPACK does not converge; `.invalidParameter` for NaN.
  public func cumulative(_ s: Double) throws(RandomMatrixError) -> Double {
    .exp(try logarithm(s))
  }

  /// 1 − F(s), by itself: the upper tail keeps its digits.
  ///
  /// - Throws: as `cumulative`.
  public func survival(_ s: Double) throws(RandomMatrixError) -> Double {
    // Not the negative, which is −0 far out.
    0 - .expMinusOne(try logarithm(s))
  }

  /// F′(s), from dμ = vᵀ(dB/ds)v: no differences are taken.
  ///
  /// - Throws: as `cumulative`.
  public func density(_ s: Double) throws(RandomMatrixError) -> Double {
    try requireNumber(s)
    guard s > Self.range.lowerBound, s < .infinity else { return 0 }
    let (kernel, derivative) = matrices(s)
    let system: Eigensystem<Double>
    do throws(LinearAlgebraError) { system = try kernel.eigensystem() } catch {
      throw .eigensolver(error)
    }
    let turned = system.vectors * derivative
    let order = rule.nodes.count
    let slopes = (0..<order).map { k in
      (0..<order).reduce(0.0) { sum, i in
        sum + turned.elements[k * order + i] * system.vectors.elements[k * order + i]
      }
    }
    // ∏(1 − μⱼ) differentiated factor by factor: a factor that rounds to zero does no harm.
    var (product, sum) = (1.0, 0.0)
    for k in 0..<order {
      let value = system.values[k]
      let factor: Double
      let slope: Double
      switch index {
      case .orthogonal: (factor, slope) = (1 - value, -slopes[k])
      case .unitary: (factor, slope) = ((1 - value) * (1 + value), -2 * value * slopes[k])
      }
      sum = sum * factor + product * slope
      product *= factor
    }
    return max(sum, 0)
  }

  /// The s with F(s) = p.
  ///
  /// - Accuracy: 2e-14 over the density, at best some ulp.
  /// - Throws: `.invalidParameter` unless 1e-12 ≤ p < 1; `.eigensolver`.
  public func quantile(_ p: Double) throws(RandomMatrixError) -> Double {
    guard p >= 1e-12, p < 1 else {
      throw .invalidParameter(name: "p", value: "\(p)", domain: "1e-12 ≤ p < 1")
    }
    return try root { s throws(RandomMatrixError) in
      p <= 0.5 ? try self.cumulative(s) - p : (1 - p) - (try self.survival(s))
    }
  }

  /// The s with P(λ > s) = p.
  ///
  /// - Throws: `.invalidParameter` unless 1e-16 ≤ p ≤ ½; `.eigensolver`.
  public func upperQuantile(_ p: Double) throws(RandomMatrixError) -> Double {
    guard p >= 1e-16, p <= 0.5 else {
      throw .invalidParameter(name: "p", value: "\(p)", domain: "1e-16 ≤ p ≤ 0.5")
    }
    return try root { s throws(RandomMatrixError) in p - (try self.survival(s)) }
  }

  /// ln F(s): the sum of ln(1 − μ), or of ln(1 − μ²), −∞ where rounding leaves nothing.
  private func logarithm(_ s: Double) throws(RandomMatrixError) -> Double {
    try requireNumber(s)
    guard s > Self.range.lowerBound else { return -.infinity }
    guard s < .infinity else { return 0 }
    let values: [Double]
    do throws(LinearAlgebraError) { values = try matrices(s).kernel.eigenvalues() } catch {
      throw .eigensolver(error)
    }
    var sum = 0.0
    for value in values {
      let share = index == .orthogonal ? value : value * value
      guard share < 1 else { return -.infinity }
      sum += .log(onePlus: -share)
    }
    return min(sum, 0)
  }

  private func requireNumber(_ s: Double) throws(RandomMatrixError) {
    guard !s.isNaN else {
      throw .invalidParameter(name: "s", value: "\(s)", domain: "a number")
    }
  }

  /// √wᵢ·Ai(xᵢ + xⱼ + s)·√wⱼ, and the same with Ai′ (nodes × nodes).
  ///
  /// The interval is cut where Ai has fallen below 1e-17 of its value at its start.
  private func matrices(_ s: Double) -> (kernel: Matrix<Double>, derivative: Matrix<Double>) {
    let length = max(18 - s, 10)
    let nodes = rule.nodes.map { length * (1 + $0) / 2 }
    let roots = rule.weights.map { (length * $0 / 2).squareRoot() }
    let order = nodes.count
    var derivative = Matrix<Double>(rows: order, columns: order)
    let kernel = symmetricMatrix(order: order) { i, j in
      let (value, slope) = airy(nodes[i] + nodes[j] + s)
      let weight = roots[i] * roots[j]
      derivative.elements[i * order + j] = weight * slope
      derivative.elements[j * order + i] = weight * slope
      return weight * value
    }
    return (kernel, derivative)
  }

  /// Where an increasing function with the law's density for its slope is zero within `range`, by
  /// Newton's steps where they stay inside the bracket and bisection where they do not.
  private func root(
    of function: (Double) throws(RandomMatrixError) -> Double
  ) throws(RandomMatrixError) -> Double {
    var (low, high) = (Self.range.lowerBound, Self.range.upperBound)
    var x = mean
    for _ in 0..<100 {
      let value = try function(x)
      if value == 0 { return x }
      if value < 0 { low = x } else { high = x }
      var next = x - value / (try density(x))
      // NaN is not inside either.
      if !(next > low && next < high) { next = low + (high - low) / 2 }
      let step = (next - x).magnitude
      x = next
      if step <= 4 * max(x.magnitude, 1).ulp { break }
    }
    return x
  }
}
