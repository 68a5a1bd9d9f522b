/// Lanczos' recurrence from one vector, a step at a time (Lanczos 1950):
///
///     β_j·q_{j+1} = A·q_j − α_j·q_j − β_{j−1}·q_{j−1},  α_j = q_jᵀA·q_j,  β_j = ‖…‖
///
/// With β as a norm the recurrence is a stable one (Paige 1972). Its vectors are the caller's, who
/// multiplies them; they are kept undivided, as β_{j−1}·q_j, which saves a pass over memory.
/// Products are scaled by a power of two taken from the first, so that squares neither over- nor
/// underflow. No step allocates a vector, unless vectors are kept.
struct LanczosRecurrence<T: Scalar> {
  /// The norm of the vector to be multiplied next.
  private(set) var norm: Double
  /// q₁, …, q_k, where they are kept.
  private(set) var basis: KrylovBasis<T>?
  private var lastNorm: Double?
  private var scale = 1.0

  /// - Parameters:
  ///   - start: n elements, of a positive norm.
  ///   - isReorthogonalized: whether each vector is made orthogonal to all earlier ones again, which
  ///     are kept for that.
  ///   - steps: how many will be taken, about.
  init(_ start: Span<T>, isReorthogonalized: Bool = false, steps: Int = 0) {
    norm = innerProduct(start, start).squareRoot()
    if isReorthogonalized {
      // Many a recurrence ends long before a large number of steps.
      basis = KrylovBasis(order: start.count, capacity: min(steps, 64))
    }
  }

  /// Takes the step from β_{j−1}·q_j (`current`) and its product; `vector` is β_{j−2}·q_{j−1} before,
  /// at first anything finite, and β_j·q_{j+1} after.
  ///
  /// - Returns: α_j and β_j; nil where one is not finite.
  mutating func advance(
    _ current: Span<T>, product: Span<T>, _ vector: inout MutableSpan<T>
  ) -> (alpha: Double, beta: Double)? {
    if lastNorm == nil { scale = powerOfTwo(bringing: Double(vectorNorm(product)) / norm) }
    let alpha = scale * innerProduct(product, current) / (norm * norm)
    let carried = lastNorm.map { norm / $0 } ?? 0
    var square = recur(
      product: product, current: current, previous: &vector, T(scale / norm), T(-alpha / norm),
      T(-carried)
    ).square
    if basis != nil {
      basis?.append(Array(copying: current).scaled(by: T(1 / norm)))
      var rest = Array(copying: vector.span)
      basis?.orthogonalize(&rest)
      copy(rest.span, into: &vector)
      square = innerProduct(rest.span, rest.span)
    }
    guard alpha.isFinite && square.isFinite else { return nil }
    let beta = square.squareRoot()
    (lastNorm, norm) = (norm, beta)
    return (alpha / scale, beta / scale)
  }

  /// The power of two that brings a size to about 1, as far as the precision allows.
  private func powerOfTwo(bringing size: Double) -> Double {
    guard size > 0, size.isFinite else { return 1 }
    let limit = Int(T.greatestFiniteMagnitude.exponent) - 24
    let exponent = max(-limit, min(limit, -Int(size.exponent)))
    return Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
