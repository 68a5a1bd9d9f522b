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
    var all = out.mutableSpan
    for j in 0..<positions {
      var target = all._mutatingExtracting(j * n..<(j + 1) * n)
      if !adding { target.update(repeating: 0) }
      for c in 0..<width {
        let (a, b) = (row(xPart, head, c, i, n), row(yPart, head, c, j, n))
        addProducts(x.extracting(a..<a + n), y.extracting(b..<b + n), by: factor, into: &target)
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
      let place = row(outPart, head, c, i, n)
      var target = out._mutatingExtracting(place..<place + n)
      for j in 0..<positions {
        let source = row(yPart, head, c, j, n)
        addProducts(
          weights.span.extracting(j * n..<(j + 1) * n), y.extracting(source..<source + n),
          by: factor, into: &target)
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
        let place = row(outPart, head, c, j, n)
        var target = out._mutatingExtracting(place..<place + n)
        addProducts(
          weights.span.extracting(j * n..<(j + 1) * n), x.extracting(source..<source + n),
          by: factor, into: &target)
      }
    }
  }

  /// A_i of one head, positions × samples.
  @inline(__always)
  private func weights<T: Scalar>(
    _ x: Span<T>, at i: Int, head: Int, samples n: Int, into a: inout [T],
    _ sums: inout [T], _ others: inout [T]
  ) {
    products(x, 0, at: i, x, 1, head: head, samples: n, by: scale(T.self), into: &a)
    var all = a.mutableSpan
    var sums = sums.mutableSpan
    var largest = others.mutableSpan
    precondition(all.count == positions * n && sums.count == n && largest.count == n)
    sums.update(repeating: 0)
    largest.update(repeating: -.infinity)
    for j in 0..<positions {
      let row = all._mutatingExtracting(j * n..<(j + 1) * n)
      for k in 0..<n { largest[unchecked: k] = max(largest[unchecked: k], row[unchecked: k]) }
    }
    for j in 0..<positions {
      var row = all._mutatingExtracting(j * n..<(j + 1) * n)
      for k in 0..<n {
        row[unchecked: k] = T.exp(row[unchecked: k] - largest[unchecked: k])
        sums[unchecked: k] += row[unchecked: k]
      }
    }
    for j in 0..<positions {
      var row = all._mutatingExtracting(j * n..<(j + 1) * n)
      for k in 0..<n { row[unchecked: k] /= sums[unchecked: k] }
    }
  }

  /// d ← a·(d − Σ_j a_j·d_j), the softmax's derivative, which is symmetric.
  @inline(__always)
  private func center<T: Scalar>(
    _ d: inout [T], by a: [T], samples n: Int, _ sums: inout [T]
  ) {
    var all = d.mutableSpan
    var sums = sums.mutableSpan
    precondition(all.count == positions * n && a.count == all.count && sums.count == n)
    sums.update(repeating: 0)
    for j in 0..<positions {
      let row = all._mutatingExtracting(j * n..<(j + 1) * n)
      let weights = a.span.extracting(j * n..<(j + 1) * n)
      for k in 0..<n { sums[unchecked: k] += weights[unchecked: k] * row[unchecked: k] }
    }
    for j in 0..<positions {
      var row = all._mutatingExtracting(j * n..<(j + 1) * n)
      let weights = a.span.extracting(j * n..<(j + 1) * n)
      for k in 0..<n {
        row[unchecked: k] = weights[unchecked: k] * (row[unchecked: k] - sums[unchecked: k])
      }
    }
  }

  /// The same with its change: d(ȧ, ḋ) is ȧ·(d − Σ a·d) + a·(ḋ − Σ (ȧ·d + a·ḋ)).
  @inline(__always)
  private func center<T: Scalar>(
    _ d: inout [T], changing dChange: inout [T], by a: [T], changing aChange: [T], samples n: Int,
    _ sums: inout [T], _ others: inout [T]
  ) {
    var all = d.mutableSpan
    var changes = dChange.mutableSpan
    var sums = sums.mutableSpan
    var sumsChange = others.mutableSpan
    precondition(all.count == positions * n && changes.count == all.count)
    precondition(a.count == all.count && aChange.count == all.count)
    precondition(sums.count == n && sumsChange.count == n)
    sums.update(repeating: 0)
    sumsChange.update(repeating: 0)
    for j in 0..<positions {
      let place = j * n..<(j + 1) * n
      let (a, aChange) = (a.span.extracting(place), aChange.span.extracting(place))
      let row = all._mutatingExtracting(place)
      let change = changes._mutatingExtracting(place)
      for k in 0..<n {
        sums[unchecked: k] += a[unchecked: k] * row[unchecked: k]
        sumsChange[unchecked: k] +=
          aChange[unchecked: k] * row[unchecked: k] + a[unchecked: k] * change[unchecked: k]
      }
    }
    for j in 0..<positions {
      let place = j * n..<(j + 1) * n
      let (a, aChange) = (a.span.extracting(place), aChange.span.extracting(place))
      var row = all._mutatingExtracting(place)
      var change = changes._mutatingExtracting(place)
      for k in 0..<n {
        let centered = row[unchecked: k] - sums[unchecked: k]
        change[unchecked: k] =
          aChange[unchecked: k] * centered
          + a[unchecked: k] * (change[unchecked: k] - sumsChange[unchecked: k])
        row[unchecked: k] = a[unchecked: k] * centered
      }
    }
  }

  /// dA/dx·ẋ of A_i.
  @inline(__always)
  private func weightsChange<T: Scalar>(
    _ x: Span<T>, _ tangent: Span<T>, at i: Int, head: Int, _ a: [T], samples n: Int,
    into change: inout [T], _ sums: inout [T]
  ) {
    let scale = scale(T.self)
    products(tangent, 0, at: i, x, 1, head: head, samples: n, by: scale, into: &change)
    products(x, 0, at: i, tangent, 1, head: head, samples: n, by: scale, adding: true, into: &change)
    center(&change, by: a, samples: n, &sums)
  }
}

