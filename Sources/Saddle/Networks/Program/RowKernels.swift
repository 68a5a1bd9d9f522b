// Element loops over matrices whose rows are features and whose columns are positions and samples.
// Sums are several apart: quicker, and rounding grows with only a part of a row's length.

/// Adds to every row its own number.
@specialized(where T == Float)
@specialized(where T == Double)
func addToRows<T: Scalar>(_ numbers: Span<T>, of matrix: inout MutableSpan<T>) {
  guard !numbers.isEmpty else { return }
  let columns = matrix.count / numbers.count
  precondition(matrix.count == numbers.count * columns)
  var at = 0
  for i in numbers.indices {
    let number = numbers[unchecked: i]
    for k in at..<at + columns { matrix[unchecked: k] += number }
    at += columns
  }
}

/// Adds every row's sum to its number.
@specialized(where T == Float)
@specialized(where T == Double)
func addRowSums<T: Scalar>(of matrix: Span<T>, into numbers: inout MutableSpan<T>) {
  guard !numbers.isEmpty else { return }
  let columns = matrix.count / numbers.count
  precondition(matrix.count == numbers.count * columns)
  var k = 0
  for i in numbers.indices {
    let end = k + columns
    var (a, b, c, d): (T, T, T, T) = (0, 0, 0, 0)
    var (e, f, g, h): (T, T, T, T) = (0, 0, 0, 0)
    while k + 8 <= end {
      a += matrix[unchecked: k]
      b += matrix[unchecked: k + 1]
      c += matrix[unchecked: k + 2]
      d += matrix[unchecked: k + 3]
      e += matrix[unchecked: k + 4]
      f += matrix[unchecked: k + 5]
      g += matrix[unchecked: k + 6]
      h += matrix[unchecked: k + 7]
      k += 8
    }
    while k < end {
      a += matrix[unchecked: k]
      k += 1
    }
    numbers[i] += ((a + b) + (c + d)) + ((e + f) + (g + h))
  }
}

/// Σ xₖ(yₖ − middle).
@specialized(where T == Float)
@specialized(where T == Double)
func dot<T: Scalar>(_ x: Span<T>, _ y: Span<T>, minus middle: T) -> T {
  precondition(x.count == y.count, "\(x.count) elements against \(y.count)")
  var k = 0
  var (a, b, c, d): (T, T, T, T) = (0, 0, 0, 0)
  while k + 4 <= x.count {
    a += x[unchecked: k] * (y[unchecked: k] - middle)
    b += x[unchecked: k + 1] * (y[unchecked: k + 1] - middle)
    c += x[unchecked: k + 2] * (y[unchecked: k + 2] - middle)
    d += x[unchecked: k + 3] * (y[unchecked: k + 3] - middle)
    k += 4
  }
  while k < x.count {
    a += x[unchecked: k] * (y[unchecked: k] - middle)
    k += 1
  }
  return (a + b) + (c + d)
}

/// `y ← factor·x + offset`.
@specialized(where T == Float)
@specialized(where T == Double)
func scale<T: Scalar>(_ x: Span<T>, by factor: T, plus offset: T, into y: inout MutableSpan<T>) {
  precondition(x.count == y.count, "\(x.count) elements into \(y.count)")
  for k in x.indices { y[unchecked: k] = factor * x[unchecked: k] + offset }
}
