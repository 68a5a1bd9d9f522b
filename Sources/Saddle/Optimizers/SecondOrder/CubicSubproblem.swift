/// The global minimizer of gᵀs + ½·sᵀHs + (M/6)·‖s‖³ in a basis where H is diagonal.
///
/// It is the s with (H + λI)·s = −g, λ = M‖s‖/2 and H + λI ⪰ 0 (Nesterov, Polyak 2006, §5; Cartis,
/// Gould, Toint 2011, theorem 3.1): a scalar equation for λ, which decides ‖s‖.
///
/// The hard case: g has no share of the least eigenvalue λ₁ < 0, and even at λ = −λ₁ the step is
/// too short. Then λ = −λ₁, and the missing length lies along that eigenvector, with either sign.
package struct CubicSubproblem<T: Scalar> {
  /// s in the basis.
  package let step: [T]
  /// λ.
  package let multiplier: T
  /// −gᵀs − ½·sᵀHs − (M/6)·‖s‖³.
  package let predicted: T
  /// Whether it is the hard case: the sign of the first element of `step` is then free.
  package let isHardCase: Bool

  /// - Parameters:
  ///   - curvatures: H's diagonal, ascending.
  ///   - gradient: g in the basis.
  ///   - regularization: M > 0.
  package init(curvatures: [T], gradient: [T], regularization: T) {
    let least = max(0, -(curvatures.first ?? 0))
    // λᵢ + λ as (λᵢ − λ₁) + δ where λ₁ < 0: nothing cancels, however near δ is to 0.
    let gaps = curvatures.map { $0 + least }
    let shortest = limitLength(gradient.span, gaps.span)
    let isHardCase = least > 0 && shortest <= 2 * least / regularization
    let root =
      isHardCase || shortest == 0
      ? 0 : secularRoot(gradient, gaps: gaps, least: least, regularization)
    var step = zip(gradient, gaps).map { $0 == 0 ? 0 : -$0 / ($1 + root) }
    if isHardCase {
      let length = 2 * least / regularization
      step[0] = max(0, (length - shortest) * (length + shortest)).squareRoot()
    }
    let size = step.norm
    var bent = gradient
    for i in bent.indices { bent[i] += curvatures[i] * step[i] / 2 }
    self.step = step
    multiplier = least + root
    predicted = -bent.dot(step) - regularization / 6 * size * size * size
    self.isHardCase = isHardCase
  }
}

/// ‖s‖ at the least λ that is allowed; infinite where g has a share of a mode with no gap.
@specialized(where T == Float)
@specialized(where T == Double)
private func limitLength<T: Scalar>(_ gradient: Span<T>, _ gaps: Span<T>) -> T {
  var sum: T = 0
  for i in gradient.indices where gradient[i] != 0 {
    let s = gradient[i] / gaps[i]
    sum += s * s
  }
  return sum.squareRoot()
}

/// Σ gᵢ²/(gapᵢ + δ)² and Σ gᵢ²/(gapᵢ + δ)³.
@specialized(where T == Float)
@specialized(where T == Double)
private func secularSums<T: Scalar>(_ gradient: Span<T>, _ gaps: Span<T>, _ delta: T) -> (T, T) {
  var (squares, cubes): (T, T) = (0, 0)
  for i in gradient.indices {
    let size = gaps[i] + delta
    let s = gradient[i] / size
    squares += s * s
    cubes += s * s / size
  }
  return (squares, cubes)
}

/// The δ > 0 with ‖s(δ)‖ = 2(λ₀ + δ)/M, by Newton's method on 1/‖s(δ)‖ − M/(2(λ₀ + δ)), which
/// grows with δ, inside a bracket that is halved where Newton leaves it.
private func secularRoot<T: Scalar>(
  _ gradient: [T], gaps: [T], least: T, _ regularization: T
) -> T {
  // ‖s(δ)‖ ≤ ‖g‖/δ, which is 2δ/M there.
  var high = (regularization / 2 * gradient.norm).squareRoot()
  var low: T = 0
  var delta = high
  // Halving alone reaches the smallest number from the largest in about 2100 steps.
  for _ in 0..<2200 {
    let (squares, cubes) = secularSums(gradient.span, gaps.span, delta)
    let length = squares.squareRoot()
    let multiplier = least + delta
    let excess = 1 / length - regularization / (2 * multiplier)
    if excess > 0 { high = delta } else { low = delta }
    let slope =
      cubes / (squares * length) + regularization / (2 * multiplier * multiplier)
    var next = delta - excess / slope
    if !(next > low && next < high) { next = low + (high - low) / 2 }
    guard excess != 0, (next - delta).magnitude > T.ulpOfOne * delta else { break }
    delta = next
  }
  return delta
}
