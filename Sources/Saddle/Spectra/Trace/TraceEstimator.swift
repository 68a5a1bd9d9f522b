/// A way to estimate a trace from products with random vectors.
public enum TraceMethod: String, Codable, CaseIterable, Sendable {
  /// The mean of vᵀAv over vectors of random signs (Girard 1987; Hutchinson 1990). Variance of one:
  /// 2·Σ_{i≠j} Aᵢⱼ².
  case hutchinson
  /// A third of the products finds a subspace that takes up A's largest part, a third takes the
  /// trace there exactly, a third is Hutchinson's estimate of the rest (Meyer, Musco, Musco,
  /// Woodruff 2021). For a fast-decaying spectrum the error falls like 1/m instead of 1/√m.
  case hutchPlusPlus
  /// Half of the products finds the subspace and half works in it, with every vector left out once
  /// for the rest's estimate (Epperly, Tropp, Webber 2024, with their normalization for vectors
  /// uniform on the sphere).
  case xTrace
}

/// Traces from products with random vectors, each with its standard error.
///
/// Memory: Hutchinson's a block of vectors; the other two two or three vectors of n elements per
/// three or two products.
public struct TraceEstimator: Codable, Equatable, Sendable {
  public let method: TraceMethod
  /// How many products with a vector may be taken. Where they are at least n, the trace is taken
  /// from the unit vectors, exact up to rounding.
  public let products: Int

  /// - Throws: `SpectralEstimateError.invalidSetting` for fewer products than the method can do
  ///   with: 1, 3 and 4.
  public init(_ method: TraceMethod, products: Int) throws(SpectralEstimateError) {
    let least =
      switch method {
      case .hutchinson: 1
      case .hutchPlusPlus: 3
      case .xTrace: 4
      }
    try SpectralEstimateError.require("the number of products", products, atLeast: least)
    self.method = method
    self.products = products
  }

  /// The trace of an operator.
  ///
  /// - Throws: `.emptyOperator`, `.krylov`.
  public func trace<Operator: LinearOperator>(
    of matrix: Operator, using generator: inout some RandomNumberGenerator
  ) throws(SpectralEstimateError) -> StochasticEstimate {
    let n = matrix.dimension
    guard n > 0 else { throw .emptyOperator }
    guard products < n else { return try exactTrace(of: matrix) }
    return switch method {
    case .hutchinson: try hutchinson(matrix, products, using: &generator)
    case .hutchPlusPlus: try hutchPlusPlus(matrix, products, using: &generator)
    case .xTrace: try xTrace(matrix, products / 2, using: &generator)
    }
  }
}

/// The sum of the diagonal, from products with all unit vectors.
private func exactTrace<Operator: LinearOperator>(
  of matrix: Operator
) throws(SpectralEstimateError) -> StochasticEstimate {
  let n = matrix.dimension
  var sum = 0.0
  for start in stride(from: 0, to: n, by: blockRows) {
    let count = min(blockRows, n - start)
    var units = Matrix<Operator.Element>(rows: count, columns: n)
    for i in 0..<count { units[i, start + i] = 1 }
    let products = matrix.apply(units)
    for i in 0..<count { sum += Double(products[i, start + i]) }
    guard sum.isFinite else {
      throw .krylov(.notFinite(products.elements, order: n, number: start + 1))
    }
  }
  return StochasticEstimate(value: sum, standardError: 0, probes: n, products: n)
}

/// How many vectors are multiplied at once.
let blockRows = 16

private func hutchinson<Operator: LinearOperator>(
  _ matrix: Operator, _ count: Int, using generator: inout some RandomNumberGenerator
) throws(SpectralEstimateError) -> StochasticEstimate {
  var samples: [Double] = []
  try forEachSignBlock(count, matrix, using: &generator) { signs, products in
    samples += rowwiseProducts(signs, products)
  }
  return StochasticEstimate(samples: samples, products: count)
}

/// tr A = tr QᵀAQ + tr (I − QQᵀ)A(I − QQᵀ), the second term by Hutchinson's estimate.
private func hutchPlusPlus<Operator: LinearOperator>(
  _ matrix: Operator, _ count: Int, using generator: inout some RandomNumberGenerator
) throws(SpectralEstimateError) -> StochasticEstimate {
  typealias T = Operator.Element
  let n = matrix.dimension
  let rank = count / 3
  let rest = count - 2 * rank
  let sketch: Matrix<T> = ProbeLaw.signs.vectors(rank, order: n, using: &generator)
  let basis = try OrthonormalRows(matrix.apply(sketch)).basis
  let image = matrix.apply(basis)
  let inside = rowwiseProducts(basis, image).reduce(0, +)
  guard inside.isFinite else {
    throw .krylov(.notFinite(image.elements, order: n, number: rank + 1))
  }

  var probes: Matrix<T> = ProbeLaw.signs.vectors(rest, order: n, using: &generator)
  let overlaps = rowProducts(probes, basis).converted(to: T.self)
  let layout = probes.layout
  var outside = probes.elements.mutableSpan
  multiply(
    overlaps.elements.span, overlaps.layout, basis.elements.span, basis.layout, scaledBy: -1,
    adding: 1, into: &outside, layout)
  let rests = matrix.apply(probes)
  let samples = rowwiseProducts(probes, rests)
  guard samples.allSatisfy(\.isFinite) else {
    throw .krylov(.notFinite(rests.elements, order: n, number: 2 * rank + 1))
  }
  let estimate = StochasticEstimate(samples: samples, products: count)
  return StochasticEstimate(
    value: inside + estimate.value, standardError: estimate.standardError, probes: rest,
    products: count)
}

/// For each row the inner product with the same row of another matrix.
func rowwiseProducts<T: Scalar>(_ a: Matrix<T>, _ b: Matrix<T>) -> [Double] {
  (0..<a.rows).map { row in
    let range = row * a.columns..<(row + 1) * a.columns
    return innerProduct(a.elements.span.extracting(range), b.elements.span.extracting(range))
  }
}

/// Multiplies `count` vectors of random signs, a block at a time, and checks the products.
func forEachSignBlock<Operator: LinearOperator>(
  _ count: Int, _ matrix: Operator, using generator: inout some RandomNumberGenerator,
  _ body: (_ signs: Matrix<Operator.Element>, _ products: Matrix<Operator.Element>) -> Void
) throws(SpectralEstimateError) {
  let n = matrix.dimension
  for start in stride(from: 0, to: count, by: blockRows) {
    let signs: Matrix<Operator.Element> = ProbeLaw.signs.vectors(
      min(blockRows, count - start), order: n, using: &generator)
    let products: Matrix<Operator.Element>
    do throws(KrylovError) {
      products = try matrix.finiteProducts(signs, after: start)
    } catch {
      throw .krylov(error)
    }
    body(signs, products)
  }
}
