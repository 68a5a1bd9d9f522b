extension SymmetricBand {
  /// A band as wide as is quickest: products are quicker the more columns they are by, and the way
  /// on to tridiagonal form is longer. Measured at order 6000, between 48 and 128.
  package static var usualWidth: Int { 80 }

  /// Householder's reduction of a symmetric matrix, of which one triangle is read, to a band with
  /// the same eigenvalues up to rounding, `width` columns at a time (Bischof, Lang, Sun: A framework
  /// for symmetric band reduction, 2000). The results are the same, bit for bit, on any number of
  /// threads.
  ///
  /// - Parameter matrix: order × order; its storage is the workspace where the caller has no other
  ///   use for it.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package init(reducing matrix: consuming [T], order: Int, width: Int = usualWidth) {
    precondition(matrix.count == order * order, "\(matrix.count) elements for order \(order)")
    KernelNotice.given
    self.init(order: order, width: width)
    var matrix = matrix
    let rows = max(order - width, 0)
    var factors = [T].zeros(4 * rows * width)
    var small = [T].zeros((64 + 1 + 3 * width) * width)
    matrix.withUnsafeMutableBufferPointer { matrix in
      factors.withUnsafeMutableBufferPointer { factors in
        small.withUnsafeMutableBufferPointer { small in
          guard let matrix = matrix.baseAddress, let small = small.baseAddress else { return }
          withoutBLASThreads {
            for start in stride(from: 0, to: order, by: width) {
              if let factors = factors.baseAddress, start + width < order {
                BandStep(
                  order: order, width: width, start: start, matrix: matrix, factors: factors,
                  small: small
                ).apply()
              }
              takeColumns(start..<min(start + width, order), of: matrix)
            }
          }
        }
      }
    }
  }

  private mutating func takeColumns(_ columns: Range<Int>, of matrix: UnsafePointer<T>) {
    elements.withUnsafeMutableBufferPointer {
      guard let band = $0.baseAddress else { return }
      for j in columns {
        (band + j * 2 * width).update(
          from: matrix + j * order + j, count: min(width + 1, order - j))
      }
    }
  }
}

/// Clears what lies below the band in some columns, by Q = I − V·T·Vᵀ of its QR factorization, and
/// replaces the matrix after them by Qᵀ·A·Q = A − V·Yᵀ − Y·Vᵀ, where Y = A·V·T − ½·V·Tᵀ·Vᵀ·A·V·T.
///
/// All but the factorization are products of whole blocks, each on one thread, several at once. All
/// matrices are by columns, and lower triangles.
private struct BandStep<T: Scalar> {
  private let order: Int
  /// Of V: what is below the band, and at most the band's width.
  private let rows: Int
  private let columns: Int
  private let width: Int
  /// What is to be cleared, and the matrix after it; their columns are `order` elements apart.
  private let panel: UnsafeMutablePointer<T>
  private let a: UnsafeMutablePointer<T>
  /// V, Y and V again, so that both factors of the update, [V Y] and [Y V], are in one piece; A·V.
  private let v: UnsafeMutablePointer<T>
  private let y: UnsafeMutablePointer<T>
  private let v2: UnsafeMutablePointer<T>
  private let product: UnsafeMutablePointer<T>
  /// Small ones, `width` elements a column: T; Vᵀ·V or Vᵀ·Y; Tᵀ·Vᵀ·Y.
  private let t: UnsafeMutablePointer<T>
  private let gram: UnsafeMutablePointer<T>
  private let middle: UnsafeMutablePointer<T>
  private let tau: UnsafeMutablePointer<T>
  private let work: UnsafeMutablePointer<T>

  /// Rows of a block of products, and columns of an update's: near enough for one thread, and
  /// enough of them for several.
  private var block: Int { 256 }

  init(
    order: Int, width: Int, start: Int, matrix: UnsafeMutablePointer<T>,
    factors: UnsafeMutablePointer<T>, small: UnsafeMutablePointer<T>
  ) {
    self.order = order
    self.width = width
    rows = order - start - width
    columns = min(rows, width)
    panel = matrix + start * order + start + width
    a = panel + width * order
    v = factors
    y = v + rows * columns
    v2 = y + rows * columns
    // The factorization has `width` columns, though V may have fewer.
    product = factors + 3 * rows * width
    t = small
    gram = t + width * width
    middle = gram + width * width
    tau = middle + width * width
    work = tau + width
  }

