/// Scaled dot-product self-attention of every position to all, head by head (Vaswani et al. 2017,
/// eq. 1):
///
///     S_ij = qᵢ·kⱼ/√e,  A_i = softmax(S_i),  oᵢ = Σⱼ A_ij·vⱼ
///
/// of a tensor whose channels are queries, keys and values, `channels` each, cut into `heads` parts of
/// e. Loops run over samples innermost, which stand beside one another.
struct Attention: Hashable, Sendable {
  /// Of what comes out; three times as many come in.
  let channels: Int
  let positions: Int
  let heads: Int

  private var width: Int { channels / heads }
  private func scale<T: Scalar>(_: T.Type) -> T { 1 / T(width).squareRoot() }
  /// Where a head's channel c at a position stands among queries (part 0), keys (1) or values (2).
  private func row(_ part: Int, _ head: Int, _ c: Int, _ position: Int, _ n: Int) -> Int {
    ((part * channels + head * width + c) * positions + position) * n
  }

  /// out ← factor·Σ_c x[c, i]·y[c, j] for all j: a row of products, positions × samples.
  @inline(__always)
  private func products<T: Scalar>(
    _ x: Span<T>, _ xPart: Int, at i: Int, _ y: Span<T>, _ yPart: Int, head: Int, samples n: Int,
    by factor: T, adding: Bool = false, into out: inout [T]
  ) {
    for j in 0..<positions {
      if !adding { for k in 0..<n { out[j * n + k] = 0 } }
      for c in 0..<width {
        let (a, b) = (row(xPart, head, c, i, n), row(yPart, head, c, j, n))
        for k in 0..<n {
          out[j * n + k] += factor * x[unchecked: a + k] * y[unchecked: b + k]
        }
      }
    }
  }

  /// out[c, i] ← out[c, i] + factor·Σ_j weights[j]·y[c, j].
  @inline(__always)
  private func addMixture<T: Scalar>(
    of y: Span<T>, _ yPart: Int, _ weights: [T], head: Int, samples n: Int, by factor: T,
    into out: inout MutableSpan<T>, _ outPart: Int, at i: Int
  ) {
    for c in 0..<width {
      let target = row(outPart, head, c, i, n)
      for j in 0..<positions {
        let source = row(yPart, head, c, j, n)
        for k in 0..<n {
          out[unchecked: target + k] += factor * weights[j * n + k] * y[unchecked: source + k]
        }
      }
    }
  }

  /// out[c, j] ← out[c, j] + factor·weights[j]·x[c, i] for all j.
  @inline(__always)
  private func spread<T: Scalar>(
    _ x: Span<T>, _ xPart: Int, at i: Int, _ weights: [T], head: Int, samples n: Int, by factor: T,
    into out: inout MutableSpan<T>, _ outPart: Int
  ) {
    for c in 0..<width {
      let source = row(xPart, head, c, i, n)
      for j in 0..<positions {
        let target = row(outPart, head, c, j, n)
        for k in 0..<n {
          out[unchecked: target + k] += factor * weights[j * n + k] * x[unchecked: source + k]
        }
      }
    }
  }

  /// A_i of one head, positions × samples.
  @inline(__always)
  private func weights<T: Scalar>(
    _ x: Span<T>, at i: Int, head: Int, samples n: Int, into a: inout [T]
  ) {
    products(x, 0, at: i, x, 1, head: head, samples: n, by: scale(T.self), into: &a)
    for k in 0..<n {
      var largest = a[k]
      for j in 1..<max(positions, 1) { largest = max(largest, a[j * n + k]) }
      var sum: T = 0
      for j in 0..<positions {
        a[j * n + k] = T.exp(a[j * n + k] - largest)
        sum += a[j * n + k]
      }
      for j in 0..<positions { a[j * n + k] /= sum }
    }
  }

  /// d ← a·(d − Σ_j a_j·d_j), the softmax's derivative, which is symmetric; and the sums.
  @inline(__always)
  private func center<T: Scalar>(_ d: inout [T], by a: [T], samples n: Int, sums: inout [T]) {
    for k in 0..<n {
      sums[k] = 0
      for j in 0..<positions { sums[k] += a[j * n + k] * d[j * n + k] }
      for j in 0..<positions { d[j * n + k] = a[j * n + k] * (d[j * n + k] - sums[k]) }
    }
  }

  /// dA/dx·ẋ of A_i.
  @inline(__always)
  private func weightsChange<T: Scalar>(
    _ x: Span<T>, _ tangent: Span<T>, at i: Int, head: Int, _ a: [T], samples n: Int,
    into change: inout [T], sums: inout [T]
  ) {
    let scale = scale(T.self)
    products(tangent, 0, at: i, x, 1, head: head, samples: n, by: scale, into: &change)
    products(x, 0, at: i, tangent, 1, head: head, samples: n, by: scale, adding: true, into: &change)
    center(&change, by: a, samples: n, sums: &sums)
  }

}

