/// A convolution or a dense layer as a linear map of its windows: y = W·columns(x) + b, where W is
/// outputs × `fanIn` and a dense layer has one window, of everything.
struct AffineMap: Hashable, Sendable {
  let window: Window
  let weights: Range<Int>
  let biases: Range<Int>?

  var outputs: Int { window.output.channels }
  /// The elements of a window.
  var fanIn: Int { window.input.channels * window.size.count }
  var positions: Int { window.output.positions }

  /// Positions are taken a tile at a time where BLAS does the product, so that it does it on the thread
  /// that asks.
  private func tile(samples n: Int) -> Int {
    min(positions, max(1, largestSingleThreadedProduct / (outputs * fanIn * n)))
  }

  /// Gives `body` tiles of positions: where a tile's numbers begin within a row, and how many they are.
  private func forEachTile(samples n: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    let step = tile(samples: n)
    for start in stride(from: 0, to: positions, by: step) {
      body(start * n, (min(start + step, positions) - start) * n)
    }
  }
}

// x is input.count × n and y is m × (positions·n), where the m rows of a product may be the outputs
// of several weights, one below the other.

extension AffineMap {
  /// y ← W·columns(x) + β·y, where w is m × fanIn.
  func multiply<T: Scalar>(
    _ w: Span<T>, _ x: Span<T>, samples n: Int, adding beta: T, into y: inout MutableSpan<T>
  ) {
    guard window.isWhole else {
      window.convolve(w, x, samples: n, adding: beta, into: &y)
      return
    }
    let m = w.count / fanIn
    forEachTile(samples: n) { start, count in
      var part = y._mutatingExtracting(start..<y.count)
      multiplyOnThisThread(
        w, Layout(rows: m, columns: fanIn), x.extracting(start..<x.count),
        Layout(rows: fanIn, columns: count, stride: positions * n), adding: beta, into: &part,
        Layout(rows: m, columns: count, stride: positions * n))
    }
  }

  /// x ← columnsᵀ(Wᵀ·y) + β·x.
  func pullBack<T: Scalar>(
    _ w: Span<T>, _ y: Span<T>, samples n: Int, adding beta: T, into x: inout MutableSpan<T>
  ) {
    guard window.isWhole else {
      window.convolveBack(w, y, samples: n, adding: beta, into: &x)
      return
    }
    forEachTile(samples: n) { start, count in
      var part = x._mutatingExtracting(start..<x.count)
      multiplyOnThisThread(
        w, Layout(rows: outputs, columns: fanIn).transposed, y.extracting(start..<y.count),
        Layout(rows: outputs, columns: count, stride: positions * n), adding: beta, into: &part,
        Layout(rows: fanIn, columns: count, stride: positions * n))
    }
  }

  /// G ← G + y·columns(x)ᵀ, where G is m × fanIn.
  func addProduct<T: Scalar>(
    of y: Span<T>, _ x: Span<T>, samples n: Int, into g: inout MutableSpan<T>
  ) {
    guard window.isWhole else {
      window.convolveSums(y, x, samples: n, adding: 1, into: &g)
      return
    }
    let m = g.count / fanIn
    forEachTile(samples: n) { start, count in
      multiplyOnThisThread(
        y.extracting(start..<y.count), Layout(rows: m, columns: count, stride: positions * n),
        x.extracting(start..<x.count),
        Layout(rows: fanIn, columns: count, stride: positions * n).transposed, adding: 1, into: &g,
        Layout(rows: m, columns: fanIn))
    }
  }

  /// The windows at all positions, fanIn × (positions·n).
  func windows<T: Scalar>(_ x: [T], samples n: Int) -> [T] {
    if window.isWhole { return x }
    var result = [T](repeating: 0, count: fanIn * positions * n)
    var target = result.mutableSpan
    window.gather(x.span, samples: n, into: &target)
    return result
  }
}
