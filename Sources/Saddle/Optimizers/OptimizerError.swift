/// Why an optimizer was refused, or refused to step.
public enum OptimizerError: Error, Equatable, CustomStringConvertible {
  /// `name` is the parameter's label in Swift, and its name in the catalog.
  case invalidHyperparameter(name: String, value: String, expected: String)
  /// The value or, at `coordinate`, the gradient is NaN or infinite.
  case notFinite(value: Double, coordinate: Int?)
  /// The gradient is finite, but the rule cannot work with numbers of this size.
  case gradientTooLarge(coordinate: Int, value: Double, bound: Double)
  /// A method that takes products with the Hessian ended: one is not finite, say.
  case krylov(KrylovError)
  /// The Hessian has no eigensystem or factorization: it is not finite, say.
  case hessianRefused(LinearAlgebraError)
  /// The optimizer works with the whole Hessian, and there are more parameters than it takes on.
  case tooLarge(optimizer: String, dimension: Int, limit: Int)
  /// No optimizer of the catalog has this name.
  case unknownOptimizer(name: String, known: [String])
  /// The optimizer has no such hyperparameter.
  case unknownHyperparameter(name: String, optimizer: String, known: [String])

  /// A hyperparameter is given twice, by its two names perhaps.
  case setTwice(name: String)

  public var description: String {
    switch self {
    case .setTwice(let name): "\(name) is set twice"
    case .invalidHyperparameter(let name, let value, let expected):
      "\(name) = \(value): it must be \(expected)"
    case .notFinite(let value, let coordinate):
      "the loss is \(value)"
        + (coordinate.map { " and its gradient is not finite at coordinate \($0)" } ?? "")
        + ": lower the learning rate or the weight decay"
    case .gradientTooLarge(let coordinate, let value, let bound):
      "the gradient is \(value) at coordinate \(coordinate), and this rule works up to \(bound): "
        + "lower the learning rate or clip the gradient"
    case .krylov(let cause): "products with the Hessian: \(cause)"
    case .hessianRefused(let cause): "the Hessian: \(cause)"
    case .tooLarge(let optimizer, let dimension, let limit):
      "\(optimizer) works with the whole Hessian and takes at most \(limit) parameters, not "
        + "\(dimension): use a matrix-free method, krylovSaddleFreeNewton or trustRegionNewton"
    case .unknownOptimizer(let name, let known):
      "no optimizer is called '\(name)': take one of \(known.joined(separator: ", "))"
    case .unknownHyperparameter(let name, let optimizer, let known):
      "\(optimizer) has no hyperparameter '\(name)': it has \(known.joined(separator: ", "))"
    }
  }

  /// Throws unless a hyperparameter is in its range; NaN is in none.
  static func require<T: Scalar>(
    _ name: String, _ value: T, _ expected: String, _ isValid: (T) -> Bool
  ) throws(OptimizerError) {
    guard isValid(value) else {
      throw .invalidHyperparameter(name: name, value: "\(value)", expected: expected)
    }
  }

  static func requirePositive<T: Scalar>(_ name: String, _ value: T) throws(OptimizerError) {
    try require(name, value, "positive and finite") { $0 > 0 && $0.isFinite }
  }

  static func requireNotNegative<T: Scalar>(_ name: String, _ value: T) throws(OptimizerError) {
    try require(name, value, "finite and not negative") { $0 >= 0 && $0.isFinite }
  }

  /// A number of steps, which may be 0.
  static func requireStepCount(_ name: String, _ count: Int) throws(OptimizerError) {
    try require(name, Double(count), "a whole number, 0 or more") { $0 >= 0 }
  }

  /// A coefficient of an exponential average.
  static func requireDecay<T: Scalar>(_ name: String, _ value: T) throws(OptimizerError) {
    try require(name, value, "in [0, 1)") { $0 >= 0 && $0 < 1 }
  }
}
