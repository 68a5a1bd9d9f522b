import RealModule

// Element loops, each specialized for both precisions: called through an unspecialized generic
// they would run hundreds of times slower.

/// The inner product Σ xᵢyᵢ, summed left to right in the precision of `T`.
///
/// - Accuracy: |error| ≤ γₙ·Σ|xᵢyᵢ| (Higham 2002, §3.1).
@specialized(where T == Float)
@specialized(where T == Double)
public func dot<T: Scalar>(_ x: Span<T>, _ y: Span<T>) -> T {
  precondition(x.count == y.count, "\(x.count) elements against \(y.count)")
  var sum: T = 0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}

/// The Euclidean norm, without over- or underflow on the way: elements are scaled by the largest.
///
/// NaN or ±∞ anywhere gives a result that is not finite.
@specialized(where T == Float)
@specialized(where T == Double)
public func euclideanNorm<T: Scalar>(_ x: Span<T>) -> T {
  var largest: T = 0
  for i in x.indices {
    guard x[i].isFinite else { return .nan }
    largest = max(largest, x[i].magnitude)
  }
  guard largest > 0 else { return 0 }
  var sum: T = 0
  for i in x.indices {
    let ratio = x[i] / largest
    sum += ratio * ratio
  }
  return largest * sum.squareRoot()
}

/// `y ← y + a·x`.
@specialized(where T == Float)
@specialized(where T == Double)
public func axpy<T: Scalar>(_ a: T, _ x: Span<T>, into y: inout MutableSpan<T>) {
  precondition(x.count == y.count, "\(x.count) elements against \(y.count)")
  for i in x.indices { y[i] += a * x[i] }
}

/// `x ← a·x`.
@specialized(where T == Float)
@specialized(where T == Double)
public func scale<T: Scalar>(_ x: inout MutableSpan<T>, by a: T) {
  for i in x.indices { x[i] *= a }
}

/// `y ← x`.
@specialized(where T == Float)
@specialized(where T == Double)
public func copy<T: Scalar>(_ x: Span<T>, into y: inout MutableSpan<T>) {
  precondition(x.count == y.count, "\(x.count) elements into \(y.count)")
  for i in x.indices { y[i] = x[i] }
}

/// Whether no element is NaN or infinite.
@specialized(where T == Float)
@specialized(where T == Double)
public func allFinite<T: Scalar>(_ x: Span<T>) -> Bool {
  // A count, not an early return: integer sums vectorize, and NaN fails every comparison.
  var bad = 0
  for i in x.indices { bad &+= x[i].magnitude <= .greatestFiniteMagnitude ? 0 : 1 }
  return bad == 0
}

/// Adds the columns' sums of a row-major matrix with `columns` columns to `sums`.
@specialized(where T == Float)
@specialized(where T == Double)
func addColumnSums<T: Scalar>(_ matrix: Span<T>, columns: Int, into sums: inout MutableSpan<T>) {
  precondition(sums.count == columns && matrix.count % columns == 0)
  var start = 0
  while start < matrix.count {
    for j in 0..<columns { sums[j] += matrix[start + j] }
    start += columns
  }
}

/// Fills every row of a row-major matrix with `row`.
@specialized(where T == Float)
@specialized(where T == Double)
func broadcast<T: Scalar>(_ row: Span<T>, into matrix: inout MutableSpan<T>) {
  let columns = row.count
  precondition(matrix.count % columns == 0)
  var start = 0
  while start < matrix.count {
    for j in 0..<columns { matrix[start + j] = row[j] }
    start += columns
  }
}
