/// An optimizer as the oracles see it, in this process or in another.
public protocol OptimizerSubject: Sendable {
  /// Begins a run in `dimension` coordinates, with an empty memory.
  func begin(dimension: Int) throws -> any OptimizerRun
}

/// A run under way: a memory that moves points.
public protocol OptimizerRun {
  /// Moves `parameters` by one step on a function.
  ///
  /// - Throws: what the optimizer refuses with; `parameters` and memory are then as they were.
  mutating func step(_ parameters: inout [Double], on function: StepFunction) throws
  /// The memory as JSON.
  func save() throws -> String
  /// Goes on with a memory that `save` gave.
  mutating func load(_ memory: String) throws
}

/// A run that has a name, as those of a program have numbers, and is begun again by it.
public protocol RestartableRun: OptimizerRun {
  /// Begins the run anew, under the same name, with an empty memory.
  mutating func restart() throws
}
