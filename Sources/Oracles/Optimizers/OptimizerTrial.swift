/// What a check works on: the optimizer, what it declares, and the draws to try it with.
struct OptimizerTrial: Sendable {
  let subject: any OptimizerSubject
  let declarations: [OptimizerDeclaration]
  let kind: OptimizerOracle.Kind
  let seed: UInt64

  var generator: SplitMix64 { SplitMix64(seed: seed) }

  func declares(_ isIt: (OptimizerDeclaration) -> Bool) -> Bool {
    declarations.contains(where: isIt)
  }

  var isNoisy: Bool { declares { if case .noisy = $0 { true } else { false } } }

  var movesAtZeroGradient: Bool {
    declares { if case .movesAtZeroGradient = $0 { true } else { false } }
  }

  func holds(_ invariance: Invariance) -> Bool {
    declares { if case .holds(invariance) = $0 { true } else { false } }
  }

  /// A run with an empty memory, at a point.
  func begin(
    at start: [Double], _ property: String, on other: (any OptimizerSubject)? = nil
  ) throws(OptimizerViolation) -> ObservedRun {
    do {
      let run = try (other ?? subject).begin(dimension: start.count)
      return ObservedRun(run: run, point: start, property: property)
    } catch {
      throw OptimizerViolation(
        property: property, detail: "no run began in \(start.count) coordinates: \(error)")
    }
  }

  /// The points θ₀, …, θ_T of a course, walked alone.
  func path(
    along course: Course, _ property: String, on other: (any OptimizerSubject)? = nil
  ) throws(OptimizerViolation) -> [[Double]] {
    var run = try begin(at: course.start, property, on: other)
    var points = [run.point]
    for step in 1...course.steps {
      try run.advance(on: course.function(step))
      points.append(run.point)
    }
    return points
  }

  /// A course for an optimizer of this kind: gradients of all sizes, or one function.
  func course(
    dimension: Int, steps: Int, using generator: inout SplitMix64
  ) -> Course {
    kind == .firstOrder
      ? .gradients(
        Course.history(dimension: dimension, steps: steps, using: &generator))
      : Course(
        start: Draw.normals(dimension, using: &generator), steps: steps,
        on: .logCosh(dimension: dimension, using: &generator))
  }
}
