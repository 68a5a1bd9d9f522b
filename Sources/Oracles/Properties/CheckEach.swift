import Foundation

/// Holds a property on each of a list of values: what `checkProperty` is for values that can be
/// listed, where none may be missed.
///
/// - Parameters:
///   - name: as in `checkProperty`.
///   - cases: each with a name; the replay line's seed is the place in the list.
///   - replay: as in `checkProperty`.
///   - property: throws what does not hold.
/// - Throws: `PropertyFailure`: `.falsified` at the first that it does not hold for.
public func checkEach<Value>(
  _ name: String, of cases: [(name: String, value: Value)],
  replay: String? = ProcessInfo.processInfo.environment["SADDLE_REPLAY"],
  _ property: (Value) throws -> Void
) throws(PropertyFailure) {
  precondition(!cases.isEmpty, "no cases of \(name)")
  var places = cases.indices
  if let again = try Replay.asked(of: name, by: replay) {
    guard again.seed < UInt64(cases.count) else {
      throw .replayBeyond(again, cases: cases.count)
    }
    places = Int(again.seed)..<Int(again.seed) + 1
  }
  for i in places {
    let one = cases[i]
    do {
      try property(one.value)
    } catch {
      throw .falsified(
        PropertyFailure.Counterexample(
          replay: Replay(name: name, seed: UInt64(i), size: 0), passed: i - places.lowerBound,
          repetition: PropertyFailure.Repetition(of: { try property(one.value) }),
          original: one.name, simplified: one.name, cause: "\(error)", steps: 0,
          ratio: (error as? PropertyViolation)?.ratio ?? .infinity, isLocallyMinimal: false))
    }
  }
}

extension PropertyFailure.Repetition {
  /// Tries again, twice, what has failed once; not later than `isLate`.
  init(isLate: () -> Bool = { false }, of work: () throws -> Void) {
    var (failures, runs) = (1, 1)
    while runs < 3, !isLate() {
      runs += 1
      do {
        try work()
      } catch {
        // A value that a property says nothing about has not failed.
        if !(error is Discard) { failures += 1 }
      }
    }
    self.init(failures: failures, runs: runs)
  }
}
