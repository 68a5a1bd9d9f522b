extension CurvatureModes {
  /// Moves θ by the cubic model's minimizer where f falls by a tenth of what it foretells, and
  /// adapts M: `CubicNewton`'s step.
  ///
  /// - Returns: Whether θ moved along negative curvature.
  @discardableResult
  func takeCubicStep<Model: LocalModel<T>>(
    _ parameters: inout MutableSpan<T>, on model: inout Model, value: T, gradient: [T],
    regularization: inout T
  ) -> Bool {
    guard !values.isEmpty else { return false }
    let solution = CubicSubproblem(
      curvatures: values, gradient: components(of: gradient), regularization: regularization)
    guard solution.predicted > 0 else { return false }
    var components = solution.step
    if solution.isHardCase, largestIsNegative(vectors.row(0)) { components[0] = -components[0] }
    let trial = Array(copying: parameters.span).adding(1, times: combination(components))
    let ratio = agreement(
      from: value, to: model.value(at: trial.span), predicted: solution.predicted)
    if ratio >= 0.1 { copy(trial.span, into: &parameters) }
    if ratio < 0.1 { regularization = min(2 * regularization, .greatestFiniteMagnitude / 4) }
    // Where it is at rounding already, less of it is nothing else.
    if ratio > 0.9 && regularization > T.ulpOfOne { regularization /= 2 }
    return ratio >= 0.1 && isAlongNegativeCurvature(components)
  }
}

/// Whether the element of largest magnitude, the first of equals, is negative.
private func largestIsNegative<T: Scalar>(_ vector: [T]) -> Bool {
  var largest: T = 0
  for element in vector where element.magnitude > largest.magnitude { largest = element }
  return largest < 0
}
