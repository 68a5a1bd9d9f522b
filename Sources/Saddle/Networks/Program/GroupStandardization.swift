/// Numbers less their mean, over their standard deviation, set by set: x̂ = r·(x − mean) with
/// r = 1/√(variance + ε), the variance a mean of squares: what layer normalization (Ba, Kiros, Hinton
/// 2016) and group normalization (Wu, He 2018) scale and shift.
///
/// With ⟨·⟩ for a set's mean, J = r·(I − 11ᵀ/m − x̂x̂ᵀ/m), which is symmetric.
struct GroupStandardization: Hashable, Sendable {
  /// A sample's numbers are `sets` × `size`: element k of set s stands at `start(s)` + k·`stride`.
  let sets: Int
  let size: Int
  let stride: Int
  private let spacing: Int
  let epsilon: Double

  /// A set is all channels at one position.
  init(acrossChannelsOf shape: Shape, epsilon: Double) {
    (sets, size, stride, spacing) = (shape.positions, shape.channels, shape.positions, 1)
    self.epsilon = epsilon
  }

  /// A set is some channels at all positions.
  init(groups: Int, of shape: Shape, epsilon: Double) {
    let size = shape.count / groups
    (sets, self.size, stride, spacing) = (groups, size, 1, size)
    self.epsilon = epsilon
  }

  /// A set's mean and r, sample by sample.
  private struct Statistics<T: Scalar> {
    var mean: [T]
    var inverse: [T]
  }

  private func row(_ set: Int, _ k: Int, _ n: Int) -> Int { (set * spacing + k * stride) * n }

  @inline(__always)
  private func statistics<T: Scalar>(
    _ x: Span<T>, of set: Int, samples n: Int
  ) -> Statistics<T> {
    let size = T(size)
    var mean = [T](repeating: 0, count: n)
    var inverse = mean
    for k in 0..<self.size {
      let at = row(set, k, n)
      for i in 0..<n { mean[i] += x[unchecked: at + i] }
    }
    for i in 0..<n { mean[i] /= size }
    for k in 0..<self.size {
      let at = row(set, k, n)
      for i in 0..<n {
        let deviation = x[unchecked: at + i] - mean[i]
        inverse[i] += deviation * deviation
      }
    }
    for i in 0..<n { inverse[i] = 1 / (inverse[i] / size + T(epsilon)).squareRoot() }
    return Statistics(mean: mean, inverse: inverse)
  }

  /// ⟨d⟩ and ⟨x̂·d⟩ of a set.
  @inline(__always)
  private func means<T: Scalar>(
    _ d: Span<T>, _ x: Span<T>, _ of: Statistics<T>, _ set: Int, samples n: Int
  ) -> (plain: [T], weighted: [T]) {
    var plain = [T](repeating: 0, count: n)
    var weighted = plain
    for k in 0..<size {
      let at = row(set, k, n)
      for i in 0..<n {
        plain[i] += d[unchecked: at + i]
        weighted[i] += (x[unchecked: at + i] - of.mean[i]) * of.inverse[i] * d[unchecked: at + i]
      }
    }
    for i in 0..<n {
      plain[i] /= T(size)
      weighted[i] /= T(size)
    }
    return (plain, weighted)
  }
}

extension GroupStandardization: TensorMap {
  @specialized(where T == Float)
  @specialized(where T == Double)
  func apply<T: Scalar>(_ x: Span<T>, samples n: Int, into y: inout MutableSpan<T>) {
    for set in 0..<sets {
      let found = statistics(x, of: set, samples: n)
      for k in 0..<size {
        let at = row(set, k, n)
        for i in 0..<n {
          y[unchecked: at + i] = (x[unchecked: at + i] - found.mean[i]) * found.inverse[i]
        }
      }
    }
  }

  func push<T: Scalar>(
    _ tangent: Span<T>, at x: Span<T>, samples n: Int, into t: inout MutableSpan<T>
  ) { pull(tangent, at: x, samples: n, into: &t) }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func pull<T: Scalar>(
    _ delta: Span<T>, at x: Span<T>, samples n: Int, into e: inout MutableSpan<T>
  ) {
    for set in 0..<sets {
      let found = statistics(x, of: set, samples: n)
      let (plain, weighted) = means(delta, x, found, set, samples: n)
      for k in 0..<size {
        let at = row(set, k, n)
        for i in 0..<n {
          let standard = (x[unchecked: at + i] - found.mean[i]) * found.inverse[i]
          e[unchecked: at + i] =
            found.inverse[i] * (delta[unchecked: at + i] - plain[i] - standard * weighted[i])
        }
      }
    }
  }

  /// With s = ⟨x̂ẋ⟩, t = ⟨x̂δ⟩ and dx̂ = J·ẋ: d(Jᵀδ) = −r·s·Jᵀδ − r·(dx̂·t + x̂·⟨dx̂·δ⟩).
  @specialized(where T == Float)
  @specialized(where T == Double)
  func addBend<T: Scalar>(
    of delta: Span<T>, along tangent: Span<T>, at x: Span<T>, samples n: Int,
    into e: inout MutableSpan<T>
  ) {
    for set in 0..<sets {
      let found = statistics(x, of: set, samples: n)
      let (along, s) = means(tangent, x, found, set, samples: n)
      let (plain, t) = means(delta, x, found, set, samples: n)
      var change = [T](repeating: 0, count: n)
      for k in 0..<size {
        let at = row(set, k, n)
        for i in 0..<n {
          let standard = (x[unchecked: at + i] - found.mean[i]) * found.inverse[i]
          change[i] +=
            found.inverse[i] * (tangent[unchecked: at + i] - along[i] - standard * s[i])
            * delta[unchecked: at + i]
        }
      }
      for k in 0..<size {
        let at = row(set, k, n)
        for i in 0..<n {
          let r = found.inverse[i]
          let standard = (x[unchecked: at + i] - found.mean[i]) * r
          let pushed = r * (tangent[unchecked: at + i] - along[i] - standard * s[i])
          let pulled = r * (delta[unchecked: at + i] - plain[i] - standard * t[i])
          e[unchecked: at + i] -=
            r * (s[i] * pulled + pushed * t[i] + standard * change[i] / T(size))
        }
      }
    }
  }
}
