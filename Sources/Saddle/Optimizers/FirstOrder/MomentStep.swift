import CVector

/// Adam's step in one pass over memory, a zero divisor giving no step:
///
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← s·θ − η·m/(√v·c + ε)
func stepByMoments<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>,
  mean: inout [T], square: inout [T],
  beta1: T, beta2: T, shrinkage: T = 1, rate: T, rootScale: T, epsilon: T
) {
  let count = gradient.count
  precondition(parameters.count == count && mean.count == count && square.count == count)
  parameters.withUnsafeMutableBufferPointer { theta in
    gradient.withUnsafeBufferPointer { g in
      mean.withUnsafeMutableBufferPointer { m in
        square.withUnsafeMutableBufferPointer { v in
          guard let theta = theta.baseAddress, let g = g.baseAddress,
            let m = m.baseAddress, let v = v.baseAddress
          else { return }
          forEachPiece(of: count) { piece in
            let i = piece.lowerBound
            step(
              piece.count, theta + i, g + i, m + i, v + i, beta1, beta2, shrinkage, rate,
              rootScale, epsilon)
          }
        }
      }
    }
  }
}

/// The loop in C for either precision.
private func step<T: Scalar>(
  _ count: Int, _ theta: UnsafeMutablePointer<T>, _ g: UnsafePointer<T>,
  _ m: UnsafeMutablePointer<T>, _ v: UnsafeMutablePointer<T>, _ beta1: T, _ beta2: T,
  _ shrinkage: T, _ rate: T, _ rootScale: T, _ epsilon: T
) {
  func raw<Number>(_ pointer: UnsafeMutablePointer<T>, _: Number.Type) -> UnsafeMutablePointer<Number> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Number.self)
  }
  if T.self == Float.self {
    saddle_adam_float(
      count, raw(theta, Float.self), UnsafeRawPointer(g).assumingMemoryBound(to: Float.self),
      raw(m, Float.self), raw(v, Float.self), Float(beta1), Float(beta2), Float(shrinkage),
      Float(rate), Float(rootScale), Float(epsilon))
  } else {
    saddle_adam_double(
      count, raw(theta, Double.self), UnsafeRawPointer(g).assumingMemoryBound(to: Double.self),
      raw(m, Double.self), raw(v, Double.self), Double(beta1), Double(beta2), Double(shrinkage),
      Double(rate), Double(rootScale), Double(epsilon))
  }
}
