/// What Lanczos' recurrence left of one starting vector: T = tridiag(β, α, β).
public struct LanczosCoefficients: Codable, Equatable, Sendable {
  /// α₁, …, α_k.
  public let diagonal: [Double]
  /// β₁, …, β_{k−1}.
  public let offDiagonal: [Double]
  /// β_k, the norm of what the last product left beside the Krylov space; 0 where the space is
  /// invariant.
  public let remainder: Double

  public init(diagonal: [Double], offDiagonal: [Double], remainder: Double) {
    precondition(
      !diagonal.isEmpty && offDiagonal.count == diagonal.count - 1,
      "\(diagonal.count) diagonal elements and \(offDiagonal.count) beside them")
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
    self.remainder = remainder
  }

  /// How many steps were taken, k.
  public var steps: Int { diagonal.count }
  /// Whether the Krylov space is invariant, to rounding: its Ritz values are eigenvalues then.
  public var isInvariant: Bool { remainder == 0 }

  /// The same after `count` steps only, at least one.
  public func prefix(_ count: Int) -> LanczosCoefficients {
    guard count < steps else { return self }
    return LanczosCoefficients(
      diagonal: Array(diagonal[..<count]), offDiagonal: Array(offDiagonal[..<(count - 1)]),
      remainder: offDiagonal[count - 1])
  }
}

/// Whether new vectors are made orthogonal to all earlier ones again.
public enum Reorthogonalization: String, Codable, CaseIterable, Sendable {
  /// Three vectors of memory per probe, whatever the number of steps. Orthogonality is lost once
  /// a Ritz value has converged, and copies of it appear ("ghosts"). Quadrature does not suffer:
  /// T is still what exact arithmetic makes of a matrix whose eigenvalues lie close around the
  /// operator's, with the same weights in sum (Greenbaum 1989). The number of copies says nothing
  /// about multiplicity.
  case none
  /// Two passes of Gram–Schmidt (Giraud et al. 2005): k vectors of memory per probe, and in
  /// step k some 8·k flops per element, which soon is more than a product takes.
  case full
}

/// Lanczos' recurrence for several starting vectors at once (Lanczos 1950):
///
///     β_j·q_{j+1} = A·q_j − α_j·q_j − β_{j−1}·q_{j−1},  α_j = q_jᵀA·q_j,  β_j = ‖…‖
///
/// With β as a norm the recurrence is a stable one (Paige 1972). Vectors are kept undivided, as
/// β_{j−1}·q_j, which saves a pass over memory. Products are scaled by a power of two taken from
/// the first, so that squares neither over- nor underflow. No step allocates a vector.
///
/// - Parameters:
///   - starts: one starting vector a row, each of a positive norm.
///   - steps: how many at most; a Krylov space that is invariant ends earlier.
/// - Returns: T for each starting vector, and how many products with a vector were taken.
/// - Throws: `.productNotFinite`.
func lanczos<Operator: LinearOperator>(
  _ matrix: Operator, from starts: consuming Matrix<Operator.Element>, steps: Int,
  _ reorthogonalization: Reorthogonalization
) throws(SpectralEstimateError) -> (coefficients: [LanczosCoefficients], products: Int) {
  let (rows, n) = (starts.rows, starts.columns)
  var probes = (0..<rows).map { row in
    ProbeRecurrence(
      start: starts.elements.span.extracting(row * n..<(row + 1) * n), steps: steps,
      keepsBasis: reorthogonalization == .full)
  }
  var current = starts
  var previous = Matrix<Operator.Element>(rows: rows, columns: n, elements: .zeros(rows * n))
  var products = Matrix<Operator.Element>(rows: rows, columns: n, elements: .zeros(rows * n))
  var scale = 1.0
  var taken = 0
  while taken < steps, probes.contains(where: { !$0.hasEnded }) {
    matrix.apply(current, into: &products)
    if taken == 0 { scale = try firstScale(products, norms: probes.map(\.norm)) }
    for row in probes.indices where !probes[row].hasEnded {
      let range = row * n..<(row + 1) * n
      var vectors = previous.elements.mutableSpan
      var vector = vectors._mutatingExtracting(range)
      let isFinite = probes[row].advance(
        current.elements.span.extracting(range),
        product: products.elements.span.extracting(range), &vector, scale: scale)
      guard isFinite else { throw .productNotFinite(product: taken * rows + row + 1) }
    }
    swap(&current, &previous)
    taken += 1
  }
  return (probes.map { $0.coefficients(scale: scale) }, taken * rows)
}

