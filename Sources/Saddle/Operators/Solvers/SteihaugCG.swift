/// A step inside a trust region, and what the quadratic model falls by along it.
package struct TrustedStep<T: Scalar> {
  package let step: [T]
  /// −gᵀs − ½sᵀHs.
  package let predicted: T
  package let isOnBoundary: Bool
}

/// Minimizes gᵀs + ½sᵀHs over ‖s‖ ≤ Δ by conjugate gradients, which end where the residual is
/// small, on the boundary where the next iterate is outside it, and on the boundary along a
/// direction of negative curvature (Steihaug 1983; Nocedal, Wright 2006, algorithm 7.2).
///
/// - Parameters:
///   - matrix: H, of order n.
///   - gradient: g, n elements.
///   - radius: Δ > 0.
///   - tolerance: ends at ‖Hs + g‖ ≤ this.
///   - budget: products at most.
/// - Throws: `KrylovError.productNotFinite`.
package func steihaug<T: Scalar>(
  _ matrix: some LinearOperator<T>, gradient: [T], radius: T, tolerance: T, budget: Int
) throws(KrylovError) -> TrustedStep<T> {
  var step = [T](repeating: 0, count: gradient.count)
  // H·s, kept along with s.
  var image = step
  var residual = gradient
  var direction = gradient.scaled(by: -1)
  var square = residual.dot(residual)

  func result(isOnBoundary: Bool) -> TrustedStep<T> {
    TrustedStep(
      step: step, predicted: -gradient.dot(step) - step.dot(image) / 2,
      isOnBoundary: isOnBoundary)
  }

  for count in 0..<budget {
    guard square.squareRoot() > tolerance else { break }
    let product = try matrix.finiteProduct(direction, after: count)
    let curvature = direction.dot(product)
    let alpha = square / curvature
    let next = step.adding(alpha, times: direction)
    // Not so where the curvature is tiny and the iterate overflows, either.
    guard curvature > 0, next.norm < radius else {
      let reach = stepToBoundary(from: step, along: direction, radius: radius)
      step = step.adding(reach, times: direction)
      image = image.adding(reach, times: product)
      return result(isOnBoundary: true)
    }
    step = next
    image = image.adding(alpha, times: product)
    residual = residual.adding(alpha, times: product)
    let nextSquare = residual.dot(residual)
    direction = residual.scaled(by: -1).adding(nextSquare / square, times: direction)
    square = nextSquare
  }
  return result(isOnBoundary: false)
}

/// τ ≥ 0 with ‖s + τd‖ = Δ, for ‖s‖ < Δ.
private func stepToBoundary<T: Scalar>(from step: [T], along direction: [T], radius: T) -> T {
  // d to length 1: its square might under- or overflow.
  let length = direction.norm
  let along = step.dot(direction) / length
  let inside = max(0, (radius - step.norm) * (radius + step.norm))
  let root = (along * along + inside).squareRoot()
  // Without cancellation in the root of least size.
  return (along > 0 ? inside / (along + root) : root - along) / length
}
