/// What draws one value again: one line, `name seed size.`
///
/// The name comes first and a full stop last, so that no part of a line is taken for a line. What
/// a line cannot hold (newlines and other control characters, white space or # where it begins) is
/// written `\\u{A}`, and a backslash as two.
public struct Replay: Sendable, Equatable, CustomStringConvertible {
  public let name: String
  public let seed: UInt64
  public let size: Int

  public init(name: String, seed: UInt64, size: Int) {
    self.name = name
    self.seed = seed
    self.size = size
  }

  /// From the line that a failure printed, or from one of before, which ended without a full stop.
  public init?(line: String) {
    var body = line.drop(while: \.isWhitespace)
    while body.last?.isWhitespace == true { body.removeLast() }
    if body.last == "." { body.removeLast() }
    let words = body.split(separator: " ")
    guard let last = words.last, words.count >= 2, let size = Int(last), size >= 0,
      let seed = UInt64(words[words.count - 2]),
      let name = Self.unescaped(body[..<words[words.count - 2].startIndex].dropLast())
    else { return nil }
    self.init(name: name, seed: seed, size: size)
  }

  public var description: String { "\(Self.escaped(name)) \(seed) \(size)." }

  /// What `SADDLE_REPLAY` asks of the property of this name; nil where it is not set.
  ///
  /// - Throws: `.replayUnreadable`; `.notReplayed` where it is another's: a test that ran none of
  ///   its values must not pass.
  static func asked(of name: String, by line: String?) throws(PropertyFailure) -> Replay? {
    guard let line else { return nil }
    guard line.last(where: { !$0.isWhitespace }) == ".", let replay = Replay(line: line) else {
      throw .replayUnreadable(name: name, line: line)
    }
    guard replay.name == name else { throw .notReplayed(name: name, replay) }
    return replay
  }

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
          message: "line \(number + 1) of the corpus, '\(line)', is no `name seed size.`")
      }
      replays.append(replay)
    }
    return replays
  }

  private static func escaped(_ name: String) -> String {
    var text = ""
    for (i, scalar) in name.unicodeScalars.enumerated() {
      let isBeginning = i == 0 && (scalar.properties.isWhitespace || scalar == "#")
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: text += code(of: scalar)
      default:
        if scalar == "\\" {
          text += #"\\"#
        } else if isBeginning {
          text += code(of: scalar)
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    return text
  }

  private static func code(of scalar: Unicode.Scalar) -> String {
    #"\u{"# + String(scalar.value, radix: 16, uppercase: true) + "}"
  }

  /// Nil for a backslash that begins none of the two.
  private static func unescaped(_ text: Substring) -> String? {
    var (name, rest) = (String.UnicodeScalarView(), text.unicodeScalars)
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        name.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "\\": name.append("\\")
      case "u" where rest.popFirst() == "{":
        guard let end = rest.firstIndex(of: "}"),
          let value = UInt32(String(rest[..<end]), radix: 16), let scalar = Unicode.Scalar(value)
        else { return nil }
        name.append(scalar)
        rest = rest[rest.index(after: end)...]
      default: return nil
      }
    }
    return String(name)
  }
}
