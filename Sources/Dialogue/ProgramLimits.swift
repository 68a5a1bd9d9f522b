/// How long a program may take, and how much it may say.
public struct ProgramLimits: Sendable, Equatable {
  /// Seconds for its first answer, in which it may load its libraries: a long time, since past it
  /// nothing can be said of the program, and a busy machine is slow to import one.
  public var start = 120.0
  /// Seconds for every later answer, questions of its own included.
  public var answer = 10.0
  /// Seconds to end in when told to.
  public var quit = 10.0
  /// The longest line, in bytes.
  public var line = 1 << 24
  /// Questions within one request.
  public var questions = 100_000
  /// How often it is started again after it broke off.
  public var restarts = 3

  public init() {}
}
