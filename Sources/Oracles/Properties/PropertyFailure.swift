/// A statement that does not hold, thrown by a property.
public struct PropertyViolation: Error, Equatable, CustomStringConvertible {
  /// What does not hold: shrinking keeps to counterexamples of the same label.
  public let label: String
  /// The figures of this counterexample.
  public let detail: String
  /// The error over its tolerance; infinite where it is not a matter of degree.
  public let ratio: Double

  public init(_ label: String, _ detail: String = "", ratio: Double = .infinity) {
    self.label = label
    self.detail = detail
    self.ratio = ratio
  }

  /// Throws unless `error` is at most `bound`; NaN is never.
  public static func require(
    _ error: Double, atMost bound: Double, _ label: String, _ detail: @autoclosure () -> String = ""
  ) throws(PropertyViolation) {
    guard !(error <= bound) else { return }
    let ratio = bound > 0 && !error.isNaN ? error / bound : .infinity
    throw PropertyViolation(label, "\(error) > \(bound); " + detail(), ratio: ratio)
  }

  public var description: String { detail.isEmpty ? label : "\(label): \(detail)" }
}

/// Thrown by a property whose precondition a value does not meet: another is drawn.
public struct Discard: Error, Sendable {
  public init() {}
}

/// Why a property was not confirmed.
public enum PropertyFailure: Error, CustomStringConvertible {
  /// A counterexample, simplified.
  case falsified(Counterexample)
  /// More than ten values were discarded for each that was kept.
  case discarded(name: String, kept: Int, discarded: Int)
  /// Fewer of the values than wanted had a property that the others are to be seen beside.
  case uncovered(name: String, label: String, share: Double, floor: Double, samples: Int)
  /// Time was up.
  case deadline(name: String, samples: Int, wanted: Int)
  /// `SADDLE_REPLAY` is not the line that a failure prints, or not all of it.
  case replayUnreadable(name: String, line: String)
  /// `SADDLE_REPLAY` is another property's: this one was not tried.
  case notReplayed(name: String, Replay)
  /// `SADDLE_REPLAY` asks for a listed value beyond the last.
  case replayBeyond(Replay, cases: Int)

  public struct Counterexample: Sendable {
    /// Draws the value as it was, before it was simplified.
    public let replay: Replay
    /// Values that passed before it.
    public let passed: Int
    /// How often the original was tried, and how often it failed: fewer times than it was tried
    /// where the property is not deterministic, and then it is not simplified.
    public let repetition: Repetition
    /// Both for people.
    public let original: String
    public let simplified: String
    /// What the property threw for the simplified one.
    public let cause: String
    public let steps: Int
    /// `PropertyViolation.ratio` of the original; infinite where it threw something else.
    public let ratio: Double
    /// Whether every simpler value was tried and passed, or failed otherwise.
    public let isLocallyMinimal: Bool
  }

  /// One value tried several times.
  public struct Repetition: Sendable, Equatable, CustomStringConvertible {
    public let failures: Int
    public let runs: Int

    public var isSteady: Bool { failures == runs }

    public var description: String {
      if runs == 1 { return "tried once: time was up" }
      return isSteady
        ? "fails every time (\(failures) of \(runs))"
        : "failed \(failures) of \(runs) times: not deterministic"
    }
  }

  public var description: String {
    switch self {
    case .falsified(let found):
      """
      \(found.replay.name) does not hold, after \(found.passed) values for which it does: \
      \(found.cause)
      \(found.repetition)\(found.value)
      to draw it again: SADDLE_REPLAY=\(shellQuoted("\(found.replay)"))
      """
    case .discarded(let name, let kept, let discarded):
      "\(name): \(discarded) values discarded for \(kept) kept: draw values that meet the condition"
    case .uncovered(let name, let label, let share, let floor, let samples):
      "\(name): \(share * 100) % of \(samples) values are \(label), "
        + "at least \(floor * 100) % wanted"
    case .deadline(let name, let samples, let wanted):
      "\(name): time was up after \(samples) of \(wanted) values"
    case .replayUnreadable(let name, let line):
      "\(name): not tried: SADDLE_REPLAY is '\(line)', which is no whole line of a failure, "
        + "`name seed size.` with the full stop: copy it anew, or unset it"
    case .notReplayed(let name, let replay):
      "\(name): not tried: SADDLE_REPLAY is of '\(replay.name)': run that property's test alone, or "
        + "unset it"
    case .replayBeyond(let replay, let cases):
      "\(replay.name): not tried: SADDLE_REPLAY asks for value \(replay.seed), and there are "
        + "\(cases), from 0 on: the list has changed"
    }
  }
}

extension PropertyFailure.Counterexample {
  /// The value, simplified where it was, in lines of their own.
  fileprivate var value: String {
    guard repetition.isSteady else { return ", and not simplified\n\(original)" }
    return """

      \(simplified)
      simplified in \(steps) steps\
      \(isLocallyMinimal ? ", nothing simpler fails" : ", not to the end") from
      \(original)
      """
  }
}

/// `text` as one word of a POSIX shell, whatever is in it.
private func shellQuoted(_ text: String) -> String {
  "'" + text.replacing("'", with: #"'\''"#) + "'"
}
