/// A state that knows what it is like at the start and whether it can be one, from P alone.
public protocol OptimizerMemory: Codable, Equatable, Sendable {
  /// Before the first step, in P = `dimension` coordinates.
  init(dimension: Int)
  /// Whether this can be a memory of P = `dimension` coordinates.
  func isValid(dimension: Int) -> Bool
}

extension Optimizer where State: OptimizerMemory {
  public func initialState(dimension: Int) -> State { State(dimension: dimension) }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    state.isValid(dimension: dimension)
  }
}

/// The memory of rules that keep nothing but which step of their schedule it is.
public struct StepCount: OptimizerMemory {
  /// Steps taken.
  public internal(set) var step = 0

  public init(dimension: Int) {}

  public func isValid(dimension: Int) -> Bool { isStepCount(step) }
}
