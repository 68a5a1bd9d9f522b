/// What draws one value again: one line, `name seed size`.
public struct Replay: Sendable, Equatable, CustomStringConvertible {
  public let name: String
  public let seed: UInt64
  public let size: Int

  public init(name: String, seed: UInt64, size: Int) {
    self.name = name
    self.seed = seed
    self.size = size
  }

  /// From the line that a failure printed. Names may have spaces; the last two words are numbers.
  public init?(line: String) {
    let words = line.split(separator: " ")
    guard words.count >= 3, let size = Int(words[words.count - 1]),
      let seed = UInt64(words[words.count - 2])
    else { return nil }
    self.init(name: words.dropLast(2).joined(separator: " "), seed: seed, size: size)
  }

  public var description: String { "\(name) \(seed) \(size)" }

  /// The values to draw again of a text, one a line: a committed corpus of failures that once were.
  /// Lines that are empty or begin with # are remarks.
  ///
  /// - Throws: `OracleError.invalidArgument` with the line that is none of these.
  public static func corpus(_ text: String) throws(OracleError) -> [Replay] {
    var replays: [Replay] = []
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
      guard let replay = Replay(line: String(line)) else {
        throw .invalidArgument(
          message: "line \(number + 1) of the corpus, '\(line)', is no `name seed size`")
      }
      replays.append(replay)
    }
    return replays
  }
}

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

  public struct Counterexample: Sendable {
    /// Draws the value as it was, before it was simplified.
    public let replay: Replay
    /// Values that passed before it.
    public let passed: Int
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

  public var description: String {
    switch self {
    case .falsified(let found):
      """
      \(found.replay.name) does not hold, after \(found.passed) values for which it does: \
      \(found.cause)
      \(found.simplified)
      simplified in \(found.steps) steps\
      \(found.isLocallyMinimal ? ", nothing simpler fails" : ", not to the end") from
      \(found.original)
      to draw it again: SADDLE_REPLAY='\(found.replay)'
      """
    case .discarded(let name, let kept, let discarded):
      "\(name): \(discarded) values discarded for \(kept) kept: draw values that meet the condition"
    case .uncovered(let name, let label, let share, let floor, let samples):
      "\(name): \(share * 100) % of \(samples) values are \(label), "
        + "at least \(floor * 100) % wanted"
    case .deadline(let name, let samples, let wanted):
      "\(name): time was up after \(samples) of \(wanted) values"
    }
  }
}
