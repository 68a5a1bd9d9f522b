import RealModule

/// How a learning rate changes: a factor per step, 1 at its height.
public enum Schedule: Codable, Hashable, Sendable {
  case constant
  /// factor^⌊t / every⌋.
  case step(factor: Double, every: Int)
  /// factor^t.
  case exponential(factor: Double)
  /// Rises linearly, (t + 1)/(warmUp + 1), for `warmUp` steps, then falls along half a cosine to
  /// `final` at step `steps`, where it stays (Loshchilov, Hutter 2017, without restarts).
  case cosine(warmUp: Int, steps: Int, final: Double)
  /// 1/√(t + 1), the rate of the regret bounds (Zinkevich 2003; Reddi et al. 2018).
  case inverseSquareRoot

  /// The factor of step t, counted from 0.
  public func factor(at step: Int) -> Double {
    switch self {
    case .constant: 1
    case .step(let factor, let every): Double.pow(factor, step / max(1, every))
    case .exponential(let factor): Double.pow(factor, step)
    case .cosine(let warmUp, let steps, let final):
      if step < warmUp {
        Double(step + 1) / Double(warmUp + 1)
      } else if step >= steps {
        final
      } else {
        final + (1 - final)
          * (1 + Double.cos(.pi * Double(step - warmUp) / Double(steps - warmUp))) / 2
      }
    case .inverseSquareRoot: 1 / Double(step + 1).squareRoot()
    }
  }

  func validate() throws(OptimizerError) {
    switch self {
    case .constant, .inverseSquareRoot: break
    case .step(let factor, let every):
      try OptimizerError.requirePositive("factor", factor)
      try OptimizerError.require("every", Double(every), "1 or more") { $0 >= 1 }
    case .exponential(let factor):
      try OptimizerError.requirePositive("factor", factor)
    case .cosine(let warmUp, let steps, let final):
      try OptimizerError.require("warmUp", Double(warmUp), "0 or more") { $0 >= 0 }
      try OptimizerError.require("steps", Double(steps), "more than warmUp = \(warmUp)") {
        $0 > Double(warmUp)
      }
      try OptimizerError.require("final", final, "in [0, 1]") { $0 >= 0 && $0 <= 1 }
    }
  }
}

/// A learning rate η and its schedule; a number is a constant rate.
public struct LearningRate<Element: Scalar>: Codable, Hashable, Sendable,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
{
  /// η before the schedule's factor.
  public let base: Element
  public let schedule: Schedule

  public init(_ base: Element, _ schedule: Schedule = .constant) {
    self.base = base
    self.schedule = schedule
  }

  public init(floatLiteral value: Double) { self.init(Element(value)) }
  public init(integerLiteral value: Int) { self.init(Element(value)) }

  /// η of step t, counted from 0.
  public func rate(at step: Int) -> Element {
    switch schedule {
    case .constant: base
    default: base * Element(schedule.factor(at: step))
    }
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` unless η > 0 and the schedule is in range.
  func validate() throws(OptimizerError) {
    try OptimizerError.requirePositive("learningRate", base)
    try schedule.validate()
  }
}
