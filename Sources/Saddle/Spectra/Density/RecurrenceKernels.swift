// The two loops of a three-term recurrence. Sums are in double, in pieces of fixed length one after
// the other: the rounding error of a sum over 10⁹ elements then stays within some thousand ulp, and
// its bits do not depend on the machine.

private let pieceLength = 1 << 15

/// Σ xᵢyᵢ in double, whatever the precision is.
///
/// - Accuracy: |error| ≤ γₘ·Σ|xᵢyᵢ| in double, with m = 2¹¹ + n/2¹⁵ + 5 (Higham 2002, §4.2).
func innerProduct<T: Scalar>(_ x: Span<T>, _ y: Span<T>) -> Double {
  precondition(x.count == y.count, "\(x.count) elements against \(y.count)")
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      let count = x.count
      guard let x = x.baseAddress, let y = y.baseAddress else { return 0 }
      var sum = 0.0
      for start in stride(from: 0, to: count, by: pieceLength) {
        sum += T.innerProduct(min(pieceLength, count - start), x + start, y + start)
      }
      return sum
    }
  }
}

/// `previous ← a·product + b·current + c·previous`, in one pass over memory.
///
/// - Returns: the new vector's square and its inner product with `current`, both in double.
func recur<T: Scalar>(
  product: Span<T>, current: Span<T>, previous: inout MutableSpan<T>, _ a: T, _ b: T, _ c: T
) -> (square: Double, cross: Double) {
  precondition(product.count == current.count && product.count == previous.count)
  let count = product.count
  return previous.withUnsafeMutableBufferPointer { previous in
    product.withUnsafeBufferPointer { product in
      current.withUnsafeBufferPointer { current in
        guard let product = product.baseAddress, let current = current.baseAddress,
          let previous = previous.baseAddress
        else { return (0, 0) }
        var sums = (square: 0.0, cross: 0.0)
        for start in stride(from: 0, to: count, by: pieceLength) {
          let part = T.recur(
            min(pieceLength, count - start), product + start, current + start, previous + start,
            a, b, c)
          sums.square += part.square
          sums.cross += part.cross
        }
        return sums
      }
    }
  }
}
