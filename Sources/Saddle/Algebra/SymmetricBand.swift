import CVector

/// A symmetric matrix that is zero further than `width` from the diagonal, on its way to tridiagonal
/// form.
package struct SymmetricBand<T: Scalar>: Sendable {
  package let order: Int
  package let width: Int
  /// The lower triangle by columns, `2·width` elements each from the diagonal on. Those beyond the
  /// band are zero: room for what reflections fill for a while.
  package internal(set) var elements: [T]

  init(order: Int, width: Int) {
    precondition(1...Int(SADDLE_CHASE_WIDTH) ~= width, "a band of \(width)")
    self.order = order
    self.width = width
    elements = [T].zeros(order * 2 * width)
  }

  /// A tridiagonal matrix with the same eigenvalues up to rounding: see chase.c. The results are
  /// the same, bit for bit, on any number of threads.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package consuming func tridiagonal() -> (diagonal: [T], offDiagonal: [T]) {
    let (order, width) = (order, width)
    var elements = elements
    self = SymmetricBand(order: 0, width: 1)
    let scale = unitScale(largestMagnitude(elements.span))
    if scale != 1 { for at in elements.indices { elements[at] *= scale } }
    // Two sweeps in turn move half of the bytes; more do not stay near the processor.
    let group = 2
    let sweeps = max(order - 2, 0)
    let groups = (sweeps + group - 1) / group
    // How far each group is, in cache lines of their own.
    let line = 16
    var done = [Int](repeating: 0, count: groups * line)
    elements.withUnsafeMutableBufferPointer { elements in
      done.withUnsafeMutableBufferPointer { done in
        guard let band = elements.baseAddress, let done = done.baseAddress else { return }
        // A group waits for the one before it, which has been begun: the next one is always taken.
        forEachIndex(below: groups) { k in
          T.chase(
            order, width, band, k * group, min(group, sweeps - k * group),
            k == 0 ? nil : UnsafePointer(done + (k - 1) * line), done + k * line)
        }
      }
    }
    return (
      (0..<order).map { elements[$0 * 2 * width] / scale },
      (0..<max(order - 1, 0)).map { elements[$0 * 2 * width + 1] / scale }
    )
  }
}

/// A power of two that takes numbers up to this magnitude to 1 and below; 1 for none.
private func unitScale<T: Scalar>(_ magnitude: T) -> T {
  magnitude > 0 ? T(sign: .plus, exponent: -magnitude.exponent - 1, significand: 1) : 1
}
