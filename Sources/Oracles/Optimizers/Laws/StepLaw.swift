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
  let courses: DrawnCourses?
  /// What is walked besides the functions that all laws are tried on.
  let besides: DrawnCourses
  let witness: @Sendable (_ dimension: Int) -> any StepWitness

  typealias DrawnCourses =
    @Sendable (_ dimension: Int, _ generator: inout SplitMix64) -> [Course]

  init(
    _ name: String, holds: @escaping @Sendable (Int) -> Bool = { _ in true },
    courses: DrawnCourses? = nil, besides: @escaping DrawnCourses = { _, _ in [] },
    witness: @escaping @Sendable (_ dimension: Int) -> any StepWitness
  ) {
    self.name = name
    self.holds = holds
    self.courses = courses
    self.besides = besides
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
