import Foundation

/// A share of the values that must be of a kind, so that a property is not confirmed on values it
/// says nothing about.
public struct CoverageFloor<Value>: Sendable {
  public let label: String
  public let share: Double
  public let holds: @Sendable (Value) -> Bool

  public init(_ label: String, atLeast share: Double, _ holds: @escaping @Sendable (Value) -> Bool) {
    self.label = label
    self.share = share
    self.holds = holds
  }
}

/// How a property was confirmed.
public struct PropertyOutcome: Sendable, Equatable {
  public let samples: Int
  public let discarded: Int
  /// The share of the values of each kind that a floor was set for.
  public let coverage: [String: Double]
}

/// Tries a property on drawn values, small ones first, and simplifies the first that falsifies it.
///
/// Values that failed once come first. Where `SADDLE_REPLAY` is set, its line's value alone is
/// tried, by the property that it names; every other one fails without being tried, since it would
/// else pass for what was asked. Then come those of the corpus.
///
/// A value that fails is tried twice more: a property that does not fail every time is called that.
///
/// - Parameters:
///   - name: no two properties' should be the same: a value is drawn again by it.
///   - seed: the same values come of the same name and seed, on every machine.
///   - sizes: of the first and of the last value, 0 … 100: what fails on small values need not be
///     simplified much.
///   - deadline: seconds for all; simplification may take as long once more.
///   - property: throws what does not hold, `PropertyViolation` with a label or any error;
///     `Discard` for a value that it says nothing about.
/// - Throws: `PropertyFailure`, whose description shows the counterexample and the line that draws
///   it again.
@discardableResult
public func checkProperty<Value>(
  _ name: String, samples: Int = 100, over generator: Generator<Value>, seed: UInt64 = 0,
  sizes: ClosedRange<Int> = 5...100,
  coverage: [CoverageFloor<Value>] = [], corpus: [Replay] = [], deadline: Double = 60,
  replay: String? = ProcessInfo.processInfo.environment["SADDLE_REPLAY"],
  _ property: (Value) throws -> Void
) throws(PropertyFailure) -> PropertyOutcome {
  precondition(samples > 0, "\(samples) samples")
  let clock = ContinuousClock()
  let end = clock.now + .seconds(deadline)

  /// What a value's failure is; nil where it passes.
  func failure(_ value: Value) -> (kind: String, cause: String, ratio: Double)?? {
    do {
      try property(value)
      return .some(nil)
    } catch is Discard {
      return nil
    } catch {
      let violation = error as? PropertyViolation
      return .some(
        (
          "\(type(of: error)) \(violation?.label ?? "")", "\(error)",
          violation?.ratio ?? .infinity
        ))
    }
  }

  func simplified(
    _ drawn: Shrinkable<Value>, _ first: (kind: String, cause: String, ratio: Double),
    _ replay: Replay, passed: Int
  ) -> PropertyFailure {
    let end = clock.now + .seconds(deadline)
    let repetition = PropertyFailure.Repetition(
      isLate: { clock.now >= end }, of: { try property(drawn.value) })
    var (current, cause, steps, isMinimal) = (drawn, first.cause, 0, false)
    search: while repetition.isSteady {
      for candidate in current.shrinks() {
        guard clock.now < end else { break search }
        if case .some(.some(let found)) = failure(candidate.value), found.kind == first.kind {
          (current, cause, steps) = (candidate, found.cause, steps + 1)
          continue search
        }
      }
      isMinimal = true
      break
    }
    return .falsified(
      PropertyFailure.Counterexample(
        replay: replay, passed: passed, repetition: repetition, original: generator.show(drawn.value),
        simplified: generator.show(current.value), cause: cause, steps: steps,
        ratio: first.ratio, isLocallyMinimal: isMinimal))
  }

  var (passed, discarded) = (0, 0)
  var counts = [Int](repeating: 0, count: coverage.count)
  /// Whether the value was kept.
  func attempt(_ replay: Replay, isCounted: Bool) throws(PropertyFailure) -> Bool {
    var rng = SplitMix64(seed: replay.seed)
    let drawn = generator.draw(replay.size, &rng)
    switch failure(drawn.value) {
    case .none: return false
    case .some(.some(let found)): throw simplified(drawn, found, replay, passed: passed)
    case .some(.none):
      passed += 1
      guard isCounted else { return true }
      for (i, floor) in coverage.enumerated() where floor.holds(drawn.value) { counts[i] += 1 }
      return true
    }
  }

  if let again = try Replay.asked(of: name, by: replay) {
    let isKept = try attempt(again, isCounted: false)
    return PropertyOutcome(
      samples: isKept ? 1 : 0, discarded: isKept ? 0 : 1, coverage: [:])
  }
  for former in corpus where former.name == name { _ = try attempt(former, isCounted: false) }

  // The name takes part, so that properties of one seed see different values.
  var seeds = SplitMix64(
    seed: seed
      ^ name.utf8.reduce(0xCBF2_9CE4_8422_2325) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01B3
      })
  var kept = 0
  while kept < samples {
    guard clock.now < end else { throw .deadline(name: name, samples: kept, wanted: samples) }
    let size =
      samples == 1
      ? sizes.upperBound : sizes.lowerBound + (sizes.count - 1) * kept / (samples - 1)
    if try attempt(Replay(name: name, seed: seeds.next(), size: size), isCounted: true) {
      kept += 1
    } else {
      discarded += 1
      guard discarded <= 10 * max(kept, 10) else {
        throw .discarded(name: name, kept: kept, discarded: discarded)
      }
    }
  }
  var shares: [String: Double] = [:]
  for (floor, count) in zip(coverage, counts) {
    let share = Double(count) / Double(kept)
    shares[floor.label] = share
    guard share >= floor.share else {
      throw .uncovered(
        name: name, label: floor.label, share: share, floor: floor.share, samples: kept)
    }
  }
  return PropertyOutcome(samples: kept, discarded: discarded, coverage: shares)
}
