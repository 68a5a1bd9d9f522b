import RealModule
import Threads

// Element loops, each specialized for both precisions: called through an unspecialized generic
// they would run hundreds of times slower. Where both sides were compared, bounds checks are left
// out, since they would keep a loop from being vectorized.

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
  for i in x.indices { y[unchecked: i] += a * x[unchecked: i] }
}

/// `y ← a·x`.
@specialized(where T == Float)
@specialized(where T == Double)
func scale<T: Scalar>(_ x: Span<T>, by a: T, into y: inout MutableSpan<T>) {
  precondition(x.count == y.count, "\(x.count) elements into \(y.count)")
  for i in x.indices { y[unchecked: i] = a * x[unchecked: i] }
}

/// `y ← x`.
@specialized(where T == Float)
@specialized(where T == Double)
public func copy<T: Scalar>(_ x: Span<T>, into y: inout MutableSpan<T>) {
  precondition(x.count == y.count, "\(x.count) elements into \(y.count)")
  for i in x.indices { y[unchecked: i] = x[unchecked: i] }
}

/// The largest |xᵢ|: NaN where any element is, 0 of none.
@specialized(where T == Float)
@specialized(where T == Double)
package func largestMagnitude<T: Scalar>(_ x: Span<T>) -> T {
  let largest = Mutex<T>(0)
  x.withUnsafeBufferPointer { x in
    guard let start = x.baseAddress else { return }
    forEachPiece(of: x.count) { piece in
      let part = T.largestMagnitude(piece.count, start + piece.lowerBound)
      largest.withLock { $0 = $0.isNaN || part <= $0 ? $0 : part }
    }
  }
  return largest.withLock { $0 }
}

/// Whether no element is NaN or infinite.
public func allFinite<T: Scalar>(_ x: Span<T>) -> Bool { largestMagnitude(x).isFinite }

/// Adds the columns' sums of a row-major matrix with `columns` columns to `sums`.
@specialized(where T == Float)
@specialized(where T == Double)
func addColumnSums<T: Scalar>(_ matrix: Span<T>, columns: Int, into sums: inout MutableSpan<T>) {
  precondition(sums.count == columns && matrix.count % columns == 0)
  var start = 0
  while start < matrix.count {
    for j in 0..<columns { sums[unchecked: j] += matrix[unchecked: start + j] }
    start += columns
  }
}

/// Where the first element stands that is NaN or infinite; nil where all are finite, the quick and
/// usual case.
func firstNotFinite<T: Scalar>(_ x: [T]) -> Int? {
  allFinite(x.span) ? nil : x.firstIndex { !$0.isFinite }
}

/// The transpose of a row-major matrix: feature-major from sample-major, or back.
func transposed<T: Scalar>(_ matrix: [T], rows: Int) -> [T] {
  var result = [T](repeating: 0, count: matrix.count)
  var target = result.mutableSpan
  transpose(matrix.span, rows: rows, into: &target)
  return result
}

/// The same into memory that is there.
@specialized(where T == Float)
@specialized(where T == Double)
func transpose<T: Scalar>(_ source: Span<T>, rows: Int, into target: inout MutableSpan<T>) {
  let columns = source.count / max(rows, 1)
  precondition(source.count == rows * columns && target.count == source.count)
  // Tiles of 16: whole cache lines on both sides.
  for top in stride(from: 0, to: rows, by: 16) {
    for left in stride(from: 0, to: columns, by: 16) {
      for j in left..<min(left + 16, columns) {
        for i in top..<min(top + 16, rows) {
          target[unchecked: j * rows + i] = source[unchecked: i * columns + j]
        }
      }
    }
  }
}

/// target[n, i] = source[i, n] + row[i]: a transpose, and a row added to every row of the result.
@specialized(where T == Float)
@specialized(where T == Double)
func transpose<T: Scalar>(
  _ source: Span<T>, adding row: Span<T>, into target: inout MutableSpan<T>
) {
  let columns = row.count
  let rows = source.count / max(columns, 1)
  precondition(source.count == rows * columns && target.count == source.count)
  // Tiles of 16: whole cache lines on both sides.
  for top in stride(from: 0, to: rows, by: 16) {
    for left in stride(from: 0, to: columns, by: 16) {
      for n in top..<min(top + 16, rows) {
        for i in left..<min(left + 16, columns) {
          target[unchecked: n * columns + i] = source[unchecked: i * rows + n] + row[unchecked: i]
        }
      }
    }
  }
}

/// Adds `row` to every row of a row-major matrix.
@specialized(where T == Float)
@specialized(where T == Double)
func addRow<T: Scalar>(_ row: Span<T>, to matrix: inout MutableSpan<T>) {
  let columns = row.count
  precondition(matrix.count % columns == 0)
  var start = 0
  while start < matrix.count {
    for j in 0..<columns { matrix[unchecked: start + j] += row[unchecked: j] }
    start += columns
  }
}
