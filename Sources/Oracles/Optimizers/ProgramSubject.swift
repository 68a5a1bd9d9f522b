import Dialogue
import Foundation

/// An optimizer in another process, which speaks JSON lines on its standard input and output:
/// docs/protocol.md.
///
/// The program starts with the first run and serves every run after it. Where it breaks off, the
/// next run starts it anew, a few times. It ends with the last copy of this value.
public struct ProgramSubject: OptimizerSubject {
  /// What the shell starts.
  public let command: String
  /// Sent as they are with every `init`.
  public let hyperparameters: [String: Double]
  private let session: ProgramSession

  public init(
    command: String, hyperparameters: [String: Double] = [:], limits: ProgramLimits = .init()
  ) {
    self.command = command
    self.hyperparameters = hyperparameters
    session = ProgramSession(command: command, limits: limits, traits: SharedTraits())
  }

  private init(
    _ other: ProgramSubject, hyperparameters: [String: Double], session: ProgramSession
  ) {
    command = other.command
    self.hyperparameters = hyperparameters
    self.session = session
  }

  /// The same program with other hyperparameters: runs in the same process.
  public func with(_ hyperparameters: [String: Double]) -> ProgramSubject {
    ProgramSubject(self, hyperparameters: hyperparameters, session: session)
  }

  /// The same program in a process of its own, which is asked as the first one is.
  public func inAnotherProcess() -> ProgramSubject {
    ProgramSubject(
      self, hyperparameters: hyperparameters,
      session: ProgramSession(command: command, limits: session.limits, traits: session.traits))
  }

  /// - Throws: `ProgramError`, also where it refuses the hyperparameters.
  public func begin(dimension: Int) throws -> any OptimizerRun {
    try session.begin(dimension: dimension, hyperparameters)
  }

  /// What it says of itself; nil as long as it has begun no run.
  public var traits: ProgramTraits? { session.traits.value }
  /// Why there is no program to be judged, where that is so: it did not start, or was gone or
  /// silent before its first word.
  public var startFailure: ProgramError? { session.startFailure }
  /// How it broke the protocol so far, each time that it did.
  public var breaches: [ProgramError] { session.breaches }
  /// Whether it broke off so often that no run begins any more.
  public var isGivenUp: Bool { session.isGivenUp }

  /// Ends the program, if it runs.
  ///
  /// - Throws: `ProgramError` where it had to be killed.
  public func quit() throws(ProgramError) { try session.quit() }
}
