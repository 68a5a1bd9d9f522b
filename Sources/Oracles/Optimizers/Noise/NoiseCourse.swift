import Foundation

/// What an optimizer meets while its noise is watched.
enum NoiseCourse {
  /// A zero gradient, at the origin.
  case still
  /// One gradient again and again, whose step is about as long as the noise.
  case steady
  /// Gradients of all sizes and directions, at points near and far.
  case changing
}

extension OptimizerTrial {
  /// So many draws of the noise in a row, with the interval's rests between.
  func noise(
    _ law: PerturbationLaw, dimension n: Int, count: Int, on course: NoiseCourse,
    of subject: (any OptimizerSubject)? = nil, _ property: String,
    using generator: inout SplitMix64
  ) throws(OptimizerViolation) -> NoiseSample {
    var sample = NoiseSample(dimension: n, shape: law.shape)
    try gatherNoise(
      law, count: count, on: course, of: subject, property, into: &sample, using: &generator)
    return sample
  }

  func gatherNoise(
    _ law: PerturbationLaw, count: Int, on course: NoiseCourse,
    of subject: (any OptimizerSubject)? = nil, _ property: String,
    into sample: inout NoiseSample, using generator: inout SplitMix64
  ) throws(OptimizerViolation) {
    let n = sample.dimension
    let zeros = [Double](repeating: 0, count: n)
    var run = try begin(at: zeros, property, on: subject)
    var move = zeros
    let steady = steadyGradient(law, n)
    for draw in 0..<count {
      if draw > 0 { try rest(&run, law, zeros) }
      var surroundings = NoiseSample.Surroundings(
        gradient: zeros, size: nil, point: zeros, move: move)
      switch course {
      case .still: break
      case .steady: surroundings.gradient = steady
      case .changing: change(&surroundings, law, using: &generator)
      }
      let (gradient, point) = (surroundings.gradient, surroundings.point)
      // Placed anew each time, so that no sum of steps rounds the noise off.
      run.move(to: point)
      let ξ = try run.noise(law, gradient)
      sample.append(ξ, rounding: law.rounding(at: point, gradient, precision.unit), in: surroundings)
      move = zip(run.point, point).map { $0 - $1 }
    }
  }

  /// The interval's steps at a zero gradient, which must go nowhere.
  private func rest(
    _ run: inout ObservedRun, _ law: PerturbationLaw, _ zeros: [Double]
  ) throws(OptimizerViolation) {
    guard law.interval > 0 else { return }
    let there = run.point
    let flat = StepFunction(gradient: zeros)
    for _ in 0..<law.interval { try run.advance(on: flat) }
    guard run.point == there else {
      throw OptimizerViolation(
        property: run.property, step: run.step,
        detail: "noise came within the interval of \(law.interval) steps, at a zero gradient")
    }
  }

  private func steadyGradient(_ law: PerturbationLaw, _ n: Int) -> [Double] {
    let size = min(law.threshold / 2, law.scale / law.rate)
    let direction = (1...n).map { Double($0) }
    let length = norm(direction)
    return direction.map { size * $0 / length }
  }

  /// The longest gradients make steps that are a million times as long as the noise in double
  /// precision: it is still known to ten digits of its sixteen.
  private func change(
    _ surroundings: inout NoiseSample.Surroundings, _ law: PerturbationLaw,
    using generator: inout SplitMix64
  ) {
    let n = surroundings.point.count
    let span = pow(precision.unit, -3.0 / 8)
    let largest = min(0.99 * law.threshold, span * law.scale / law.rate)
    let level = Draw.unit(using: &generator)
    let size = largest * pow(1e-9, 1 - level)
    surroundings.gradient = Draw.direction(n, using: &generator).map { size * $0 }
    surroundings.size = largest > 0 ? level : nil
    let distance = law.scale * pow(10, Draw.uniform(-3, 3, using: &generator))
    surroundings.point = Draw.direction(n, using: &generator).map { distance * $0 }
  }
}

extension ObservedRun {
  /// What a step did beyond gradient descent's, in units of the noise's scale.
  mutating func noise(
    _ law: PerturbationLaw, _ gradient: [Double]
  ) throws(OptimizerViolation) -> [Double] {
    let before = point
    try advance(on: StepFunction(gradient: gradient))
    return before.indices.map {
      (point[$0] - (before[$0] - law.rate * gradient[$0])) / law.scale
    }
  }
}

extension PerturbationLaw {
  /// What rounding leaves in units of the scale, with room for a hundred operations.
  func rounding(at point: [Double], _ gradient: [Double], _ roundoff: Double) -> Double {
    let size = zip(point, gradient).map { $0.magnitude + rate * $1.magnitude }.max() ?? 0
    return 90 * roundoff * (1 + size / scale)
  }
}
