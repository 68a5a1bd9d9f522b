/// Batch normalization with fixed statistics: y = γ·r·(x − mean) + β with r = 1/√(variance + ε).
struct Normalization: Hashable, Sendable {
  let channels: Int
  let positions: Int
  /// Where γ stands in the parameters.
  let scales: Range<Int>
  /// Where β stands.
  let shifts: Range<Int>
  let means: [Double]
  /// r of each channel.
  let inverses: [Double]

  private func row(_ c: Int, _ n: Int) -> Range<Int> {
    c * positions * n..<(c + 1) * positions * n
  }

  /// y ← γ·r·(x − mean) + β, where γ and β may be directions in place of the parameters.
  func apply<T: Scalar>(
    scales: Span<T>, shifts: Span<T>, _ x: Span<T>, samples n: Int, into y: inout MutableSpan<T>
  ) {
    for c in 0..<channels {
      let factor = scales[c] * T(inverses[c])
      var target = y._mutatingExtracting(row(c, n))
      scale(
        x.extracting(row(c, n)), by: factor, plus: shifts[c] - factor * T(means[c]),
        into: &target)
    }
  }

  /// y ← β·y + γ·r·x: the derivative of `apply` by x, and its own transpose.
  func multiply<T: Scalar>(
    scales: Span<T>, _ x: Span<T>, samples n: Int, adding: Bool, into y: inout MutableSpan<T>
  ) {
    for c in 0..<channels {
      let factor = scales[c] * T(inverses[c])
      var target = y._mutatingExtracting(row(c, n))
      if adding {
        axpy(factor, x.extracting(row(c, n)), into: &target)
      } else {
        scale(x.extracting(row(c, n)), by: factor, into: &target)
      }
    }
  }

  /// ∂γ ← ∂γ + Σ δ·r·(x − mean), or without the mean where x is a tangent.
  func addScaleProducts<T: Scalar>(
    of delta: Span<T>, _ x: Span<T>, samples n: Int, isTangent: Bool,
    into products: inout MutableSpan<T>
  ) {
    for c in 0..<channels {
      products[c] +=
        T(inverses[c])
        * dot(
          delta.extracting(row(c, n)), x.extracting(row(c, n)),
          minus: isTangent ? 0 : T(means[c]))
    }
  }

  /// r·(x − mean): what γ multiplies.
  func standardized<T: Scalar>(_ x: Span<T>, samples n: Int) -> [T] {
    var result = [T](repeating: 0, count: channels * positions * n)
    var target = result.mutableSpan
    let ones = [T](repeating: 1, count: channels)
    let zeros = [T](repeating: 0, count: channels)
    apply(scales: ones.span, shifts: zeros.span, x, samples: n, into: &target)
    return result
  }
}
