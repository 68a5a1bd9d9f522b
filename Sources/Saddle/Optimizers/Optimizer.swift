/// What an optimizer may ask about the objective at its current step, on the current mini-batch.
public protocol LocalModel<Element> {
  associatedtype Element: Scalar
  associatedtype Curvature: LinearOperator<Element>
  /// The number of parameters, P.
  var dimension: Int { get }
  /// Evaluates the function and its gradient at θ (P elements), and leaves the gradient in
  /// `gradient`.
  mutating func evaluate(at parameters: Span<Element>) -> Element
  /// The gradient of the last evaluation (P elements). An optimizer may use it as scratch.
  var gradient: [Element] { get set }
  /// The function alone at θ (P elements); the gradient stays as it is.
  mutating func value(at parameters: Span<Element>) -> Element
  /// The Hessian at θ (P elements): what an optimizer takes products of, or assembles.
  func linearized(at parameters: Span<Element>) -> Curvature
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
  /// In how many steps its mechanism for leaving saddle points acted; nil where it has none, which
  /// is the default, and in a memory from before it was counted.
  ///
  /// A rule that has one counts from 0 in its initial state: by this the rules made to leave saddle
  /// points are known.
  func interventions(in state: State) -> Int?
  /// Moves θ by one step and returns the model's value before it.
  ///
  /// - Throws: `OptimizerError` where the model's value or gradient is not finite; θ and the state
  ///   are then as they were.
  func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element
}

extension Optimizer {
  public func interventions(in state: State) -> Int? { nil }

  /// Whether it was made to leave saddle points: whether it counts how often it acted on one.
  public var escapesSaddles: Bool { interventions(in: initialState(dimension: 1)) != nil }

  /// The same for parameters in an array.
  @discardableResult
  public func step<Model: LocalModel<Element>>(
    _ parameters: inout [Element], on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    var span = parameters.mutableSpan
    return try step(&span, on: &model, state: &state)
  }
}

/// An optimizer that needs one gradient per step and nothing else.
public protocol FirstOrderOptimizer<Element>: Optimizer {
  /// The largest magnitude of a gradient's element that the rule can work with: one that squares
  /// its gradients refuses those whose squares would overflow.
  var largestGradient: Element { get }
  /// Moves θ along a finite gradient within that bound, which may be overwritten.
  func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State)
}

extension FirstOrderOptimizer {
  public var largestGradient: Element { .greatestFiniteMagnitude }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: largestGradient)
    update(&parameters, alongGradientOf: &model, state: &state)
    return value
  }

  /// Moves θ along the model's gradient, which was found to be finite and within the bound.
  func update<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, alongGradientOf model: inout Model,
    state: inout State
  ) {
    // Taken out of the model and put back, so that nothing is copied.
    var gradient: [Element] = []
    swap(&gradient, &model.gradient)
    defer { swap(&gradient, &model.gradient) }
    var span = gradient.mutableSpan
    update(&parameters, along: &span, state: &state)
  }
}

/// A first-order optimizer whose steps have a learning rate.
public protocol ScheduledOptimizer<Element>: FirstOrderOptimizer {
  var learningRate: LearningRate<Element> { get }
}

extension LocalModel {
  /// Evaluates at θ.
  ///
  /// - Throws: `OptimizerError.notFinite` where the value or the gradient is NaN or infinite,
  ///   `OptimizerError.gradientTooLarge` where it is finite and above the bound.
  public mutating func finiteEvaluation(
    at parameters: Span<Element>, largestGradient: Element = .greatestFiniteMagnitude
  ) throws(OptimizerError) -> Element {
    let value = evaluate(at: parameters)
    let gradient = gradient
    guard value.isFinite, largestMagnitude(gradient.span) <= largestGradient else {
      if value.isFinite, let worst = gradient.firstIndex(where: { $0.magnitude > largestGradient }),
        gradient.allSatisfy(\.isFinite)
      {
        throw .gradientTooLarge(
          coordinate: worst, value: Double(gradient[worst]), bound: Double(largestGradient))
      }
      throw .notFinite(value: Double(value), coordinate: gradient.firstIndex { !$0.isFinite })
    }
    return value
  }
}
