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

  /// Positions are taken a tile at a time, so that a tile's windows stay in cache (256 KiB in
  /// double precision) and its products are such as BLAS does on the thread that asks.
  func tile(samples n: Int) -> Int {
    let byCache = (1 << 15) / (fanIn * n)
    let byProduct = largestSingleThreadedProduct / (outputs * fanIn * n)
    return min(positions, max(1, window.isWhole ? byProduct : min(byCache, byProduct)))
  }

  /// The numbers that a tile's windows are, for which there must be room.
  func columns(samples n: Int) -> Int { window.isWhole ? 0 : fanIn * tile(samples: n) * n }
}

// x is input.count × n and y is m × (positions·n), where the m rows of a product may be the outputs
// of several weights, one below the other.

extension AffineMap {
  /// y ← W·columns(x) + β·y.
  ///
  /// - Parameters:
  ///   - w: m × fanIn.
  ///   - columns: room for a tile's windows.
  func multiply<T: Scalar>(
    _ w: Span<T>, _ x: Span<T>, samples n: Int, adding beta: T, into y: inout MutableSpan<T>,
    columns: inout [T]
  ) {
    let m = w.count / fanIn
    let step = tile(samples: n)
    for start in stride(from: 0, to: positions, by: step) {
      let tile = start..<min(start + step, positions)
      let count = tile.count * n
      var part = y._mutatingExtracting(start * n..<y.count)
      let target = Layout(rows: m, columns: count, stride: positions * n)
      if window.isWhole {
        multiplyOnThisThread(
          w, Layout(rows: m, columns: fanIn),
          x.extracting(start * n..<x.count),
          Layout(rows: fanIn, columns: count, stride: positions * n),
          adding: beta, into: &part, target)
      } else {
        var gathered = columns.mutableSpan
        window.gather(x, positions: tile, samples: n, into: &gathered)
        multiplyOnThisThread(
          w, Layout(rows: m, columns: fanIn),
          columns.span, Layout(rows: fanIn, columns: count),
          adding: beta, into: &part, target)
      }
    }
  }

  /// x ← columnsᵀ(Wᵀ·y), and with a second pair of outputs × fanIn weights and of outputs its
  /// product too: the derivative of Wᵀ·y where both change.
  func pullBack<T: Scalar>(
    _ w: Span<T>, _ y: Span<T>, and second: Span<T>, _ secondY: Span<T>, samples n: Int,
    into x: inout MutableSpan<T>, columns: inout [T]
  ) {
    if !window.isWhole { x.update(repeating: 0) }
    let weightLayout = Layout(rows: outputs, columns: fanIn).transposed
    let step = tile(samples: n)
    for start in stride(from: 0, to: positions, by: step) {
      let tile = start..<min(start + step, positions)
      let count = tile.count * n
      let layout = Layout(rows: outputs, columns: count, stride: positions * n)
      if window.isWhole {
        var part = x._mutatingExtracting(start * n..<x.count)
        let target = Layout(rows: fanIn, columns: count, stride: positions * n)
        multiplyOnThisThread(
          w, weightLayout, y.extracting(start * n..<y.count), layout, adding: 0, into: &part,
          target)
        if !second.isEmpty {
          multiplyOnThisThread(
            second, weightLayout, secondY.extracting(start * n..<secondY.count), layout,
            adding: 1, into: &part, target)
        }
      } else {
        var products = columns.mutableSpan
        let target = Layout(rows: fanIn, columns: count)
        multiplyOnThisThread(
          w, weightLayout, y.extracting(start * n..<y.count), layout, adding: 0,
          into: &products, target)
        if !second.isEmpty {
          multiplyOnThisThread(
            second, weightLayout, secondY.extracting(start * n..<secondY.count), layout,
            adding: 1, into: &products, target)
        }
        window.scatter(columns.span, positions: tile, samples: n, into: &x)
      }
    }
  }

  /// G ← G + y·columns(x)ᵀ, where G is m × fanIn.
  func addProduct<T: Scalar>(
    of y: Span<T>, _ x: Span<T>, samples n: Int, into g: inout MutableSpan<T>,
    columns: inout [T]
  ) {
    let m = g.count / fanIn
    let step = tile(samples: n)
    for start in stride(from: 0, to: positions, by: step) {
      let tile = start..<min(start + step, positions)
      let count = tile.count * n
      let part = y.extracting(start * n..<y.count)
      let layout = Layout(rows: m, columns: count, stride: positions * n)
      let target = Layout(rows: m, columns: fanIn)
      if window.isWhole {
        multiplyOnThisThread(
          part, layout, x.extracting(start * n..<x.count),
          Layout(rows: fanIn, columns: count, stride: positions * n).transposed,
          adding: 1, into: &g, target)
      } else {
        var gathered = columns.mutableSpan
        window.gather(x, positions: tile, samples: n, into: &gathered)
        multiplyOnThisThread(
          part, layout, columns.span, Layout(rows: fanIn, columns: count).transposed,
          adding: 1, into: &g, target)
      }
    }
  }

  /// The windows at all positions, fanIn × (positions·n).
  func windows<T: Scalar>(_ x: [T], samples n: Int) -> [T] {
    if window.isWhole { return x }
    var result = [T](repeating: 0, count: fanIn * positions * n)
    var target = result.mutableSpan
    window.gather(x.span, positions: 0..<positions, samples: n, into: &target)
    return result
  }
}
