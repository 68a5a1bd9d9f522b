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

  /// Where the numbers of a set's element k stand.
  private func row(_ set: Int, _ k: Int, _ n: Int) -> Range<Int> {
    let start = (set * spacing + k * stride) * n
    return start..<start + n
  }

  @inline(__always)
  private func statistics<T: Scalar>(
    _ x: Span<T>, of set: Int, samples n: Int
  ) -> Statistics<T> {
    var (means, inverses) = ([T](repeating: 0, count: n), [T](repeating: 0, count: n))
    var mean = means.mutableSpan
    precondition(mean.count == n)
    for k in 0..<size {
      let x = x.extracting(row(set, k, n))
      for i in x.indices { mean[unchecked: i] += x[unchecked: i] }
    }
    for i in mean.indices { mean[unchecked: i] /= T(size) }
    var inverse = inverses.mutableSpan
    precondition(inverse.count == n)
    for k in 0..<size {
      let x = x.extracting(row(set, k, n))
      for i in x.indices {
        let deviation = x[unchecked: i] - mean[unchecked: i]
        inverse[unchecked: i] += deviation * deviation
      }
    }
    for i in inverse.indices {
      inverse[unchecked: i] = 1 / (inverse[unchecked: i] / T(size) + T(epsilon)).squareRoot()
    }
    return Statistics(mean: means, inverse: inverses)
  }

  /// ⟨d⟩ and ⟨x̂·d⟩ of a set.
  @inline(__always)
  private func means<T: Scalar>(
    _ d: Span<T>, _ x: Span<T>, _ found: Statistics<T>, _ set: Int, samples n: Int
  ) -> (plain: [T], weighted: [T]) {
    var (plains, weighteds) = ([T](repeating: 0, count: n), [T](repeating: 0, count: n))
    var plain = plains.mutableSpan
    var weighted = weighteds.mutableSpan
    let (mean, inverse) = (found.mean.span, found.inverse.span)
    precondition(plain.count == n && weighted.count == n && mean.count == n && inverse.count == n)
    for k in 0..<size {
      let place = row(set, k, n)
      let (d, x) = (d.extracting(place), x.extracting(place))
      for i in d.indices {
        plain[unchecked: i] += d[unchecked: i]
        weighted[unchecked: i] +=
          (x[unchecked: i] - mean[unchecked: i]) * inverse[unchecked: i] * d[unchecked: i]
      }
    }
    for i in plain.indices {
      plain[unchecked: i] /= T(size)
      weighted[unchecked: i] /= T(size)
    }
    return (plains, weighteds)
  }
}

extension GroupStandardization: TensorMap {
  @specialized(where T == Float)
  @specialized(where T == Double)
  func apply<T: Scalar>(_ x: Span<T>, samples n: Int, into y: inout MutableSpan<T>) {
    for set in 0..<sets {
      let found = statistics(x, of: set, samples: n)
      let (mean, inverse) = (found.mean.span, found.inverse.span)
      precondition(mean.count == n && inverse.count == n)
      for k in 0..<size {
        let place = row(set, k, n)
        let x = x.extracting(place)
        var y = y._mutatingExtracting(place)
        for i in x.indices {
          y[unchecked: i] = (x[unchecked: i] - mean[unchecked: i]) * inverse[unchecked: i]
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
      let averages = means(delta, x, found, set, samples: n)
      let (mean, inverse) = (found.mean.span, found.inverse.span)
      let (plain, weighted) = (averages.plain.span, averages.weighted.span)
      precondition(mean.count == n && inverse.count == n && plain.count == n && weighted.count == n)
      for k in 0..<size {
        let place = row(set, k, n)
        let (x, delta) = (x.extracting(place), delta.extracting(place))
        var e = e._mutatingExtracting(place)
        for i in x.indices {
          let r = inverse[unchecked: i]
          let standard = (x[unchecked: i] - mean[unchecked: i]) * r
          e[unchecked: i] =
            r * (delta[unchecked: i] - plain[unchecked: i] - standard * weighted[unchecked: i])
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
    var changes = [T](repeating: 0, count: n)
    for set in 0..<sets {
      let found = statistics(x, of: set, samples: n)
      let pushed = means(tangent, x, found, set, samples: n)
      let pulled = means(delta, x, found, set, samples: n)
      let (mean, inverse) = (found.mean.span, found.inverse.span)
      let (along, s) = (pushed.plain.span, pushed.weighted.span)
      let (plain, t) = (pulled.plain.span, pulled.weighted.span)
      var change = changes.mutableSpan
      precondition(mean.count == n && inverse.count == n && change.count == n)
      precondition(along.count == n && s.count == n && plain.count == n && t.count == n)
      change.update(repeating: 0)
      for k in 0..<size {
        let place = row(set, k, n)
        let (x, tangent) = (x.extracting(place), tangent.extracting(place))
        let delta = delta.extracting(place)
        for i in x.indices {
          let r = inverse[unchecked: i]
          let standard = (x[unchecked: i] - mean[unchecked: i]) * r
          change[unchecked: i] +=
            r * (tangent[unchecked: i] - along[unchecked: i] - standard * s[unchecked: i])
            * delta[unchecked: i]
        }
      }
      for k in 0..<size {
        let place = row(set, k, n)
        let (x, tangent) = (x.extracting(place), tangent.extracting(place))
        let delta = delta.extracting(place)
        var e = e._mutatingExtracting(place)
        for i in x.indices {
          let r = inverse[unchecked: i]
          let standard = (x[unchecked: i] - mean[unchecked: i]) * r
          let pushed =
            r * (tangent[unchecked: i] - along[unchecked: i] - standard * s[unchecked: i])
          let pulled =
            r * (delta[unchecked: i] - plain[unchecked: i] - standard * t[unchecked: i])
          let reach = standard * change[unchecked: i] / T(size)
          e[unchecked: i] -= r * (s[unchecked: i] * pulled + pushed * t[unchecked: i] + reach)
        }
      }
    }
  }
}
