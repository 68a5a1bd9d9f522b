import Foundation
import Saddle
import Support
import Testing

/// Eigenvalues from files that other programs wrote.
@Suite struct EigenvalueFileTests {
  private func read(
    _ text: String, as name: String = "values.txt", column: Int? = nil
  ) throws -> [Double] {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: name)
      try Data(text.utf8).write(to: file)
      return try EigenvalueFile(readingFrom: file.path, column: column).eigenvalues
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
      #expect(try EigenvalueFile(readingFrom: file).eigenvalues == [1, -2.5, 3e-4])
      try TensorArchive(file: file, tensors: [NamedTensor("array", [2], [Int64(1), 2])])
        .write(to: file)
      #expect(throws: EigenvalueFileError(file: file, problem: .notFloating)) {
        try EigenvalueFile(readingFrom: file)
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
    #expect(throws: TensorFileError.self) { try EigenvalueFile(readingFrom: "/nowhere/values.txt") }
    #expect(throws: TensorFileError.self) { try read("1 2 3", as: "values.npy") }
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "values.txt")
      try Data([0x31, 0xff, 0xfe]).write(to: file)
      #expect(throws: EigenvalueFileError(file: file.path, problem: .notText)) {
        try EigenvalueFile(readingFrom: file.path)
      }
    }
    #expect(try read("# nothing").isEmpty)
  }

  /// What the command says of a file that it must not read as a list of eigenvalues.
  private func refusal(_ bytes: Data, as name: String = "values.txt") throws -> String {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: name)
      try bytes.write(to: file)
      let result = try SaddleProcess.run("law", file.path)
      #expect(result.status == 65 && result.output.isEmpty, "\(result.output)")
      return result.errors
    }
  }

  private static let levels = try! RandomMatrixEnsemble.goe.spectrum(order: 60, seed: 7)

  @Test func `a matrix is not a list of its entries`() throws {
    for (shape, name) in [([8, 8], "values.npy"), ([2, 4, 8], "values.npz"), ([32, 2], "v.npy")] {
      let file = TensorArchive(
        file: name, tensors: [NamedTensor("array", shape, (0..<64).map { Double($0 % 7) })])
      let format = try #require(TensorFileFormat(rawValue: String(name.suffix(3))))
      let text = try refusal(Data(file.bytes(as: format)), as: name)
      #expect(text.contains("\(shape)"), "\(text)")
      #expect(text.contains("eigvalsh") == (shape == [8, 8]), "\(text)")
    }
    let rows = (0..<8).map { i in (0..<8).map { "\(Double((i * $0) % 5))" }.joined(separator: " ") }
    let text = try refusal(Data(rows.joined(separator: "\n").utf8))
    #expect(text.contains("8 rows of 8 numbers") && text.contains("eigvalsh"), "\(text)")
    #expect(try refusal(Data("1 2\n3 4 5\n6\n".utf8)).contains("line 2"))
    // A row or a column is a list; so is one that an editor wrapped.
    for shape in [[60, 1], [1, 60], [60], [1, 1, 60]] {
      try withTemporaryFolder { folder in
        let file = folder.appending(path: "values.npy").path
        try TensorArchive(file: file, tensors: [NamedTensor("array", shape, Self.levels)])
          .write(to: file)
        #expect(try EigenvalueFile(readingFrom: file).eigenvalues == Self.levels)
      }
    }
    #expect(try read("1 2 3\n4 5 6\n7") == [1, 2, 3, 4, 5, 6, 7])
  }

  @Test(arguments: ["1,5;2,5", "1,5 2,5 3,5", "1\t2;3", "1;2\n3;4,5"])
  func `separators that may be decimal commas are refused with their place`(text: String) throws {
    let error = try refusal(Data(text.utf8))
    #expect(error.contains("line \(text.contains("\n") ? 2 : 1)"), "\(error)")
    #expect(error.contains("decimal"), "\(error)")
  }

  @Test func `an empty place between separators is no number`() throws {
    #expect(try refusal(Data("1,,2".utf8)).contains("line 1"))
    #expect(try read("1,2,3,\n") == [1, 2, 3])
  }

  @Test func `decimal commas, one a line, are seen`() throws {
    let text = Self.levels.map { "\($0)".replacing(".", with: ",") }.joined(separator: "\n")
    #expect(try refusal(Data(text.utf8)).contains("decimal"))
  }

  @Test func `an index column is no eigenvalues, and the other one can be named`() throws {
    for first in [0, 1] {
      let text = Self.levels.enumerated().map { "\($0 + first) \($1)" }.joined(separator: "\n")
      let error = try refusal(Data(text.utf8))
      #expect(error.contains("counts the rows") && error.contains("--column 2"), "\(error)")
      #expect(try read(text, column: 2) == Self.levels)
      for column in [0, 3] {
        let none = try #require(
          #expect(throws: EigenvalueFileError.self) { try read(text, column: column) })
        #expect(none.problem == .noSuchColumn(column, columns: 2))
      }
    }
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "values.npy").path
      try TensorArchive(file: file, tensors: [NamedTensor("array", [3, 2], [0, 1.5, 1, 2.5, 2, 3.5])])
        .write(to: file)
      #expect(try EigenvalueFile(readingFrom: file, column: 2).eigenvalues == [1.5, 2.5, 3.5])
      #expect(throws: EigenvalueFileError(file: file, problem: .noSuchColumn(3, columns: 2))) {
        try EigenvalueFile(readingFrom: file, column: 3)
      }
    }
  }

  @Test func `a byte-order mark is no part of the first number`() throws {
    let text = "1\n-2.5\n3e-4\n"
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf8] {
      try withTemporaryFolder { folder in
        let file = folder.appending(path: "values.txt")
        try #require(("\u{FEFF}" + text).data(using: encoding)).write(to: file)
        #expect(try EigenvalueFile(readingFrom: file.path).eigenvalues == [1, -2.5, 3e-4])
      }
    }
    #expect(try read("\u{FEFF}[1, -2.5, 3e-4]") == [1, -2.5, 3e-4])
  }
}

extension RandomMatrixEnsemble {
  fileprivate func spectrum(order: Int, seed: UInt64) throws -> [Double] {
    var rng = RandomStream(seed: seed, name: "file")
    return try spectrum(order: order, using: &rng)
  }
}
