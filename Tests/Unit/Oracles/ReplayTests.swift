import Foundation
import Oracles
import Support
import Testing

/// A failure's line, through a shell and back, and what is not such a line.
@Suite struct ReplayTests {
  private static let names = [
    "it isn't so", "two  spaces", "  before and after ", "a \"quote\" for $HOME and `date`",
    "C:\\new\\u{41}", "# no remark", "two\nlines\r\n", "next\u{2028}line\u{0}", "layer 3", "", "λ ≤ 2σ!",
  ]

  /// What `SADDLE_REPLAY` is to a program that a shell starts after the line.
  private func passedOn(_ assignment: String) throws -> String {
    let shell = Process()
    let output = Pipe()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", assignment + " exec printenv SADDLE_REPLAY"]
    shell.standardOutput = output
    try shell.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    shell.waitUntilExit()
    // `printenv` ends it with a newline.
    return String(decoding: data.dropLast(), as: UTF8.self)
  }

  @Test(arguments: names) func `a shell takes the line that a failure prints`(name: String) throws {
    func large(_ x: Int) throws { if x > 500 { throw PropertyViolation("large") } }
    let generator = Generator.integer(in: 0...1000)
    let failure = try #require(
      #expect(throws: PropertyFailure.self) {
        try checkProperty(name, over: generator, sizes: 100...100, replay: nil, large)
      })
    guard case .falsified(let found) = failure else { throw failure }
    let printed = try #require(failure.description.split(separator: "\n").last)
    let assignment = try #require(printed.firstRange(of: "SADDLE_REPLAY="))
    let line = try passedOn(String(printed[assignment.lowerBound...]))
    #expect(Replay(line: line) == found.replay, "\(printed)")
    #expect(try Replay.corpus("# a remark\n\n\(line)\n") == [found.replay])
    var seen: [Int] = []
    try checkProperty(name, over: generator, replay: line) { seen.append($0) }
    #expect(seen.map { "\($0)" } == [found.original])
  }

  @Test func `a line that is cut off anywhere fails, and says so`() throws {
    let line = "\(Replay(name: "of layer 3", seed: 1234, size: 100))"
    for count in 0..<line.count {
      for part in [line.prefix(count), line.suffix(count)] {
        var seen = 0
        let failure = #expect(throws: PropertyFailure.self, "'\(part)'") {
          try checkProperty("of layer 3", over: .integer(in: 0...9), replay: String(part)) { _ in
            seen += 1
          }
        }
        #expect(seen == 0, "'\(part)'")
        #expect("\(failure as Any)".contains("SADDLE_REPLAY"))
      }
    }
  }

  @Test func `older corpora, whose lines have no mark at their ends, are read`() throws {
    let former = try Replay.corpus("  Sylvester 8296774381423637733 47\r\nof layer 3 5 100 \n")
    #expect(
      former == [
        Replay(name: "Sylvester", seed: 8_296_774_381_423_637_733, size: 47),
        Replay(name: "of layer 3", seed: 5, size: 100),
      ])
  }

  @Test func `listed values are drawn again by their place`() throws {
    func tried(_ replay: String?) throws -> [String] {
      var seen: [String] = []
      let cases = ["a", "b", "c"].map { ($0, $0) }
      try checkEach("listed", of: cases, replay: replay) { seen.append($0) }
      return seen
    }
    #expect(try tried(nil) == ["a", "b", "c"])
    #expect(try tried("\(Replay(name: "listed", seed: 1, size: 0))") == ["b"])
    for seed: UInt64 in [3, .max] {
      #expect(throws: PropertyFailure.self) {
        try tried("\(Replay(name: "listed", seed: seed, size: 0))")
      }
    }
    #expect(throws: PropertyFailure.self) {
      try tried("\(Replay(name: "another", seed: 1, size: 0))")
    }
  }

  @Test func `what fails always is told from what fails once`() throws {
    let generator = Generator.integer(in: 0...1000)
    func failure(_ property: (Int) throws -> Void) throws -> String {
      try #require(
        #expect(throws: PropertyFailure.self) {
          try checkProperty("steady", over: generator, sizes: 100...100, replay: nil, property)
        }
      ).description
    }
    let always = try failure { if $0 > 500 { throw PropertyViolation("large") } }
    #expect(always.contains("fails every time (3 of 3)"), "\(always)")
    var count = 0
    let once = try failure { _ in
      count += 1
      if count == 4 { throw PropertyViolation("the fourth") }
    }
    #expect(once.contains("failed 1 of 3 times: not deterministic"), "\(once)")
    // Nothing is made simpler by chance.
    #expect(count == 6 && once.contains("not simplified"), "\(once)")
    count = 0
    let listed = try #require(
      #expect(throws: PropertyFailure.self) {
        try checkEach("steady", of: [("a", 1)], replay: nil) { _ in
          count += 1
          if count != 2 { throw PropertyViolation("odd") }
        }
      }
    ).description
    #expect(listed.contains("failed 2 of 3 times: not deterministic"), "\(listed)")
  }
}