  func apply() {
    factorize()
    makeTriangle()
    forEachBlock { at, count in
      multiply(at, count)
      gemm("N", "N", count, columns, columns, 1, product + at, rows, t, width, 0, y + at, rows)
    }
    // The symmetric Tᵀ·Vᵀ·A·V·T, of which V takes a half to either side.
    gemm("T", "N", columns, columns, rows, 1, v, rows, y, rows, 0, gram, width)
    gemm("T", "N", columns, columns, columns, 1, t, width, gram, width, 0, middle, width)
    forEachBlock { at, count in
      gemm(
        "N", "N", count, columns, columns, -0.5, v + at, rows, middle, width, 1, y + at, rows)
    }
    v2.update(from: v, count: rows * columns)
    // Above the diagonal a block's own part is written too, where nobody reads.
    forEachBlock { at, count in
      gemm(
        "N", "T", rows - at, count, 2 * columns, -1, v + at, rows, y + at, rows, 1,
        a + at * order + at, order)
    }
  }

  /// R in place of what is cleared, and V with its ones and zeros.
  private func factorize() {
    for j in 0..<width { (v + j * rows).update(from: panel + j * order, count: rows) }
    let info = T.geqrf(Int32(rows), Int32(width), v, tau, work, Int32(64 * width))
    precondition(info == 0, "geqrf refused its argument \(-info)")
    for j in 0..<width {
      let above = min(j + 1, rows)
      (panel + j * order).update(from: v + j * rows, count: above)
      guard j < columns else { continue }
      (v + j * rows).update(repeating: 0, count: j)
      v[j * rows + j] = 1
    }
  }

  /// T, of H₁·H₂·… = I − V·T·Vᵀ (LAPACK's `larft`).
  private func makeTriangle() {
    gemm("T", "N", columns, columns, rows, 1, v, rows, v, rows, 0, gram, width)
    for j in 0..<columns {
      for i in 0..<columns {
        var sum: T = 0
        if i < j { for k in i..<j { sum += t[k * width + i] * gram[j * width + k] } }
        t[j * width + i] = i == j ? tau[j] : -tau[j] * sum
      }
    }
  }

  /// Some rows of A·V: those of the lower triangle, up to the diagonal's block, which is made whole,
  /// and the columns below that.
  private func multiply(_ at: Int, _ count: Int) {
    mirror(a + at * order + at, count)
    let end = at + count
    gemm("N", "N", count, columns, end, 1, a + at, order, v, rows, 0, product + at, rows)
    guard end < rows else { return }
    gemm(
      "T", "N", count, columns, rows - end, 1, a + at * order + end, order, v + end, rows, 1,
      product + at, rows)
  }

  /// Copies a block's lower triangle to its upper one, tile by tile.
  private func mirror(_ block: UnsafeMutablePointer<T>, _ count: Int) {
    let tile = 16
    for top in stride(from: 0, to: count, by: tile) {
      for left in stride(from: 0, through: top, by: tile) {
        for j in left..<min(left + tile, count) {
          for i in max(top, j + 1)..<max(min(top + tile, count), j + 1) {
            block[i * order + j] = block[j * order + i]
          }
        }
      }
    }
  }

  private func forEachBlock(_ body: (_ at: Int, _ count: Int) -> Void) {
    forEachIndex(below: (rows + block - 1) / block) {
      body($0 * block, min(block, rows - $0 * block))
    }
  }

  private func gemm(
    _ transA: Unicode.Scalar, _ transB: Unicode.Scalar, _ m: Int, _ n: Int, _ k: Int, _ alpha: T,
    _ a: UnsafePointer<T>, _ lda: Int, _ b: UnsafePointer<T>, _ ldb: Int, _ beta: T,
    _ c: UnsafeMutablePointer<T>, _ ldc: Int
  ) {
    T.gemm(
      CChar(UInt8(ascii: transA)), CChar(UInt8(ascii: transB)), Int32(m), Int32(n), Int32(k), alpha,
      a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }
}
