/// The seconds that one piece of work took, each time it was done.
struct Timings {
  let seconds: [Double]

  /// The least: what the machine can do when nothing else disturbs it.
  var best: Double { seconds.min() ?? .nan }

  /// The middle one (the lower of two): what to expect.
  var median: Double {
    seconds.isEmpty ? .nan : seconds.sorted()[(seconds.count - 1) / 2]
  }

  init(seconds: [Double]) { self.seconds = seconds }

  /// Does the work `warmUps` times unmeasured, then `repetitions` times measured.
  init(repetitions: Int, warmUps: Int = 1, _ work: () throws -> Void) rethrows {
    for _ in 0..<warmUps { try work() }
    seconds = try (0..<repetitions).map { _ in try Timings.seconds(of: work) }
  }

  static func seconds(of work: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(work) / .seconds(1)
  }
}

/// Uses a result, so that the optimizer may not leave out the work that made it.
@inline(never)
func keep<Value>(_ value: borrowing Value) {}
