/// What an optimizer may ask about the objective at its current step, on the current mini-batch.
public protocol LocalModel<Element> {
  associatedtype Element: Scalar
  var dimension: Int { get }
  /// Evaluates the function and its gradient at θ, and leaves the gradient in `gradient`.
  mutating func evaluate(at parameters: Span<Element>) -> Element
  /// The gradient of the last evaluation.
  var gradient: [Element] { get }
}

/// A rule that walks on an objective: an immutable configuration, its memory apart.
///
/// A checkpoint is the state's encoding; two runs are the same when their states are equal.
public protocol Optimizer<Element>: Sendable {
  associatedtype Element: Scalar
  associatedtype State: Codable & Equatable & Sendable

  func initialState(dimension: Int) -> State
  /// Whether a state, read from a checkpoint perhaps, belongs to this optimizer at this dimension.
  func accepts(_ state: State, dimension: Int) -> Bool
  /// Moves θ by one step and returns the model's value before it.
  ///
  /// - Throws: `OptimizerError` where the model's value or gradient is not finite; θ and the state
  ///   are then as they were.
  func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element
}

/// An optimizer that needs one gradient per step and nothing else.
public protocol FirstOrderOptimizer<Element>: Optimizer {
  /// Moves θ along a finite gradient.
  func update(
    _ parameters: inout MutableSpan<Element>, along gradient: Span<Element>, state: inout State)
}

extension FirstOrderOptimizer {
  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let value = model.evaluate(at: parameters.span)
    let gradient = model.gradient
    guard value.isFinite, allFinite(gradient.span) else {
      throw .notFinite(
        value: Double(value), coordinate: gradient.firstIndex { !$0.isFinite })
    }
    update(&parameters, along: gradient.span, state: &state)
    return value
  }
}

/// Why an optimizer was refused, or refused to step.
public enum OptimizerError: Error, Equatable, CustomStringConvertible {
  case invalidHyperparameter(name: String, value: String, expected: String)
  /// The value or, at `coordinate`, the gradient is NaN or infinite.
  case notFinite(value: Double, coordinate: Int?)

  public var description: String {
    switch self {
    case .invalidHyperparameter(let name, let value, let expected):
      "\(name) = \(value): it must be \(expected)"
    case .notFinite(let value, let coordinate):
      "the loss is \(value)"
        + (coordinate.map { " and its gradient is not finite at coordinate \($0)" } ?? "")
        + ": lower the learning rate or the weight decay"
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
}
