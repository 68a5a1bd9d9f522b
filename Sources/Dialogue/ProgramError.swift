/// Why a conversation with another process failed: what, and at which request.
public struct ProgramError: Error, Equatable, Sendable {
  public enum Cause: Equatable, Sendable {
    case notStarted(String)
    /// The program's own words.
    case refused(String)
    case exited(status: Int32)
    case killed(signal: Int32)
    /// It closed its output and lives on.
    case outputClosed
    /// No whole line came within this time.
    case silent(seconds: Double)
    /// More than this many bytes without a line that could be taken.
    case tooLong(bytes: Int)
    case notJSON(line: String, why: String)
    /// JSON, but no answer to this request.
    case notAnAnswer(line: String, why: String)
    case wrongCount(of: String, expected: Int, got: Int)
    case notFinite(coordinate: Int, value: String)
    /// A number of an array that is neither finite nor may be anything else.
    case notFiniteNumber(of: String, place: Int, value: String)
    case tooManyQuestions(Int)
    /// It was told to quit, and was killed after this time.
    case didNotQuit(seconds: Double)
    /// It broke off at an earlier request, which the error there describes.
    case gone
    /// It broke off so often that it is not started again.
    case givenUp(failures: Int)
  }

  public let cause: Cause
  /// "step 3 of run 2".
  public let request: String
  /// The end of what the program wrote to its error stream.
  public let complaint: String

  public init(_ cause: Cause, at request: String, complaint: String = "") {
    self.cause = cause
    self.request = request
    self.complaint = complaint
  }

  /// Whether the program said no, as it may, and is still there.
  public var isRefusal: Bool {
    if case .refused = cause { return true }
    return false
  }
}

extension ProgramError.Cause {
  /// Whether nothing came, rather than something wrong.
  package var isAbsence: Bool {
    switch self {
    case .notStarted, .exited, .killed, .outputClosed, .silent: true
    default: false
    }
  }
}

extension ProgramError: CustomStringConvertible {
  public var description: String {
    "the program \(cause), at \(request)" + (complaint.isEmpty ? "" : "; it said: \(complaint)")
  }
}

extension ProgramError.Cause: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notStarted(let why): "could not be started: \(why)"
    case .refused(let why): "refused: \(why)"
    case .exited(let status):
      "ended with status \(status)" + (status > 128 ? " (128 + signal \(status - 128))" : "")
    case .killed(let signal): "was ended by signal \(signal)"
    case .outputClosed: "closed its output but did not end"
    case .silent(let seconds): "gave no line within \(seconds) s"
    case .tooLong(let bytes): "wrote more than \(bytes) bytes that are no answer"
    case .notJSON(let line, let why): "wrote what is not JSON (\(why)): \(line)"
    case .notAnAnswer(let line, let why): "wrote what is no answer (\(why)): \(line)"
    case .wrongCount(let name, let expected, let got):
      "gave \(got) numbers as '\(name)' where \(expected) are needed"
    case .notFinite(let coordinate, let value):
      "gave \(value) as parameter \(coordinate), from finite numbers"
    case .notFiniteNumber(let name, let place, let value):
      "gave \(value) as number \(place) of '\(name)'"
    case .tooManyQuestions(let count): "asked more than \(count) questions"
    case .didNotQuit(let seconds): "did not end within \(seconds) s and was killed"
    case .gone: "had broken off before"
    case .givenUp(let failures):
      "broke off \(failures) times and is not started again"
    }
  }
}
