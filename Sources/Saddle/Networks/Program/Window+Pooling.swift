import CVector

// Pools have no padding, so that every window lies within its channel.

extension Window {
  /// The mean of every window, for `channels` channels (a block of tangents has more).
  package func average<T: Scalar>(
    _ x: Span<T>, channels: Int, samples n: Int, into y: inout MutableSpan<T>
  ) {
    precondition(
      x.count >= channels * input.positions * n && y.count >= channels * output.positions * n)
    let windows = windows(samples: n)
    withBytes(of: x, &y) { x, y in
      if T.self == Float.self {
        saddle_average_float(windows, channels, 1 / Float(size.count), numbers(x), numbers(y))
      } else {
        saddle_average_double(windows, channels, 1 / Double(size.count), numbers(x), numbers(y))
      }
    }
  }

  /// The transpose of `average`: every window's element gets its share.
  package func spread<T: Scalar>(
    _ y: Span<T>, channels: Int, samples n: Int, into x: inout MutableSpan<T>
  ) {
    precondition(
      x.count >= channels * input.positions * n && y.count >= channels * output.positions * n)
    // Windows that are tiles of the input write each of its elements once.
    let areTiles =
      size == stride && output.height * size.height == input.height
      && output.width * size.width == input.width
    let windows = windows(samples: n)
    withBytes(of: y, &x) { y, x in
      if T.self == Float.self {
        saddle_spread_float(
          windows, channels, 1 / Float(size.count), numbers(y), numbers(x), areTiles)
      } else {
        saddle_spread_double(
          windows, channels, 1 / Double(size.count), numbers(y), numbers(x), areTiles)
      }
    }
  }

  private func withBytes<T: Scalar>(
    of source: Span<T>, _ target: inout MutableSpan<T>,
    _ body: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Void
  ) {
    source.withUnsafeBytes { source in target.withUnsafeMutableBytes { body(source, $0) } }
  }

  private func numbers<Number>(_ bytes: UnsafeRawBufferPointer) -> UnsafePointer<Number>? {
    bytes.assumingMemoryBound(to: Number.self).baseAddress
  }

  private func numbers<Number>(
    _ bytes: UnsafeMutableRawBufferPointer
  ) -> UnsafeMutablePointer<Number>? {
    bytes.assumingMemoryBound(to: Number.self).baseAddress
  }

  /// The largest element of every window, and where it stands in x. Of equal ones it is the first,
  /// row by row; NaN is larger than any number.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func largest<T: Scalar>(
    _ x: Span<T>, samples n: Int, into y: inout MutableSpan<T>, at places: inout MutableSpan<Int32>
  ) {
    precondition(x.count >= input.count * n)
    precondition(y.count >= output.count * n && places.count >= output.count * n)
    var at = 0
    for c in 0..<input.channels {
      for row in 0..<output.height {
        for column in 0..<output.width {
          for i in 0..<size.height {
            let line = (c * input.height + row * stride.height + i) * input.width
            for j in 0..<size.width {
              let source = (line + column * stride.width + j) * n
              if i == 0 && j == 0 {
                for k in 0..<n {
                  y[unchecked: at + k] = x[unchecked: source + k]
                  places[unchecked: at + k] = Int32(truncatingIfNeeded: source + k)
                }
              } else {
                for k in 0..<n {
                  let value = x[unchecked: source + k]
                  let best = y[unchecked: at + k]
                  let isLarger = value > best || value != value
                  y[unchecked: at + k] = isLarger ? value : best
                  places[unchecked: at + k] =
                    isLarger
                    ? Int32(truncatingIfNeeded: source + k) : places[unchecked: at + k]
                }
              }
            }
          }
          at += n
        }
      }
    }
  }
}

/// y[k] ← x[places[k]].
@specialized(where T == Float)
@specialized(where T == Double)
func select<T: Scalar>(_ x: Span<T>, at places: Span<Int32>, into y: inout MutableSpan<T>) {
  precondition(y.count == places.count)
  for k in places.indices { y[unchecked: k] = x[Int(places[unchecked: k])] }
}

/// The transpose of `select`: x ← 0, then x[places[k]] += y[k].
@specialized(where T == Float)
@specialized(where T == Double)
func deselect<T: Scalar>(_ y: Span<T>, at places: Span<Int32>, into x: inout MutableSpan<T>) {
  precondition(y.count == places.count)
  for k in x.indices { x[unchecked: k] = 0 }
  for k in places.indices { x[Int(places[unchecked: k])] += y[unchecked: k] }
}
