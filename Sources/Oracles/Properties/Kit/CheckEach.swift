/// Holds a property on each of a list of values: what `checkProperty` is for values that can be
/// listed, where none may be missed.
///
/// - Parameters:
///   - name: as in `checkProperty`.
///   - cases: each with a name; the replay line's seed is the place in the list.
///   - property: throws what does not hold.
/// - Throws: `PropertyFailure.falsified` at the first that it does not hold for.
public func checkEach<Value>(
  _ name: String, of cases: [(name: String, value: Value)],
  _ property: (Value) throws -> Void
) throws(PropertyFailure) {
  precondition(!cases.isEmpty, "no cases of \(name)")
  for (i, one) in cases.enumerated() {
    do {
      try property(one.value)
    } catch {
      throw .falsified(
        PropertyFailure.Counterexample(
          replay: Replay(name: name, seed: UInt64(i), size: 0), passed: i, original: one.name,
          simplified: one.name, cause: "\(error)", steps: 0,
          ratio: (error as? PropertyViolation)?.ratio ?? .infinity, isLocallyMinimal: false))
    }
  }
}
