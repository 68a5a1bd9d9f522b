import Foundation
import Saddle
import Support
import Testing

@Suite struct TensorFilesTests {
  /// Writes arrays as `.npy` and describes them.
  private struct Scratch {
    let folder: URL

    func write(_ tensor: NamedTensor, as name: String) throws -> String {
      let path = folder.appending(path: name).path
      try TensorArchive(file: path, tensors: [tensor]).write(to: path)
      return path
    }

    func describe(
      _ inputs: NamedTensor, _ targets: NamedTensor, first: Int? = nil, classes: Int? = nil
    ) throws -> TensorFiles {
      try TensorFiles(
        inputs: write(inputs, as: "x.npy"), targets: write(targets, as: "y.npy"), first: first,
        classes: classes)
    }
  }

  private func table(_ files: TensorFiles) throws(DataError) -> SampleTable {
    guard case .table(let table) = try DatasetDescription(.files(arrays: files)).samples() else {
      throw .notImages(name: "")
    }
    return table
  }

  private let inputs = NamedTensor("x", [3, 1, 2], (0..<6).map { Float($0) / 8 })
  private let labels = NamedTensor("y", [3], [Int64(2), 0, 1])

  @Test func `inputs are rows of features, targets classes or values`() throws {
    try withTemporaryFolder { folder in
      let scratch = Scratch(folder: folder)
      let classes = try table(scratch.describe(inputs, labels))
      #expect(classes.name == "x.npy, all, with y.npy" && classes.featureShape == [1, 2])
      #expect(classes.inputs.asRows == [[0, 0.125], [0.25, 0.375], [0.5, 0.625]])
      #expect(classes.targets == .classes([2, 0, 1], of: 3) && classes.outputs == 3)
      #expect(classes.sources.map(\.first) == [3])
      #expect(classes.sources.flatMap(\.files).map(\.name) == ["x.npy", "y.npy"])

      // The first samples are of the same network as all of them.
      let some = try table(scratch.describe(inputs, labels, first: 2))
      #expect(some.targets == .classes([2, 0], of: 3) && some.inputs.rows == 2)
      #expect(try table(scratch.describe(inputs, labels, classes: 7)).outputs == 7)
      let column = NamedTensor("y", [3, 1], [Int64(1), 1, 0])
      #expect(try table(scratch.describe(inputs, column)).targets == .classes([1, 1, 0], of: 2))

      let values = NamedTensor("y", [3, 2], [0.5, 1, 1.5, 2, 2.5, 3])
      #expect(
        try table(scratch.describe(inputs, values, first: 1)).targets
          == .values(Matrix([[0.5, 1]])))
      let numbers = NamedTensor("y", [3], [0.5, 1, 1.5])
      #expect(
        try table(scratch.describe(inputs, numbers)).targets
          == .values(Matrix([[0.5], [1], [1.5]])))
    }
  }

  @Test func `the objective is the one that is built from the numbers by hand`() throws {
    try withTemporaryFolder { folder in
      let scratch = Scratch(folder: folder)
      let files = try scratch.describe(inputs, labels)
      let experiment = Experiment(
        name: "own", data: DatasetDescription(.files(arrays: files)),
        architecture: .dense(hidden: [4], activation: .softplus), weightDecay: 0.5,
        origin: .imported(
          ImportedParameters(file: SourceFile(name: "p", sha256: "0"), elementType: .float16)))
      let objective = try experiment.prepared(from: DataFolder()).objective(Double.self)
      let byHand = try NetworkObjective(
        network: Network.dense([2, 4, 3], .softplus),
        loss: .softmaxCrossEntropy, inputs: Matrix([[0, 0.125], [0.25, 0.375], [0.5, 0.625]]),
        targets: .classes([2, 0, 1]), weightDecay: 0.5)
      let θ = (0..<27).map { Double($0 % 5) / 3 - 0.5 }
      #expect(objective.parameterBlocks == byHand.parameterBlocks)
      #expect(objective.value(at: θ) == byHand.value(at: θ))

      let data = try JSON.encode(experiment)
      #expect(try JSONDecoder().decode(Experiment.self, from: data) == experiment)
      #expect(experiment.plan == nil && experiment.optimizer == nil)
    }
  }

  @Test func `content is known by its numbers, not by its files`() throws {
    try withTemporaryFolder { folder in
      let scratch = Scratch(folder: folder)
      let hash = try table(scratch.describe(inputs, labels)).contentSHA256()
      let eighths: [Double] = (0..<6).map { Double($0) / 8 }
      let wide = NamedTensor("x", [3, 1, 2], eighths)
      #expect(try table(scratch.describe(wide, labels)).contentSHA256() == hash)
      for other in [
        NamedTensor("x", [3, 2], eighths),
        NamedTensor("x", [3, 1, 2], eighths.dropLast() + [eighths[5].nextUp]),
      ] {
        #expect(try table(scratch.describe(other, labels)).contentSHA256() != hash)
      }
      #expect(try table(scratch.describe(inputs, labels, classes: 4)).contentSHA256() != hash)
      let values = NamedTensor("y", [3], [2.0, 0, 1])
      #expect(try table(scratch.describe(inputs, values)).contentSHA256() != hash)
      // One class, or the value 0.
      let zeros = NamedTensor("y", [3], [Int64(0), 0, 0])
      let nothing = NamedTensor("y", [3], [0.0, 0, 0])
      #expect(
        try table(scratch.describe(inputs, zeros)).contentSHA256()
          != table(scratch.describe(inputs, nothing)).contentSHA256())
    }
  }

  @Test func `a file that changed since is refused with both digests`() throws {
    try withTemporaryFolder { folder in
      let scratch = Scratch(folder: folder)
      let files = try scratch.describe(inputs, labels)
      _ = try scratch.write(NamedTensor("y", [3], [Int64(2), 0, 0]), as: "y.npy")
      guard
        case .fileChanged(let path, let expected, let found) = dataError({
          () throws(DataError) in try table(files)
        })
      else { throw Unexpected() }
      #expect(path == files.targets.path && expected == files.targets.sha256 && expected != found)
    }
  }

  @Test func `arrays that are no samples are refused with their shape`() throws {
    try withTemporaryFolder { folder in
      let scratch = Scratch(folder: folder)
      func error(
        _ inputs: NamedTensor, _ targets: NamedTensor, first: Int? = nil, classes: Int? = nil
      ) throws -> DataError? {
        let files = try scratch.describe(inputs, targets, first: first, classes: classes)
        return dataError { () throws(DataError) in try table(files) }
      }
      let (x, y) = (
        folder.appending(path: "x.npy").path, folder.appending(path: "y.npy").path
      )
      #expect(
        try error(inputs, NamedTensor("y", [2], [Int64(0), 1]))
          == .rowsDisagree(inputs: x, inputRows: 3, targets: y, targetRows: 2))
      #expect(try error(NamedTensor("x", [], [1.0]), labels) == .notATable(path: x, shape: []))
      #expect(try error(inputs, NamedTensor("y", [], [1.0])) == .notATable(path: y, shape: []))
      #expect(
        try error(NamedTensor("x", [3, 0], [Double]()), labels)
          == .notATable(path: x, shape: [3, 0]))
      #expect(
        try error(inputs, NamedTensor("y", [3, 1, 2], (0..<6).map(Double.init)))
          == .notATable(path: y, shape: [3, 1, 2]))
      #expect(
        try error(NamedTensor("x", [0, 2], [Double]()), NamedTensor("y", [0], [Int64]()))
          == .noRecords(path: x))
      #expect(try error(inputs, labels, first: 4) == .tooFewRecords(path: x, asked: 4, found: 3))
      #expect(try error(inputs, labels, first: 0) == .invalidCount(asked: 0))
      #expect(
        try error(inputs, labels, classes: 2)
          == .labelOutOfRange(path: y, record: 0, label: 2, classes: 2))
      #expect(
        try error(inputs, NamedTensor("y", [3], [Int64(0), -1, 1]))
          == .labelOutOfRange(path: y, record: 1, label: -1, classes: 2))
      for label in [Int64.max, 1 << 31] {
        #expect(
          try error(inputs, NamedTensor("y", [3], [0, label, 1]))
            == .labelOutOfRange(
              path: y, record: 1, label: Int(label), classes: Int(Int32.max)))
      }
      let missing = try error(NamedTensor("x", [3], [1, .nan, 2.0]), labels)
      #expect("\(try #require(missing))".contains("element 1 is nan"))
      let infinite = try error(inputs, NamedTensor("y", [3], [1, 2, Double.infinity]))
      #expect("\(try #require(infinite))".contains("element 2 is inf"))
    }
  }

  @Test func `numbers are not treated like images`() throws {
    try withTemporaryFolder { folder in
      let source = DataSource.files(
        arrays: try Scratch(folder: folder).describe(inputs, labels))
      for description in [
        DatasetDescription(source, pooling: 2), DatasetDescription(source, grayscale: true),
        DatasetDescription(source, standardization: .global),
      ] {
        #expect(
          dataError { () throws(DataError) in try description.samples() }
            == .notImages(name: source.name))
      }
      #expect(
        dataError { () throws(DataError) in try source.load() } == .notImages(name: source.name))
    }
  }
}
