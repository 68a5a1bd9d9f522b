/// The memory of rules that keep nothing but which step of their schedule it is, and in how many
/// steps their mechanism for leaving saddle points acted.
public struct InterventionCount: OptimizerMemory {
  /// Steps taken.
  public internal(set) var step = 0
  /// Of them, those in which it acted; nil in a memory from before they were counted.
  public internal(set) var interventions: Int? = 0

  public init(dimension: Int) {}

  public func isValid(dimension: Int) -> Bool {
    isStepCount(step) && isInterventionCount(interventions, of: step)
  }
}

extension Optimizer where State == InterventionCount {
  public func interventions(in state: State) -> Int? { state.interventions }
}