extension Attention: TensorMap {
  @specialized(where T == Float)
  @specialized(where T == Double)
  func apply<T: Scalar>(_ x: Span<T>, samples n: Int, into y: inout MutableSpan<T>) {
    y.update(repeating: 0)
    var a = [T](repeating: 0, count: positions * n)
    for head in 0..<heads {
      for i in 0..<positions {
        weights(x, at: i, head: head, samples: n, into: &a)
        addMixture(of: x, 2, a, head: head, samples: n, by: 1, into: &y, 0, at: i)
      }
    }
  }

  /// ȯ = Ȧ·v + A·v̇.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func push<T: Scalar>(
    _ tangent: Span<T>, at x: Span<T>, samples n: Int, into t: inout MutableSpan<T>
  ) {
    t.update(repeating: 0)
    var a = [T](repeating: 0, count: positions * n)
    var change = a
    var sums = [T](repeating: 0, count: n)
    for head in 0..<heads {
      for i in 0..<positions {
        weights(x, at: i, head: head, samples: n, into: &a)
        weightsChange(
          x, tangent, at: i, head: head, a, samples: n, into: &change, sums: &sums)
        addMixture(of: x, 2, change, head: head, samples: n, by: 1, into: &t, 0, at: i)
        addMixture(of: tangent, 2, a, head: head, samples: n, by: 1, into: &t, 0, at: i)
      }
    }
  }

  /// With dA = δ·v and dS = A∘(dA − Σ A∘dA): to queries dS·k/√e, to keys dSᵀ·q/√e, to values Aᵀ·δ.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func pull<T: Scalar>(
    _ delta: Span<T>, at x: Span<T>, samples n: Int, into e: inout MutableSpan<T>
  ) {
    e.update(repeating: 0)
    let scale = scale(T.self)
    var a = [T](repeating: 0, count: positions * n)
    var d = a
    var sums = [T](repeating: 0, count: n)
    for head in 0..<heads {
      for i in 0..<positions {
        weights(x, at: i, head: head, samples: n, into: &a)
        spread(delta, 0, at: i, a, head: head, samples: n, by: 1, into: &e, 2)
        products(delta, 0, at: i, x, 2, head: head, samples: n, by: 1, into: &d)
        center(&d, by: a, samples: n, sums: &sums)
        addMixture(of: x, 1, d, head: head, samples: n, by: scale, into: &e, 0, at: i)
        spread(x, 0, at: i, d, head: head, samples: n, by: scale, into: &e, 1)
      }
    }
  }

  /// The product rule on `pull`: d(dA) = δ·v̇ and
  /// d(dS) = Ȧ∘(dA − Σ A∘dA) + A∘(d(dA) − Σ (Ȧ∘dA + A∘d(dA))).
  @specialized(where T == Float)
  @specialized(where T == Double)
  func addBend<T: Scalar>(
    of delta: Span<T>, along tangent: Span<T>, at x: Span<T>, samples n: Int,
    into e: inout MutableSpan<T>
  ) {
    let scale = scale(T.self)
    var a = [T](repeating: 0, count: positions * n)
    var (aChange, d, dChange) = (a, a, a)
    var sums = [T](repeating: 0, count: n)
    for head in 0..<heads {
      for i in 0..<positions {
        weights(x, at: i, head: head, samples: n, into: &a)
        weightsChange(
          x, tangent, at: i, head: head, a, samples: n, into: &aChange, sums: &sums)
        spread(delta, 0, at: i, aChange, head: head, samples: n, by: 1, into: &e, 2)
        products(delta, 0, at: i, x, 2, head: head, samples: n, by: 1, into: &d)
        products(delta, 0, at: i, tangent, 2, head: head, samples: n, by: 1, into: &dChange)
        for k in 0..<n {
          var (sum, change): (T, T) = (0, 0)
          for j in stride(from: k, to: positions * n, by: n) {
            sum += a[j] * d[j]
            change += aChange[j] * d[j] + a[j] * dChange[j]
          }
          for j in stride(from: k, to: positions * n, by: n) {
            dChange[j] = aChange[j] * (d[j] - sum) + a[j] * (dChange[j] - change)
            d[j] = a[j] * (d[j] - sum)
          }
        }
        addMixture(of: x, 1, dChange, head: head, samples: n, by: scale, into: &e, 0, at: i)
        addMixture(of: tangent, 1, d, head: head, samples: n, by: scale, into: &e, 0, at: i)
        spread(x, 0, at: i, dChange, head: head, samples: n, by: scale, into: &e, 1)
        spread(tangent, 0, at: i, d, head: head, samples: n, by: scale, into: &e, 1)
      }
    }
  }
}
