/// A block Krylov decomposition Q·A = H·Q + C·F of a symmetric operator, with full
/// reorthogonalization (rows are vectors; Golub, Underwood 1977; thick restart: Wu, Simon 2000).
///
/// Q (m × n) and F (b × n) are orthonormal, H = QAQᵀ is computed in full from the overlaps, and C
/// couples Q to the next block F. Where a product adds no new direction, the space is invariant,
/// and a random direction with coupling 0 takes its place: so a second eigenvector of a multiple
/// eigenvalue gets in, which a Krylov space of one vector never sees.
package struct BlockKrylov<T: Scalar>: Sendable {
  private var basis: KrylovBasis<T>
  /// How many vectors at the front of the basis are deflated: no part of Q.
  package let deflated: Int
  /// H, with rows of `capacity` elements.
  private var projection: [T]
  /// C (m × block), rows of `block` elements.
  private var coupling: [T]
  /// The Frobenius norm of all couplings that were dropped: no rotation of Q makes it larger.
  package private(set) var dropped: T = 0
  private let capacity: Int
  /// b.
  package let width: Int
  /// F: no rows where Q spans all of the space.
  private var next: Matrix<T>
  private var products: Matrix<T>
  private var overlaps: [T] = []

  /// Products with the operator so far.
  package private(set) var productCount = 0
  /// Blocks multiplied so far.
  package private(set) var steps = 0
  /// The largest ‖A·q‖ seen: at most ‖A‖.
  package private(set) var scale: T = 0

  /// m.
  package var count: Int { basis.count - deflated }
  /// Whether Q spans all of the space that is not deflated.
  package var isComplete: Bool { next.rows == 0 }
  /// Whether one more block fits.
  package var hasRoom: Bool { next.rows <= room }
  /// How many vectors more fit.
  package var room: Int { capacity - count }

  /// - Parameters:
  ///   - capacity: the largest m.
  ///   - block: b.
  ///   - deflated: independent rows whose span is taken out (d × n).
  ///   - start: rows that the first block is made of, folded into b sums; random where nil.
  package init(
    order: Int, capacity: Int, block: Int, deflated: Matrix<T>?, start: Matrix<T>?,
    using generator: inout some RandomNumberGenerator
  ) throws(KrylovError) {
    let rows = deflated?.rows ?? 0
    let block = min(block, order - rows)
    self.capacity = capacity
    width = block
    self.deflated = rows
    basis = KrylovBasis(order: order, capacity: rows + capacity)
    projection = [T](repeating: 0, count: capacity * capacity)
    coupling = [T](repeating: 0, count: capacity * block)
    next = Matrix(rows: block, columns: order)
    products = next
    if let deflated { try basis.deflate(deflated) }
    if let start {
      var sums = [[T]](repeating: [T](repeating: 0, count: order), count: block)
      for i in 0..<start.rows where block > 0 {
        sums[i % block] = sums[i % block].adding(1, times: start.row(i))
      }
      next.elements = Array(sums.joined())
      basis.orthogonalize(&next.elements)
    }
    var unused = [T](repeating: 0, count: block * block)
    orthonormalizeNext(coefficients: &unused, using: &generator)
  }

  /// Multiplies the next block and takes it into the basis: b products.
  package mutating func expand(
    _ map: some LinearOperator<T>, using generator: inout some RandomNumberGenerator
  ) throws(KrylovError) {
    let (rows, order) = (next.rows, basis.order)
    try map.applyFinite(next, into: &products, after: productCount)
    productCount += rows
    steps += 1
    for i in 0..<rows {
      scale = max(
        scale, vectorNorm(products.elements.span.extracting(i * order..<(i + 1) * order)))
    }
    let old = count
    basis.append(next.elements)
    basis.orthogonalize(&products.elements, overlaps: &overlaps)
    for j in 0..<rows {
      for i in 0..<count {
        var value = overlaps[(deflated + i) * rows + j]
        if i >= old { value = (value + overlaps[(deflated + old + j) * rows + i - old]) / 2 }
        projection[i * capacity + old + j] = value
        projection[(old + j) * capacity + i] = value
      }
    }
    for at in 0..<count * width { coupling[at] = 0 }
    swap(&next, &products)
    var coefficients = [T](repeating: 0, count: rows * rows)
    orthonormalizeNext(coefficients: &coefficients, using: &generator)
    for i in 0..<rows {
      for j in 0..<next.rows { coupling[(old + i) * width + j] = coefficients[i * rows + j] }
    }
    if products.rows != next.rows { products = next }
  }

  /// Makes the rows of `next` orthonormal; `coefficients` (b × b) turns the new rows back into the
  /// old ones. What adds no direction is replaced by a random one, or dropped where there is none.
  private mutating func orthonormalizeNext(
    coefficients: inout [T], using generator: inout some RandomNumberGenerator
  ) {
    let (rows, order) = (next.rows, basis.order)
    var block = KrylovBasis<T>(order: order, capacity: rows)
    var along: [T] = []
    // What rounding leaves of a direction that is none. Were it taken for one, no harm would come
    // of it: it would be a random one, with the coupling that rounding gave it.
    let threshold = 32 * T.ulpOfOne * scale
    for i in 0..<rows {
      var row = next.row(i)
      let before = vectorNorm(row.span)
      block.orthogonalize(&row, overlaps: &along)
      for j in along.indices { coefficients[i * rows + j] = along[j] }
      // Where the directions of F are the last ones, they are enough for all rows.
      guard basis.count + block.count < order else { continue }
      var length = vectorNorm(row.span)
      if length < max(before / 8, scale / 1024), length > threshold {
        // Rounding errors in the directions of Q have grown beside what is left.
        basis.orthogonalize(&row)
        block.orthogonalize(&row)
        length = vectorNorm(row.span)
      }
      if length > threshold, length.isNormal {
        coefficients[i * rows + block.count] = length
        block.append(row.scaled(by: 1 / length))
      } else if let fresh = randomDirection(beside: &block, using: &generator) {
        block.append(fresh)
      }
    }
    next = block.matrix
  }

  private mutating func randomDirection(
    beside block: inout KrylovBasis<T>, using generator: inout some RandomNumberGenerator
  ) -> [T]? {
    let root = T(basis.order).squareRoot()
    for _ in 0..<3 {
      var row = (0..<basis.order).map { _ in T(generator.normal()) }
      basis.orthogonalize(&row)
      block.orthogonalize(&row)
      let length = row.norm
      guard length > 64 * root * root * T.ulpOfOne else { continue }
      row = row.scaled(by: 1 / length)
      basis.orthogonalize(&row)
      block.orthogonalize(&row)
      return row.scaled(by: 1 / row.norm)
    }
    return nil
  }

  /// Q (m × n).
  package var vectors: Matrix<T> {
    let all = basis.matrix
    return Matrix(
      rows: count, columns: all.columns,
      elements: Array(all.elements.dropFirst(deflated * all.columns)))
  }
  /// H (m × m).
  package var projected: Matrix<T> {
    let m = count
    let elements = (0..<m).flatMap { projection[$0 * capacity..<$0 * capacity + m] }
    return Matrix(rows: m, columns: m, elements: elements)
  }
  /// C·F (m × n).
  package var remainder: Matrix<T> {
    let used = Matrix(
      rows: count, columns: next.rows,
      elements: (0..<count).flatMap { coupling[$0 * width..<$0 * width + next.rows] })
    return used * next
  }

  /// C (m × b).
  private var couplings: Matrix<T> {
    Matrix(rows: count, columns: width, elements: Array(coupling.prefix(count * width)))
  }

  /// The eigensystem of H; residuals leave out, within `dropped`, what was dropped.
  package func ritzPairs() throws(KrylovError) -> RitzPairs<T> {
    try RitzPairs(projected: projected, coupling: couplings)
  }

  /// The vectors with these weights (one a row) as rows of n elements.
  package func vectors(_ weights: Matrix<T>) -> Matrix<T> {
    basis.combinations(weights, from: deflated)
  }

  /// Thick restart: Q becomes the pairs `kept`, F stays.
  package mutating func restart(keeping kept: [Int], of pairs: RitzPairs<T>) {
    let weights = pairs.weights(of: kept)
    let turned = weights * couplings
    rotate(kept, of: pairs, weights)
    coupling.replaceSubrange(0..<turned.elements.count, with: turned.elements)
  }

  /// Q becomes the pairs `kept`, whose residuals are dropped, and F random: a Krylov space that
  /// knows nothing of the one before.
  package mutating func startAfresh(
    keeping kept: [Int], of pairs: RitzPairs<T>, using generator: inout some RandomNumberGenerator
  ) {
    rotate(kept, of: pairs, pairs.weights(of: kept))
    dropped = ([dropped] + kept.map { pairs.residuals[$0] }).norm
    for at in 0..<kept.count * width { coupling[at] = 0 }
    // Zero rows give way to random ones.
    next = Matrix(rows: width, columns: basis.order)
    var unused = [T](repeating: 0, count: width * width)
    orthonormalizeNext(coefficients: &unused, using: &generator)
    products = next
  }

  private mutating func rotate(_ kept: [Int], of pairs: RitzPairs<T>, _ weights: Matrix<T>) {
    basis.rotate(by: weights, from: deflated)
    for i in 0..<kept.count {
      for j in 0..<kept.count { projection[i * capacity + j] = i == j ? pairs.values[kept[i]] : 0 }
    }
  }
}
