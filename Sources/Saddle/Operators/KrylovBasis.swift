/// Orthonormal vectors of n elements, one a row, that grow in number.
///
/// New vectors are made orthogonal to all of them by two passes of classical Gram–Schmidt: one
/// leaves up to κ·ε of them behind, two are enough (Giraud, Langou, Rozložník 2005). Each pass is
/// two GEMMs on whole blocks, two GEMVs on one vector.
struct KrylovBasis<T: Scalar>: Sendable {
  /// n.
  let order: Int
  /// How many vectors there are.
  private(set) var count = 0
  private var storage: [T] = []
  private var passOverlaps: [T] = []

  init(order: Int, capacity: Int) {
    self.order = order
    storage.reserveCapacity(order * capacity)
  }

  /// The vectors (count × n).
  var matrix: Matrix<T> { Matrix(rows: count, columns: order, elements: storage) }

  private var layout: Layout { Layout(rows: count, columns: order) }

  /// Adds orthonormal rows that are orthogonal to all others.
  mutating func append(_ rows: [T]) {
    precondition(order > 0 && rows.count % order == 0, "\(rows.count) elements, order \(order)")
    storage += rows
    count += rows.count / order
  }

  /// vᵢ ← (I − QᵀQ)·vᵢ for the b rows of `vectors`, and `overlaps` (count × b) = Q·vᵀ.
  mutating func orthogonalize(_ vectors: inout [T], overlaps: inout [T]) {
    let block = Layout(rows: vectors.count / max(order, 1), columns: order)
    let size = count * block.rows
    fit(&overlaps, to: size)
    guard size > 0 else { return }
    fit(&passOverlaps, to: size)
    project(&vectors, block, overlaps: &overlaps)
    project(&vectors, block, overlaps: &passOverlaps)
    var sum = overlaps.mutableSpan
    axpy(1, passOverlaps.span, into: &sum)
  }

  /// The same where the overlaps are of no interest.
  mutating func orthogonalize(_ vectors: inout [T]) {
    var overlaps: [T] = []
    orthogonalize(&vectors, overlaps: &overlaps)
  }

  /// Adds an orthonormal basis of the span of `vectors`.
  ///
  /// - Throws: `KrylovError.dependent` where a row is a combination of those before it.
  mutating func deflate(_ vectors: Matrix<T>) throws(KrylovError) {
    let threshold = 64 * T(order).squareRoot() * T.ulpOfOne
    for i in 0..<vectors.rows {
      let length = vectors.row(i).norm
      guard count < order, length.isNormal,
        let direction = newDirection(in: vectors.row(i).scaled(by: 1 / length), threshold)
      else { throw .dependent(row: i) }
      append(direction)
    }
  }

  /// What a vector of norm 1 has that the basis has not, made of norm 1; nil where no more than
  /// `threshold` of it is left.
  private mutating func newDirection(in vector: [T], _ threshold: T) -> [T]? {
    var row = vector
    orthogonalize(&row)
    var left = row.norm
    // Until two passes leave most of the row: what rounding left in the basis's directions is then
    // small beside it.
    while left > threshold, left.isNormal {
      row = row.scaled(by: 1 / row.norm)
      orthogonalize(&row)
      let share = row.norm
      if share > 0.5 { return row.scaled(by: 1 / share) }
      left *= share
    }
    return nil
  }

  private func project(
    _ vectors: inout [T], _ block: Layout, overlaps: inout [T]
  ) {
    var target = overlaps.mutableSpan
    overlap(storage.span, layout, with: vectors.span, block, into: &target)
    var rest = vectors.mutableSpan
    subtract(overlaps.span, of: storage.span, layout, from: &rest, block)
  }

  /// Combinations of the vectors from number `first` on (k × n), one for each row of `weights`.
  func combinations(_ weights: Matrix<T>, from first: Int = 0) -> Matrix<T> {
    var result = Matrix<T>(rows: weights.rows, columns: order)
    let shape = result.layout
    var target = result.elements.mutableSpan
    multiply(
      weights.elements.span, weights.layout, storage.span.extracting(droppingFirst: first * order),
      Layout(rows: count - first, columns: order), into: &target, shape)
    return result
  }

  /// Replaces the vectors from number `first` on by combinations of them with orthonormal weights.
  ///
  /// In place, a few columns at a time: beside the basis there is no second one.
  mutating func rotate(by weights: Matrix<T>, from first: Int) {
    precondition(weights.columns == count - first && weights.rows <= weights.columns)
    let (order, width) = (order, min(order, 4096))
    var tile = [T](repeating: 0, count: weights.rows * width)
    var elements: [T] = []
    swap(&elements, &storage)
    for left in stride(from: 0, to: order, by: width) {
      let shape = Layout(rows: weights.rows, columns: min(width, order - left), stride: width)
      var target = tile.mutableSpan
      let start = first * order + left
      multiply(
        weights.elements.span, weights.layout, elements.span.extracting(droppingFirst: start),
        Layout(rows: weights.columns, columns: shape.columns, stride: order), into: &target, shape)
      var rows = elements.mutableSpan
      copyRows(tile.span, shape, into: &rows, from: start, stride: order)
    }
    swap(&elements, &storage)
    keep(first + weights.rows)
  }

  /// Drops the vectors from number `count` on.
  mutating func keep(_ count: Int) {
    storage.removeLast((self.count - count) * order)
    self.count = count
  }
}

/// Writes a tile's rows into rows of `stride` elements, the first of which begins at `start`.
@specialized(where T == Float)
@specialized(where T == Double)
private func copyRows<T: Scalar>(
  _ tile: Span<T>, _ shape: Layout, into target: inout MutableSpan<T>, from start: Int, stride: Int
) {
  for i in 0..<shape.rows {
    for j in 0..<shape.columns { target[start + i * stride + j] = tile[i * shape.stride + j] }
  }
}

private func fit<T: Scalar>(_ array: inout [T], to count: Int) {
  guard array.count != count else { return }
  array.removeAll(keepingCapacity: true)
  array.append(contentsOf: repeatElement(0, count: count))
}
