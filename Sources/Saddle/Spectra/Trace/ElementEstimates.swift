/// An operator's diagonal from products with random signs, with the standard error of each element.
public struct DiagonalEstimate: Codable, Equatable, Sendable {
  /// n elements.
  public let values: [Double]
  /// n elements; nil for one probe, which has no spread.
  public let standardErrors: [Double]?
  public let probes: Int
  /// How many products with a vector were taken.
  public let products: Int

  /// The mean of v ∘ Av over vectors v of random signs, unbiased, with variance Σ_{j≠i} Aᵢⱼ² per
  /// probe (Bekas, Kokiopoulou, Saad 2007).
  ///
  /// Memory: two vectors of n doubles beside a block of products.
  ///
  /// - Throws: `SpectralEstimateError.invalidSetting`, `.emptyOperator`, `.krylov`.
  public init<Operator: LinearOperator>(
    of matrix: Operator, probes: Int, using generator: inout some RandomNumberGenerator
  ) throws(SpectralEstimateError) {
    try SpectralEstimateError.require("the number of probes", probes, atLeast: 1)
    let n = matrix.dimension
    guard n > 0 else { throw .emptyOperator }
    var means = [Double].zeros(n)
    var squares = [Double].zeros(n)
    var count = 0
    try forEachSignBlock(probes, matrix, using: &generator) { signs, products in
      for row in 0..<signs.rows {
        count += 1
        let range = row * n..<(row + 1) * n
        var mean = means.mutableSpan
        var square = squares.mutableSpan
        addSample(
          signs.elements.span.extracting(range), products.elements.span.extracting(range),
          number: count, &mean, &square)
      }
    }
    values = means
    let divisor = Double(probes) * Double(probes - 1)
    standardErrors = probes > 1 ? squares.map { ($0 / divisor).squareRoot() } : nil
    self.probes = probes
    products = probes
  }
}

/// Welford's update of means and sums of squared deviations by the elements' products xᵢyᵢ.
@specialized(where T == Float)
@specialized(where T == Double)
private func addSample<T: Scalar>(
  _ x: Span<T>, _ y: Span<T>, number: Int, _ means: inout MutableSpan<Double>,
  _ squares: inout MutableSpan<Double>
) {
  precondition(x.count == means.count && y.count == means.count && squares.count == means.count)
  let share = 1 / Double(number)
  for i in x.indices {
    let value = Double(x[unchecked: i]) * Double(y[unchecked: i])
    let difference = value - means[unchecked: i]
    means[unchecked: i] += share * difference
    squares[unchecked: i] += difference * (value - means[unchecked: i])
  }
}

/// An operator's Frobenius norm.
public struct FrobeniusEstimate: Codable, Equatable, Sendable {
  /// ‖A‖_F² = tr A², unbiased: the mean of ‖Av‖² over vectors v of random signs.
  public let square: StochasticEstimate

  /// ‖A‖_F: the root of `square`, its standard error by the first derivative.
  public var norm: StochasticEstimate {
    let root = square.value.squareRoot()
    return StochasticEstimate(
      value: root, standardError: square.standardError.map { root > 0 ? $0 / (2 * root) : 0 },
      probes: square.probes, products: square.products)
  }

  /// One product per probe.
  ///
  /// - Throws: `SpectralEstimateError.invalidSetting`, `.emptyOperator`, `.krylov`.
  public init<Operator: LinearOperator>(
    of matrix: Operator, probes: Int, using generator: inout some RandomNumberGenerator
  ) throws(SpectralEstimateError) {
    try SpectralEstimateError.require("the number of probes", probes, atLeast: 1)
    guard matrix.dimension > 0 else { throw .emptyOperator }
    var samples: [Double] = []
    try forEachSignBlock(probes, matrix, using: &generator) { _, products in
      samples += rowwiseProducts(products, products)
    }
    square = StochasticEstimate(samples: samples, products: probes)
  }
}
