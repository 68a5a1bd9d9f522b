import Foundation
import Saddle
import Support
import Testing

/// Eigenvalues from files that other programs wrote.
@Suite struct EigenvalueFileTests {
  private func read(_ text: String, as name: String = "values.txt") throws -> [Double] {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: name)
      try Data(text.utf8).write(to: file)
      return try eigenvalues(readingFrom: file.path)
    }
  }

  @Test(arguments: [
    "1\n-2.5\n3e-4\n", "1, -2.5, 3e-4", "1;-2.5;3e-4", "# a remark\r\n1 -2.5 # another\r\n3e-4",
    "\t1\n\n-2.5\n  3e-4", "[1, -2.5, 3e-4]", "  {\"eigenvalues\": [1, -2.5, 3e-4], \"x\": 1}",
  ])
  func `numbers in text and JSON`(text: String) throws {
    #expect(try read(text) == [1, -2.5, 3e-4])
  }

  @Test(arguments: ["values.npy", "values.npz", "values.safetensors"])
  func `arrays`(name: String) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: name).path
      try TensorArchive(file: file, tensors: [NamedTensor("array", [3], [1, -2.5, 3e-4])])
        .write(to: file)
      #expect(try eigenvalues(readingFrom: file) == [1, -2.5, 3e-4])
      try TensorArchive(file: file, tensors: [NamedTensor("array", [2], [Int64(1), 2])])
        .write(to: file)
      #expect(throws: EigenvalueFileError(file: file, problem: .notFloating)) {
        try eigenvalues(readingFrom: file)
      }
    }
  }

  @Test func `what is no list of numbers is refused with its place`() throws {
    func problem(_ text: String) throws -> EigenvalueFileError.Problem {
      try #require(#expect(throws: EigenvalueFileError.self) { try read(text) }).problem
    }
    #expect(try problem("1\n2 x3\n") == .notNumber(line: 2, text: "x3"))
    #expect(try problem("[1, \"a\"]") == .badJSON)
    #expect(try problem("{\"values\": [1]}") == .badJSON)
    #expect(throws: TensorFileError.self) { try eigenvalues(readingFrom: "/nowhere/values.txt") }
    #expect(throws: TensorFileError.self) { try read("1 2 3", as: "values.npy") }
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "values.txt")
      try Data([0x31, 0xff, 0xfe]).write(to: file)
      #expect(throws: EigenvalueFileError(file: file.path, problem: .notText)) {
        try eigenvalues(readingFrom: file.path)
      }
    }
    #expect(try read("# nothing").isEmpty)
  }
}
