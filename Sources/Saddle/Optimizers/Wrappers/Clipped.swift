/// A first-order optimizer that sees a clipped gradient.
///
///     norm(c):   g ← g·min(1, c/‖g‖)                       (Pascanu et al. 2013, algorithm 1)
///     value(c):  gᵢ ← min(c, max(−c, gᵢ))
///
/// c/(‖g‖ + 1e-6) in PyTorch's `clip_grad_norm_`. State: the wrapped optimizer's. Invariances: the
/// wrapped optimizer's but the gradient's scale, which the limit sets; by value not rotation.
public struct Clipped<Base: FirstOrderOptimizer>: FirstOrderOptimizer {
  public typealias Element = Base.Element
  public typealias State = Base.State

  public enum Limit: Hashable, Codable, Sendable {
    /// Of the gradient's Euclidean norm.
    case norm(Element)
    /// Of every element's magnitude.
    case value(Element)
  }

  public let base: Base
  public let limit: Limit

  /// - Throws: `OptimizerError.invalidHyperparameter` unless the limit is positive: `clipNorm` or
  ///   `clipValue`.
  public init(_ base: Base, by limit: Limit) throws(OptimizerError) {
    switch limit {
    case .norm(let bound): try OptimizerError.requirePositive("clipNorm", bound)
    case .value(let bound): try OptimizerError.requirePositive("clipValue", bound)
    }
    self.base = base
    self.limit = limit
  }

  public func initialState(dimension: Int) -> State { base.initialState(dimension: dimension) }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    base.accepts(state, dimension: dimension)
  }

  public func interventions(in state: State) -> Int? { base.interventions(in: state) }

  public var largestGradient: Element {
    switch limit {
    case .norm(let bound): bound <= base.largestGradient ? .largestWithNorm : base.largestGradient
    case .value(let bound):
      bound <= base.largestGradient ? .greatestFiniteMagnitude : base.largestGradient
    }
  }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    switch limit {
    case .norm(let bound):
      let norm = euclideanNorm(gradient.span)
      if norm > bound { scale(&gradient, by: bound / norm) }
    case .value(let bound): clamp(&gradient, to: bound)
    }
    base.update(&parameters, along: &gradient, state: &state)
  }
}

extension Clipped: ScheduledOptimizer where Base: ScheduledOptimizer {
  public var learningRate: LearningRate<Element> { base.learningRate }
}

@specialized(where T == Float)
@specialized(where T == Double)
private func clamp<T: Scalar>(_ x: inout MutableSpan<T>, to bound: T) {
  for i in x.indices { x[unchecked: i] = min(bound, max(-bound, x[unchecked: i])) }
}
