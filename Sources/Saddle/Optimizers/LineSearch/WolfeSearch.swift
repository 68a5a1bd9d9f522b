/// A function along a ray θ + α·d, at one α.
struct LineSample<T: Scalar> {
  /// α.
  let step: T
  /// φ(α) = f(θ + α·d), and φ′(α) = ∇f·d.
  let value: T
  let slope: T
  let point: [T]
  let gradient: [T]

  var isFinite: Bool { value.isFinite && slope.isFinite && allFinite(gradient.span) }
}

/// A search for a step α that satisfies the strong Wolfe conditions,
///
///     φ(α) ≤ φ(0) + c₁·α·φ′(0)   and   |φ′(α)| ≤ c₂·|φ′(0)|,
///
/// by bracketing and zooming with cubic interpolation (Nocedal, Wright 2006, algorithms 3.5 and
/// 3.6, eq. 3.59). On a quadratic the interpolation is exact.
///
/// A trial that is not finite counts as too far. After 30 trials, or at 1000 times the first step,
/// a point with a lower value is taken even if its slope is still steep.
public struct WolfeSearch<T: Scalar>: Sendable {
  /// c₁.
  public let decrease: T
  /// c₂.
  public let curvature: T

  private static var budget: Int { 30 }
  private static var longest: T { 1000 }

  /// - Throws: `OptimizerError.invalidHyperparameter` unless 0 < c₁ < c₂ < 1.
  init(decrease: T, curvature: T) throws(OptimizerError) {
    try OptimizerError.require("decrease", decrease, "in (0, 1)") { $0 > 0 && $0 < 1 }
    try OptimizerError.require("curvature", curvature, "in (decrease, 1) = (\(decrease), 1)") {
      $0 > decrease && $0 < 1
    }
    self.decrease = decrease
    self.curvature = curvature
  }

  /// - Parameters:
  ///   - start: the sample at α = 0, with φ′(0) < 0.
  ///   - first: the first α to try, positive and finite.
  /// - Returns: nil where no lower value was found: θ is as good as rounding allows, say.
  func search<Model: LocalModel<T>>(
    on model: inout Model, from start: LineSample<T>, along direction: [T], first: T
  ) -> LineSample<T>? {
    var previous = start
    var step = first
    var left = Self.budget
    while left > 0 {
      left -= 1
      let sample = model.sample(start.point, direction, step)
      let isHigher = previous.step > 0 && sample.value >= previous.value
      if isTooHigh(sample, start) || isHigher {
        return zoom(on: &model, start, direction, low: previous, high: sample, &left)
      }
      if isFlat(sample, start) { return sample }
      if sample.slope >= 0 {
        return zoom(on: &model, start, direction, low: sample, high: previous, &left)
      }
      guard step < Self.longest * first else { return sample }
      let wanted = cubicMinimizer(previous, sample)
      let bounded = wanted.isFinite && wanted > step ? wanted : 10 * step
      (previous, step) = (sample, min(max(bounded, T(1.1) * step), 10 * step))
    }
    return previous.step > 0 ? previous : nil
  }

  private func isTooHigh(_ sample: LineSample<T>, _ start: LineSample<T>) -> Bool {
    !sample.isFinite || sample.value > start.value + decrease * sample.step * start.slope
  }

  private func isFlat(_ sample: LineSample<T>, _ start: LineSample<T>) -> Bool {
    sample.slope.magnitude <= -curvature * start.slope
  }

  /// Between `low`, the lowest sample so far with enough decrease, and `high`, to which it slopes
  /// down, there are steps that satisfy both conditions.
  private func zoom<Model: LocalModel<T>>(
    on model: inout Model, _ start: LineSample<T>, _ direction: [T], low: LineSample<T>,
    high: LineSample<T>, _ left: inout Int
  ) -> LineSample<T>? {
    var (low, high) = (low, high)
    var isSlow = false
    while left > 0 {
      left -= 1
      let width = (high.step - low.step).magnitude
      let middle = low.step + (high.step - low.step) / 2
      var step = isSlow || !high.isFinite ? middle : cubicMinimizer(low, high)
      let (near, far) = (min(low.step, high.step), max(low.step, high.step))
      if !(step > near && step < far) { step = middle }
      // Neighbouring numbers have none between them.
      guard step > near && step < far else { break }
      let sample = model.sample(start.point, direction, step)
      if isTooHigh(sample, start) || sample.value >= low.value {
        high = sample
      } else {
        if isFlat(sample, start) { return sample }
        if sample.slope * (high.step - low.step) >= 0 { high = low }
        low = sample
      }
      // Interpolation may creep towards one end: then the next trial halves the bracket.
      isSlow = !isSlow && (high.step - low.step).magnitude > width * 2 / 3
    }
    return low.step > 0 && low.value < start.value ? low : nil
  }
}

/// Where the cubic through two samples' values and slopes has its minimum (Nocedal, Wright 2006,
/// eq. 3.59); not finite where it has none.
private func cubicMinimizer<T: Scalar>(_ a: LineSample<T>, _ b: LineSample<T>) -> T {
  let d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
  let square = d1 * d1 - a.slope * b.slope
  guard square >= 0 else { return .nan }
  let d2 = b.step > a.step ? square.squareRoot() : -square.squareRoot()
  return b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
}

extension LocalModel {
  /// The value and slope at θ + α·d.
  mutating func sample(
    _ origin: [Element], _ direction: [Element], _ step: Element
  ) -> LineSample<Element> {
    let point = origin.adding(step, times: direction)
    let value = evaluate(at: point.span)
    let gradient = gradient
    return LineSample(
      step: step, value: value, slope: gradient.dot(direction), point: point, gradient: gradient)
  }

  /// The sample at α = 0; its slope still needs a direction.
  ///
  /// - Throws: `OptimizerError.notFinite` where the value or the gradient is NaN or infinite,
  ///   `OptimizerError.gradientTooLarge` where its square would be.
  mutating func base(
    at parameters: Span<Element>
  ) throws(OptimizerError) -> LineSample<Element> {
    let value = try finiteEvaluation(at: parameters, largestGradient: .largestSquarable)
    return LineSample(
      step: 0, value: value, slope: 0, point: Array(copying: parameters), gradient: gradient)
  }
}

extension LineSample {
  /// The α that makes −α·g a step of length 1.
  var unitStep: T { min(1 / gradient.norm, .greatestFiniteMagnitude) }

  /// The same with the slope along a direction.
  func along(_ direction: [T]) -> LineSample {
    LineSample(
      step: step, value: value, slope: gradient.dot(direction), point: point, gradient: gradient)
  }
}
