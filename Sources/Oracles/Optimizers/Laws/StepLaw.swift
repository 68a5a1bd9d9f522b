/// What each step of a method on a function must be, by the oracle's own evaluations of value, gradient
/// and curvature: for methods whose moves no history of gradients decides.
///
/// A witness sees the points that the method itself came to, so that no error adds up, and keeps what
/// the rule keeps of the steps before.
public struct StepLaw: Sendable {
  public let name: String
  /// The coordinates in which it holds.
  let holds: @Sendable (_ dimension: Int) -> Bool
  /// What shows a law that the functions all laws are tried on do not; nil for those.
  let courses: (@Sendable (_ dimension: Int, _ generator: inout SplitMix64) -> [Course])?
  let witness: @Sendable (_ dimension: Int) -> any StepWitness

  init(
    _ name: String, holds: @escaping @Sendable (Int) -> Bool = { _ in true },
    courses: (@Sendable (_ dimension: Int, _ generator: inout SplitMix64) -> [Course])? = nil,
    witness: @escaping @Sendable (_ dimension: Int) -> any StepWitness
  ) {
    self.name = name
    self.holds = holds
    self.courses = courses
    self.witness = witness
  }
}

protocol StepWitness {
  /// What is to be said of the next step.
  mutating func judge(_ step: SeenStep) throws(OracleError) -> StepFinding
}

/// One step of a method, with what the oracle evaluates there itself.
struct SeenStep {
  let before, after: [Double]
  let function: StepFunction
  let value: Double
  let gradient: [Double]
  /// What the method computes in.
  private let precision: OptimizerPrecision

  init(
    from before: [Double], to after: [Double], on function: StepFunction,
    in precision: OptimizerPrecision
  ) {
    self.precision = precision
    self.before = before
    self.after = after
    self.function = function
    value = function.value(before)
    gradient = function.gradient(before)
  }

  var move: [Double] { moved(after, by: -1, along: before) }
  var isRest: Bool { before == after }
  /// What rounding of θ may do to the move.
  var rounding: Double { 4 * unit * max(norm(before), norm(after)) }
  var unit: Double { precision.unit }
  func tolerance(_ inDouble: Double) -> Double { precision.tolerance(inDouble) }
  /// The Hessian at θ, n × n, symmetric.
  var hessian: [[Double]] {
    let n = before.count
    var rows = (0..<n).map { i in
      function.hessianVectorProduct(before, (0..<n).map { $0 == i ? 1 : 0 })
    }
    for i in 0..<n {
      for j in 0..<i {
        let mean = (rows[i][j] + rows[j][i]) / 2
        (rows[i][j], rows[j][i]) = (mean, mean)
      }
    }
    return rows
  }

  /// Holds the move to what it must be.
  ///
  /// - Parameter tolerance: relative to the move.
  func held(to expected: [Double], within tolerance: Double, _ law: String) -> StepFinding {
    let bound = self.tolerance(tolerance) * norm(expected) + rounding
    let error = norm(moved(move, by: -1, along: expected))
    return error <= bound
      ? .right(margin: bound > 0 ? error / bound : 0)
      : .wrong("\(law): the move is off by \(error) of \(norm(expected))", ratio: error / bound)
  }
}

/// What a witness finds.
enum StepFinding {
  /// By what part of its tolerance it is off.
  case right(margin: Double)
  case wrong(String, ratio: Double)
  /// From here on rounding decides, and what is kept cannot be followed any more.
  case undecided

  /// The first that is not right, or the larger margin.
  func and(_ other: @autoclosure () -> StepFinding) -> StepFinding {
    guard case .right(let margin) = self else { return self }
    let second = other()
    guard case .right(let more) = second else { return second }
    return .right(margin: max(margin, more))
  }
}

extension OptimizerOracle {
  static let obeysItsLaw = OptimizerOracle(
    "steps by its law",
    law: """
      On smooth functions in 1 to 33 coordinates, convex and not, and on concave ones that turn \
      convex in 1 to 257 (33 of what takes curvature), or on quadratics about the law's own limits, \
      every step is what its law says of it, by the oracle's own values, gradients and Hessians and \
      its own memory of the steps before.
      """
  ) { (trial) throws(OptimizerViolation) in
    var worst: Double?
    for case .law(let law) in trial.declarations {
      var generator = trial.generator
      if let own = law.courses {
        for n in OptimizerTrial.smallDimensions + [64] where law.holds(n) {
          for course in own(n, &generator) {
            worst = max(worst ?? 0, try obeys(trial, law, course))
          }
        }
        continue
      }
      for n in OptimizerTrial.smallDimensions where law.holds(n) {
        for isConvex in [true, false] {
          let landscape = Landscape.logCosh(dimension: n, isConvex: isConvex, using: &generator)
          let start = trial.held(Draw.normals(n, using: &generator).map { 2 * $0 })
          let course = Course(start: start, steps: n < 7 ? 12 : 30, on: landscape)
          worst = max(worst ?? 0, try obeys(trial, law, course))
        }
      }
      // Where a law wants the whole Hessian's modes, wide ones cost more than they show.
      let widest = trial.kind == .secondOrder ? 33 : 257
      for n in OptimizerTrial.dimensions where n <= widest && law.holds(n) {
        worst = max(worst ?? 0, try obeys(trial, law, turning(n, using: &generator)))
      }
    }
    return worst.map { .passed(margin: $0) } ?? .notDeclared
  }

  /// Functions that change at every step, the first concave: what is kept of it must not be used.
  private static func turning(_ n: Int, using generator: inout SplitMix64) -> Course {
    let center = Draw.normals(n, using: &generator)
    let slopes = (0..<n).map { _ in Draw.uniform(0.5, 3, using: &generator) }
    let concave = StepFunction.quadratic(curvatures: slopes.map { -0.2 * $0 }, center: center)
    let bowl = StepFunction.quadratic(curvatures: slopes, center: center)
    return Course(start: center.map { ($0 + 2).rounded() }, steps: 4) { $0 == 1 ? concave : bowl }
  }

  private static func obeys(
    _ trial: OptimizerTrial, _ law: StepLaw, _ course: Course
  ) throws(OptimizerViolation) -> Double {
    var run = try trial.begin(at: course.start, law.name)
    var witness = law.witness(course.start.count)
    var worst = 0.0
    for step in 1...course.steps {
      let before = run.point
      let function = course.function(step)
      let seen = norm(function.gradient(before))
      // So near the end rounding decides.
      let least = trial.precision == .single ? 1e-3 : 1e-9
      guard seen * seen > least * max(1, function.value(before).magnitude) else { break }
      try run.advance(on: function)
      let finding: StepFinding
      do throws(OracleError) {
        finding = try witness.judge(
          SeenStep(from: before, to: run.point, on: function, in: trial.precision))
      } catch {
        throw OptimizerViolation(property: law.name, step: step, detail: "\(error)")
      }
      switch finding {
      case .right(let margin): worst = max(worst, margin)
      case .wrong(let detail, let ratio):
        throw OptimizerViolation(
          property: law.name, step: step, ratio: ratio,
          detail: "\(detail), in \(before.count) coordinates at \(before.prefix(4))")
      case .undecided: return worst
      }
    }
    return worst
  }
}
