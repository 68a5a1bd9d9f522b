import Foundation
import Saddle
import Support
import Testing

@Suite struct ParameterFileTests {
  private let values = [
    0.1, -0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, .infinity, 0x1p-1060,
  ]

  @Test func `what is read is what was written, bit for bit`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "p.bin")
      try ParameterFile.write(values, to: file)
      #expect(try ParameterFile.read(file).map(\.bitPattern) == values.map(\.bitPattern))
      #expect(try Data(contentsOf: file).count == 16 + 8 * values.count)
      try ParameterFile.write([], to: file)
      #expect(try ParameterFile.read(file) == [])
    }
  }

  @Test func `a file that is cut off, foreign or absent is refused by name`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "p.bin")
      #expect {
        try ParameterFile.read(file)
      } throws: {
        if case .unreadable(file.path, _) = $0 as? ParameterFileError { true } else { false }
      }
      try ParameterFile.write(values, to: file)
      let whole = try Data(contentsOf: file)
      try whole.dropLast(3).write(to: file)
      #expect(
        throws: ParameterFileError.wrongLength(path: file.path, expected: 48, found: 45)
      ) { try ParameterFile.read(file) }
      try Data("PK\u{3}\u{4} something else".utf8).write(to: file)
      #expect(throws: ParameterFileError.notAParameterFile(path: file.path)) {
        try ParameterFile.read(file)
      }
      try whole.prefix(12).write(to: file)
      #expect(throws: ParameterFileError.notAParameterFile(path: file.path)) {
        try ParameterFile.read(file)
      }
    }
  }
}
