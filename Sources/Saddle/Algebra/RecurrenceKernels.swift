// The two loops of a three-term recurrence. Sums are in double, of pieces of fixed length, and
// those one after the other: the rounding error of a sum over 10⁹ elements then stays within some
// thousand ulp, and its bits depend neither on the machine nor on which thread had which piece.

private let pieceLength = 1 << 15

/// Σ xᵢyᵢ in double, whatever the precision is.
///
/// - Accuracy: |error| ≤ γₘ·Σ|xᵢyᵢ| in double, with m = 2¹¹ + n/2¹⁵ + 5 (Higham 2002, §4.2).
func innerProduct<T: Scalar>(_ x: Span<T>, _ y: Span<T>) -> Double {
  precondition(x.count == y.count, "\(x.count) elements against \(y.count)")
  let count = x.count
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return 0 }
      return sums(count: count) { start, count in
        (T.innerProduct(count, x + start, y + start), 0)
      }.square
    }
  }
}

/// ‖x‖ by sums in double on several threads; where squares are beyond its range, element by element.
func vectorNorm<T: Scalar>(_ x: Span<T>) -> T {
  let square = innerProduct(x, x)
  // Well within either precision's range, so that no part of the sum was lost.
  return 1e-60 < square && square < 1e60 ? T(square.squareRoot()) : euclideanNorm(x)
}

/// `previous ← a·product + b·current + c·previous`, in one pass over memory.
///
/// - Returns: the new vector's square and its inner product with `current`, both in double.
func recur<T: Scalar>(
  product: Span<T>, current: Span<T>, previous: inout MutableSpan<T>, _ a: T, _ b: T, _ c: T
) -> (square: Double, cross: Double) {
  precondition(product.count == current.count && product.count == previous.count)
  let count = current.count
  return previous.withUnsafeMutableBufferPointer { previous in
    product.withUnsafeBufferPointer { product in
      current.withUnsafeBufferPointer { current in
        guard let product = product.baseAddress, let current = current.baseAddress,
          let previous = previous.baseAddress
        else { return (0, 0) }
        return sums(count: count) { start, count in
          T.recur(count, product + start, current + start, previous + start, a, b, c)
        }
      }
    }
  }
}

/// Adds up what `body` gives for each piece (its start and its length) of `count` elements.
private func sums(
  count: Int, _ body: (Int, Int) -> (square: Double, cross: Double)
) -> (square: Double, cross: Double) {
  let pieces = (count + pieceLength - 1) / pieceLength
  return withUnsafeTemporaryAllocation(of: (square: Double, cross: Double).self, capacity: pieces) {
    parts in
    parts.initialize(repeating: (0, 0))
    forEachPiece(of: pieces, pieces: max(1, min(Workers.count, count / smallestPiece))) { some in
      for i in some {
        parts[i] = body(i * pieceLength, min(pieceLength, count - i * pieceLength))
      }
    }
    return parts.reduce((0, 0)) { ($0.0 + $1.square, $0.1 + $1.cross) }
  }
}
