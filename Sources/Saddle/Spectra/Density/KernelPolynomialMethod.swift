import RealModule

/// The spectral density by moments of Chebyshev polynomials with Jackson's kernel (Weiße, Wellein,
/// Alvermann, Fehske 2006): a second opinion on stochastic Lanczos quadrature, which shares no
/// recurrence, no eigensolver and no quadrature with it.
///
/// Each product gives two moments: T₂ₘ = 2Tₘ² − 1 and T₂ₘ₊₁ = 2TₘTₘ₊₁ − T₁. Eigenvalues are smeared
/// by up to π·(half-width)/moments, in the middle of the interval.
public struct KernelPolynomialMethod: Codable, Equatable, Sendable {
  /// The number M of moments, μ₀ … μ_{M−1}.
  public let moments: Int
  public let probes: Int

  /// - Throws: `SpectralEstimateError.invalidSetting` for fewer than 2 moments or 1 probe.
  public init(moments: Int, probes: Int) throws(SpectralEstimateError) {
    try SpectralEstimateError.require("the number of moments", moments, atLeast: 2)
    try SpectralEstimateError.require("the number of probes", probes, atLeast: 1)
    self.moments = moments
    self.probes = probes
  }

  /// Takes the moments of probes that are uniform on the sphere.
  ///
  /// - Parameter bounds: an interval with all eigenvalues; nil takes `spectralBounds`.
  /// - Throws: `.outsideBounds` where an eigenvalue lies outside and a probe sees it, as an
  ///   expanding recurrence; `.emptyOperator`, `.krylov`, `.invalidSetting` for an empty interval.
  public func density<Operator: LinearOperator>(
    of matrix: Operator, bounds: ClosedRange<Double>? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws(SpectralEstimateError) -> ChebyshevDensity {
    guard matrix.dimension > 0 else { throw .emptyOperator }
    var products = 0
    let interval: ClosedRange<Double>
    if let bounds {
      interval = bounds
    } else {
      let found = try spectralBounds(of: matrix, using: &generator)
      interval = found.bounds
      products += found.products
    }
    try SpectralEstimateError.require(
      "the bounds' width", interval.upperBound - interval.lowerBound, above: 0)
    var samples: [[Double]] = []
    for _ in 0..<probes {
      let start: Matrix<Operator.Element> = ProbeLaw.normal.vectors(
        1, order: matrix.dimension, using: &generator)
      samples.append(try chebyshevMoments(of: matrix, from: start, bounds: interval, moments))
      products += moments / 2
    }
    return ChebyshevDensity(
      dimension: matrix.dimension, bounds: interval, samples: samples, products: products)
  }
}

/// An interval with all eigenvalues in practice: the outermost Ritz values of some Lanczos steps,
/// each widened by the recurrence's last remainder (Zhou, Li 2011, §3) and by 1 % of the width.
///
/// Not a proof: an eigenvalue that the starting vector has almost no part of stays unseen.
///
/// - Throws: `.emptyOperator`, `.krylov`, `.noConvergence`.
public func spectralBounds<Operator: LinearOperator>(
  of matrix: Operator, steps: Int = 24, using generator: inout some RandomNumberGenerator
) throws(SpectralEstimateError) -> (bounds: ClosedRange<Double>, products: Int) {
  let density = try StochasticLanczosQuadrature(steps: steps, probes: 1)
    .density(of: matrix, using: &generator)
  let remainder = density.probes.reduce(0) { max($0, $1.coefficients.remainder) }
  let (low, high) = (density.extent.lowerBound, density.extent.upperBound)
  let margin = max(0.01 * (high - low), 0.01 * density.radius) + remainder
  // A zero operator has an interval too.
  let width = margin > 0 ? margin : 1
  return ((low - width)...(high + width), density.products)
}

/// vᵀTₘ(B)v/vᵀv for m = 0 … count − 1, with B = (2A − (b + a)·I)/(b − a) for bounds [a, b].
private func chebyshevMoments<Operator: LinearOperator>(
  of matrix: Operator, from start: Matrix<Operator.Element>, bounds: ClosedRange<Double>,
  _ count: Int
) throws(SpectralEstimateError) -> [Double] {
  typealias T = Operator.Element
  let (low, high) = (bounds.lowerBound, bounds.upperBound)
  let slope = 2 / (high - low)
  let offset = -(high / (high - low) + low / (high - low))
  let n = matrix.dimension
  var current = start
  var previous = Matrix<T>(rows: 1, columns: n, elements: .zeros(n))
  var products = previous
  let square = innerProduct(current.elements.span, current.elements.span)
  var moments = [1.0]
  // T₀ = 1, T₁ = B, Tₘ₊₁ = 2B·Tₘ − Tₘ₋₁.
  for m in 0..<(count / 2) {
    matrix.apply(current, into: &products)
    let factor = m == 0 ? 1.0 : 2
    var next = previous.elements.mutableSpan
    let sums = recur(
      product: products.elements.span, current: current.elements.span, previous: &next,
      T(factor * slope), T(factor * offset), m == 0 ? 0 : -1)
    guard sums.square.isFinite, sums.cross.isFinite else {
      throw .krylov(.notFinite(products.elements, order: n, number: m + 1))
    }
    // |Tₘ| ≤ 1 on the interval, and grows beyond it with every step.
    guard sums.square <= square * (1 + 1e3 * Double(T.ulpOfOne) * Double(m + 1)) else {
      throw .outsideBounds(lower: low, upper: high)
    }
    swap(&current, &previous)
    moments.append(m == 0 ? sums.cross / square : 2 * sums.cross / square - moments[1])
    moments.append(2 * sums.square / square - 1)
  }
  return Array(moments.prefix(count))
}
