/// LAPACK `sytrf` on a whole matrix in place: A = L·D·Lᵀ with D's blocks of order 1 and 2.
///
/// Only the triangle j ≥ i of the row-major storage is read and written; the other one stays.
package struct BunchKaufman<T: Scalar>: Sendable {
  package let order: Int
  package private(set) var pivots: [Int32]
  private var work: [T] = []

  package init(order: Int) {
    self.order = order
    pivots = [Int32](repeating: 0, count: order)
  }

  package mutating func factorize(_ elements: inout [T]) throws(LinearAlgebraError) {
    guard order > 0 else { return }
    if work.isEmpty {
      var size: T = 0
      _ = T.sytrf(Int32(order), &elements, &pivots, &size, -1)
      work = [T](repeating: 0, count: max(1, Int(size.nextUp.rounded(.up))))
    }
    // A positive info is an exactly singular D: the factorization is complete all the same.
    let info = T.sytrf(Int32(order), &elements, &pivots, &work, Int32(work.count))
    guard info >= 0 else { throw .noConvergence(routine: "sytrf", info: Int(info)) }
  }

  /// The signs of D's eigenvalues: those of L·D·Lᵀ (Sylvester).
  package func inertia(_ factors: [T]) -> Inertia {
    var (negative, zero, positive) = (0, 0, 0)
    var i = 0
    while i < order {
      if pivots[i] > 0 {
        let value = factors[i * order + i]
        if value < 0 { negative += 1 } else if value > 0 { positive += 1 } else { zero += 1 }
        i += 1
      } else {
        // Bunch–Kaufman takes a 2 × 2 pivot only where its determinant is negative: one
        // eigenvalue of each sign (Bunch, Kaufman 1977, §4).
        negative += 1
        positive += 1
        i += 2
      }
    }
    return Inertia(negative: negative, zero: zero, positive: positive)
  }

  /// The position of the first zero on D's diagonal.
  func firstZero(_ factors: [T]) -> Int? {
    (0..<order).first { pivots[$0] > 0 && factors[$0 * order + $0] == 0 }
  }

  /// x ← (L·D·Lᵀ)⁻¹·x.
  func solve(_ factors: [T], _ x: inout [T]) throws(LinearAlgebraError) {
    guard order > 0 else { return }
    let info = T.sytrs(Int32(order), 1, factors, pivots, &x)
    guard info == 0 else { throw .noConvergence(routine: "sytrs", info: Int(info)) }
  }

  /// ‖|L|·|D|·|L|ᵀ‖ in the ∞-norm, from O(n²) operations: the factors applied to (1, …, 1).
  package func absoluteNorm(_ factors: [T]) -> T {
    var x = [T](repeating: 1, count: order)
    for block in blocks {
      swap(&x, block)
      for k in block.columns {
        x[k] += absoluteSum(factors.span, x.span, row: k, from: block.columns.upperBound)
      }
    }
    for block in blocks {
      let (i, j) = (block.columns.lowerBound, block.columns.upperBound - 1)
      let a = factors[i * order + i].magnitude * x[i]
      if i == j {
        x[i] = a
      } else {
        let side = factors[i * order + j].magnitude
        (x[i], x[j]) = (a + side * x[j], side * x[i] + factors[j * order + j].magnitude * x[j])
      }
    }
    for block in blocks.reversed() {
      var target = x.mutableSpan
      for k in block.columns {
        addAbsolute(factors.span, into: &target, row: k, from: block.columns.upperBound)
      }
      swap(&x, block)
    }
    return x.reduce(0) { $1.isNaN ? .nan : max($0, $1) }
  }

  private struct Block {
    let columns: Range<Int>
    /// What the last column of the block changed places with.
    let partner: Int
  }

  private var blocks: [Block] {
    var (result, i) = ([Block](), 0)
    while i < order {
      let size = pivots[i] > 0 ? 1 : 2
      result.append(
        Block(columns: i..<min(i + size, order), partner: Int(pivots[i].magnitude) - 1))
      i += size
    }
    return result
  }

  private func swap(_ x: inout [T], _ block: Block) {
    x.swapAt(block.columns.upperBound - 1, block.partner)
  }
}

/// Σ |aᵢ|·xᵢ over the elements of a row from column `from` on.
@specialized(where T == Float)
@specialized(where T == Double)
private func absoluteSum<T: Scalar>(_ a: Span<T>, _ x: Span<T>, row: Int, from: Int) -> T {
  let n = x.count
  precondition(a.count == n * n && from <= n)
  var (s, t, u, v): (T, T, T, T) = (0, 0, 0, 0)
  var i = from
  while i + 4 <= n {
    s += a[unchecked: row * n + i].magnitude * x[unchecked: i]
    t += a[unchecked: row * n + i + 1].magnitude * x[unchecked: i + 1]
    u += a[unchecked: row * n + i + 2].magnitude * x[unchecked: i + 2]
    v += a[unchecked: row * n + i + 3].magnitude * x[unchecked: i + 3]
    i += 4
  }
  while i < n {
    s += a[row * n + i].magnitude * x[i]
    i += 1
  }
  return (s + t) + (u + v)
}

/// xᵢ ← xᵢ + |aᵢ|·x_row over the elements of a row from column `from` on.
@specialized(where T == Float)
@specialized(where T == Double)
private func addAbsolute<T: Scalar>(
  _ a: Span<T>, into x: inout MutableSpan<T>, row: Int, from: Int
) {
  let n = x.count
  precondition(a.count == n * n && from <= n)
  let factor = x[row]
  for i in from..<n { x[unchecked: i] += a[unchecked: row * n + i].magnitude * factor }
}
