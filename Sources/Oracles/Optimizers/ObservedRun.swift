/// A run under a check: what it throws, and numbers that are not finite, become violations.
struct ObservedRun {
  var run: any OptimizerRun
  private(set) var point: [Double]
  private(set) var step = 0
  let property: String

  init(run: any OptimizerRun, point: [Double], property: String) {
    self.run = run
    self.point = point
    self.property = property
  }

  /// - Throws: where the optimizer refuses to step, or leaves the finite numbers.
  mutating func advance(on function: StepFunction) throws(OptimizerViolation) {
    let n = point.count
    do {
      try run.step(&point, on: function)
    } catch {
      throw violation("it took no step: \(error)", at: step + 1)
    }
    step += 1
    guard point.count == n else {
      throw violation("\(point.count) coordinates came back for \(n)")
    }
    if let i = point.firstIndex(where: { !$0.isFinite }) {
      var violation = violation("the point is not finite")
      violation.coordinate = i
      violation.got = point[i]
      throw violation
    }
  }

  /// Puts the point elsewhere, as a projection does.
  mutating func move(to point: [Double]) { self.point = point }

  /// Begins it again, with an empty memory, where it has a name by which it can be.
  ///
  /// - Returns: Whether it could.
  mutating func restart(at start: [Double]) throws(OptimizerViolation) -> Bool {
    guard var named = run as? any RestartableRun else { return false }
    do {
      try named.restart()
    } catch {
      throw violation("it was not begun again: \(error)")
    }
    run = named
    point = start
    step = 0
    return true
  }

  /// Counts on from a step, as a run that was loaded does.
  mutating func count(from step: Int) { self.step = step }

  func memory() throws(OptimizerViolation) -> String {
    do { return try run.save() } catch { throw violation("save failed: \(error)") }
  }

  mutating func load(_ memory: String) throws(OptimizerViolation) {
    do {
      try run.load(memory)
    } catch {
      throw violation("load refused a memory that save gave: \(error)")
    }
  }

  private func violation(_ detail: String, at step: Int? = nil) -> OptimizerViolation {
    OptimizerViolation(property: property, step: step ?? self.step, detail: detail)
  }
}

/// What an attempt that must or may be refused is refused with; nil where it is not.
///
/// - Throws: where a program did not refuse but broke off, fell silent or left the protocol.
func refusal(
  _ property: String, at step: Int? = nil, of attempt: () throws -> Void
) throws(OptimizerViolation) -> (any Error)? {
  do {
    try attempt()
    return nil
  } catch let error as ProgramError where !error.isRefusal {
    throw OptimizerViolation(property: property, step: step, detail: "\(error)")
  } catch {
    return error
  }
}
