/// What a check works on: the optimizer, what it declares, and the draws to try it with.
struct OptimizerTrial: Sendable {
  let subject: any OptimizerSubject
  let declarations: [OptimizerDeclaration]
  let kind: OptimizerOracle.Kind
  let seed: UInt64
  /// What the optimizer says that it computes in: kept, since all that is compared asks for it.
  let precision: OptimizerPrecision

  init(
    subject: any OptimizerSubject, declarations: [OptimizerDeclaration], kind: OptimizerOracle.Kind,
    seed: UInt64
  ) {
    (self.subject, self.declarations) = (subject, declarations)
    (self.kind, self.seed) = (kind, seed)
    for case .precision(let declared) in declarations {
      precision = declared
      return
    }
    precision = .double
  }

  var generator: SplitMix64 { SplitMix64(seed: seed) }

  /// Coordinates on both sides of the blocks that loops are cut into, and none of them few.
  static let dimensions = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 257, 1000]
  /// The same as far as whole Hessians cost little.
  static let smallDimensions = dimensions.filter { $0 <= 33 }

  /// Numbers that the optimizer can hold: what rounding a start does is no fault of its.
  func held(_ x: [Double]) -> [Double] {
    precision == .single ? x.map { Double(Float($0)) } : x
  }

  /// So many units of roundoff.
  func roundings(_ count: Double) -> Double { count * precision.unit }

  /// A tolerance for double precision in that of the optimizer.
  func tolerance(_ inDouble: Double) -> Double { precision.tolerance(inDouble) }

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
      ? .gradients(history(dimension: dimension, steps: steps, using: &generator))
      : Course(
        start: held(Draw.normals(dimension, using: &generator)), steps: steps,
        on: .logCosh(dimension: dimension, using: &generator))
  }

  /// `Course.history` in numbers that the optimizer can hold.
  func history(
    dimension: Int, steps: Int, scale: Double = 1, startScale: Double = 1,
    using generator: inout SplitMix64
  ) -> OptimizerHistory {
    let drawn = Course.history(
      dimension: dimension, steps: steps, scale: scale, startScale: startScale, using: &generator)
    return OptimizerHistory(start: held(drawn.start), gradients: drawn.gradients.map(held))
  }
}
