/// When the state of a run that is under way is worth bringing to the disk again.
public struct CommitPace: Sendable {
  /// Of the time at most this share goes into it, where no other pace is asked for.
  static let share = 0.02

  private let clock = ContinuousClock()
  private let asked: Duration?
  private var last = ContinuousClock.now
  private var wait: Duration

  /// - Parameter seconds: between commits; nil for as often as is cheap.
  public init(every seconds: Double? = nil) {
    asked = seconds.map { .seconds($0) }
    // What takes less is as soon done again.
    wait = asked ?? .milliseconds(500)
  }

  /// Whether a commit is due.
  var isDue: Bool { clock.now - last >= wait }

  /// Does a commit and learns from it what one costs.
  mutating func commit(_ body: () throws -> Void) rethrows {
    let start = clock.now
    try body()
    last = clock.now
    wait = asked ?? max(.milliseconds(500), (last - start) * (1 / Self.share))
  }
}