/// The power of two that brings the largest first product to about the norm of its vector.
private func firstScale<T: Scalar>(
  _ products: Matrix<T>, norms: [Double]
) throws(SpectralEstimateError) -> Double {
  let n = products.columns
  var largest = 0.0
  for row in 0..<products.rows {
    let product = products.elements.span.extracting(row * n..<(row + 1) * n)
    guard allFinite(product) else { throw .productNotFinite(product: row + 1) }
    largest = max(largest, Double(euclideanNorm(product)) / norms[row])
  }
  guard largest > 0, largest.isFinite else { return 1 }
  let limit = Int(T.greatestFiniteMagnitude.exponent) - 24
  let exponent = max(-limit, min(limit, -Int(largest.exponent)))
  return Double(sign: .plus, exponent: exponent, significand: 1)
}

/// One starting vector's recurrence.
private struct ProbeRecurrence<T: Scalar> {
  private var diagonal: [Double] = []
  private var offDiagonal: [Double] = []
  private(set) var hasEnded = false
  /// The norms of the current and the previous vector.
  private(set) var norm: Double
  private var lastNorm = 1.0
  private var largest = 0.0
  /// All vectors so far; nil where they are not kept.
  private var basis: KrylovBasis<T>?

  init(start: Span<T>, steps: Int, keepsBasis: Bool) {
    norm = innerProduct(start, start).squareRoot()
    diagonal.reserveCapacity(steps)
    offDiagonal.reserveCapacity(steps)
    basis = keepsBasis ? KrylovBasis(order: start.count, capacity: steps) : nil
  }

  /// T of the operator, whose products were scaled.
  func coefficients(scale: Double) -> LanczosCoefficients {
    let beside = offDiagonal.map { $0 / scale }
    return LanczosCoefficients(
      diagonal: diagonal.map { $0 / scale }, offDiagonal: beside.dropLast(),
      remainder: beside.last ?? 0)
  }

  /// Takes the step from β_{j−1}·q_j (`current`) and its product; `vector` is β_{j−2}·q_{j−1}
  /// before and β_j·q_{j+1} after.
  ///
  /// - Returns: false where a figure is not finite.
  mutating func advance(
    _ current: Span<T>, product: Span<T>, _ vector: inout MutableSpan<T>, scale: Double
  ) -> Bool {
    let alpha = scale * innerProduct(product, current) / (norm * norm)
    let carried = diagonal.isEmpty ? 0 : norm / lastNorm
    var square = recur(
      product: product, current: current, previous: &vector, T(scale / norm), T(-alpha / norm),
      T(-carried)
    ).square
    if basis != nil {
      basis?.append(current.indices.map { T(Double(current[$0]) / norm) })
      var rest = Array(copying: vector.span)
      basis?.orthogonalize(&rest)
      copy(rest.span, into: &vector)
      square = innerProduct(rest.span, rest.span)
    }
    guard alpha.isFinite && square.isFinite else { return false }

    let beta = square.squareRoot()
    diagonal.append(alpha)
    largest = max(largest, alpha.magnitude, beta)
    // What is left of an invariant space is rounding; to cut T there moves no Ritz value by more.
    hasEnded = beta <= 16 * Double(T.ulpOfOne) * largest
    if hasEnded {
      offDiagonal.append(0)
      for i in vector.indices { vector[i] = 0 }
    } else {
      offDiagonal.append(beta)
      (lastNorm, norm) = (norm, beta)
    }
    return true
  }
}