extension Attention: TensorMap {
  @specialized(where T == Float)
  @specialized(where T == Double)
  func apply<T: Scalar>(_ x: Span<T>, samples n: Int, into y: inout MutableSpan<T>) {
    y.update(repeating: 0)
    var a = [T](repeating: 0, count: positions * n)
    var (sums, others) = ([T](repeating: 0, count: n), [T](repeating: 0, count: n))
    for head in 0..<heads {
      for i in 0..<positions {
        weights(x, at: i, head: head, samples: n, into: &a, &sums, &others)
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
    var (sums, others) = ([T](repeating: 0, count: n), [T](repeating: 0, count: n))
    for head in 0..<heads {
      for i in 0..<positions {
        weights(x, at: i, head: head, samples: n, into: &a, &sums, &others)
        weightsChange(
          x, tangent, at: i, head: head, a, samples: n, into: &change, &sums)
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
    var (sums, others) = ([T](repeating: 0, count: n), [T](repeating: 0, count: n))
    for head in 0..<heads {
      for i in 0..<positions {
        weights(x, at: i, head: head, samples: n, into: &a, &sums, &others)
        spread(delta, 0, at: i, a, head: head, samples: n, by: 1, into: &e, 2)
        products(delta, 0, at: i, x, 2, head: head, samples: n, by: 1, into: &d)
        center(&d, by: a, samples: n, &sums)
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
    var (sums, others) = ([T](repeating: 0, count: n), [T](repeating: 0, count: n))
    for head in 0..<heads {
      for i in 0..<positions {
        weights(x, at: i, head: head, samples: n, into: &a, &sums, &others)
        weightsChange(
          x, tangent, at: i, head: head, a, samples: n, into: &aChange, &sums)
        spread(delta, 0, at: i, aChange, head: head, samples: n, by: 1, into: &e, 2)
        products(delta, 0, at: i, x, 2, head: head, samples: n, by: 1, into: &d)
        products(delta, 0, at: i, tangent, 2, head: head, samples: n, by: 1, into: &dChange)
        center(&d, changing: &dChange, by: a, changing: aChange, samples: n, &sums, &others)
        addMixture(of: x, 1, dChange, head: head, samples: n, by: scale, into: &e, 0, at: i)
        addMixture(of: tangent, 1, d, head: head, samples: n, by: scale, into: &e, 0, at: i)
        spread(x, 0, at: i, dChange, head: head, samples: n, by: scale, into: &e, 1)
        spread(tangent, 0, at: i, d, head: head, samples: n, by: scale, into: &e, 1)
      }
    }
  }
}

/// `out ← out + factor·x·y`, element by element.
@inline(__always)
private func addProducts<T: Scalar>(
  _ x: Span<T>, _ y: Span<T>, by factor: T, into out: inout MutableSpan<T>
) {
  precondition(x.count == out.count && y.count == out.count)
  for k in x.indices { out[unchecked: k] += factor * x[unchecked: k] * y[unchecked: k] }
}
