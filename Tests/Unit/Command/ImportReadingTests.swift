import Foundation
import Saddle
import Support
import Testing

/// Which way round weights are, what whole numbers mean, and where a run's data lie.
@Suite struct ImportReadingTests {
  /// A square network 3-3-3 and its data, written as other programs would.
  private struct Scratch {
    let folder: URL
    let network = try! Network.dense([3, 3, 3], .tanh)
    let θ: [Double] = (0..<24).map { Double(($0 * 7) % 11) / 4 - 1 }

    init(_ folder: URL) throws {
      self.folder = folder
      let x: [Double] = (0..<12).map { Double(($0 * 5) % 7) / 3 - 1 }
      _ = try write([NamedTensor("x", [4, 3], x)], as: "x.npy")
      _ = try write([NamedTensor("y", [4], [Int64(0), 1, 2, 1])], as: "y.npy")
    }

    func write(_ tensors: [NamedTensor], as name: String) throws -> String {
      let path = folder.appending(path: name).path
      try TensorArchive(file: path, tensors: tensors).write(to: path)
      return path
    }

    /// The network's tensors under other names, weights inputs × outputs where asked for.
    func tensors(
      _ names: [String], isTransposed: Bool, of network: Network? = nil
    ) -> [NamedTensor] {
      zip((network ?? self.network).parameterBlocks, names).map { block, name in
        let values = block.range.map { Double(($0 * 7) % 11) / 4 - 1 }
        guard isTransposed, block.shape.count == 2 else {
          return NamedTensor(name, block.shape, values)
        }
        let (rows, columns) = (block.shape[0], block.shape[1])
        return NamedTensor(
          name, [columns, rows],
          (0..<values.count).map { values[$0 % rows * columns + $0 / rows] })
      }
    }

    func run(
      _ file: String, _ more: [String] = [], network: String = "3-3-3", out: String = "run",
      inputs: String = "x.npy", targets: String = "y.npy"
    ) throws -> SaddleProcess.Result {
      try SaddleProcess.run(
        arguments: [
          "import", file, "--architecture", network, "--activation", "tanh", "--out",
          folder.path + "/" + out, "--inputs", folder.path + "/" + inputs, "--targets",
          folder.path + "/" + targets,
        ] + more)
    }

    func parameters(_ run: String = "run") throws -> [Double] {
      try RunFolder(folder.path + "/" + run).trained().parameters
    }
  }

  private static let flax = [
    "params/Dense_0/kernel", "params/Dense_0/bias", "params/Dense_1/kernel", "params/Dense_1/bias",
  ]

  @Test(arguments: [
    flax, ["Dense_0/kernel", "Dense_0/bias", "Dense_1/kernel", "Dense_1/bias"],
    ["dense_1/kernel:0", "dense_1/bias:0", "dense_2/kernel:0", "dense_2/bias:0"],
    ["layer1.kernel", "layer1.bias", "layer2.kernel", "layer2.bias"],
  ])
  func `kernels are inputs × outputs, square ones too`(names: [String]) throws {
    try withTemporaryFolder { folder in
      let scratch = try Scratch(folder)
      let file = try scratch.write(
        scratch.tensors(names, isTransposed: true), as: "p.npz")
      let result = try scratch.run(file)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("inputs × outputs, by the name kernel"), "\(result.output)")
      #expect(try scratch.parameters() == scratch.θ)
    }
  }

  @Test func `square weights of unknown orientation are refused until it is given`() throws {
    try withTemporaryFolder { folder in
      let scratch = try Scratch(folder)
      for (names, isTransposed) in [
        (["W1", "b1", "W2", "b2"], true), (["W1", "b1", "W2", "b2"], false),
        (["arr_0", "arr_1", "arr_2", "arr_3"], true),
      ] {
        let file = try scratch.write(
          scratch.tensors(names, isTransposed: isTransposed), as: "p.npz")
        let refused = try scratch.run(file)
        #expect(refused.status == 65 && refused.errors.contains("--orientation"), "\(refused)")
        let out = "\(names[0])-\(isTransposed)"
        let orientation = isTransposed ? "inputs-outputs" : "outputs-inputs"
        let given = try scratch.run(file, ["--orientation", orientation], out: out)
        #expect(given.status == 0 && given.output.contains("as given"), "\(given.errors)")
        #expect(try scratch.parameters(out) == scratch.θ)
      }
      // What is given counts for names that are known as well.
      let file = try scratch.write(
        scratch.tensors(["0.weight", "0.bias", "2.weight", "2.bias"], isTransposed: true),
        as: "q.npz")
      #expect(try scratch.run(file, ["--orientation", "inputs-outputs"], out: "q").status == 0)
      #expect(try scratch.parameters("q") == scratch.θ)
    }
  }

  @Test(arguments: [true, false], [[3, 5, 5, 3], [3, 4, 3], [3, 3, 2, 3]])
  func `other layers of the file decide it where they agree`(
    isTransposed: Bool, widths: [Int]
  ) throws {
    try withTemporaryFolder { folder in
      let scratch = try Scratch(folder)
      let network = try Network.dense(widths, .tanh)
      let names = (1..<widths.count).flatMap { ["W\($0)", "b\($0)"] }
      let file = try scratch.write(
        scratch.tensors(names, isTransposed: isTransposed, of: network).reversed(), as: "p.npz")
      let result = try scratch.run(file, network: widths.map { "\($0)" }.joined(separator: "-"))
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.output.contains(
          (isTransposed ? "inputs × outputs" : "outputs × inputs") + ", by the shapes"),
        "\(result.output)")
      let θ: [Double] = (0..<network.parameterCount).map { Double(($0 * 7) % 11) / 4 - 1 }
      #expect(try scratch.parameters() == θ)
    }
  }

  @Test func `layers that do not agree are refused`() throws {
    try withTemporaryFolder { folder in
      let scratch = try Scratch(folder)
      let network = try Network.dense([3, 5, 5, 3], .tanh)
      let names = (1...3).flatMap { ["W\($0)", "b\($0)"] }
      var tensors = scratch.tensors(names, isTransposed: true, of: network)
      tensors[4] = scratch.tensors(names, isTransposed: false, of: network)[4]
      let result = try scratch.run(
        try scratch.write(tensors, as: "p.npz"), network: "3-5-5-3")
      #expect(result.status == 65, "\(result)")
    }
  }

  @Test func `whole numbers for one output are values where the loss is of values`() throws {
    try withTemporaryFolder { folder in
      let scratch = try Scratch(folder)
      let names = ["0.weight", "0.bias", "2.weight", "2.bias"]
      let network = try Network.dense([3, 3, 1], .tanh)
      let file = try scratch.write(
        scratch.tensors(names, isTransposed: false, of: network), as: "p.npz")
      func loss(_ values: NamedTensor, _ out: String) throws -> Double {
        _ = try scratch.write([values], as: out + ".npy")
        let result = try scratch.run(
          file, ["--loss", "meanSquaredError", "--json"], network: "3-3-1", out: out,
          targets: out + ".npy")
        struct Output: Decodable {
          struct Evaluation: Decodable { let loss: Double }
          let evaluation: Evaluation
        }
        #expect(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Output.self, from: Data(result.output.utf8))
          .evaluation.loss
      }
      let floats = try loss(NamedTensor("y", [4, 1], [0.0, 1, 3, -2]), "floats")
      #expect(try loss(NamedTensor("y", [4, 1], [Int64(0), 1, 3, -2]), "column") == floats)
      #expect(try loss(NamedTensor("y", [4], [Int64(0), 1, 3, -2]), "row") == floats)
      // Zeros are a class of their own, and numbers.
      let zeros = try loss(NamedTensor("y", [4, 1], [0.0, 0, 0, 0]), "zeros")
      #expect(try loss(NamedTensor("y", [4, 1], [Int64(0), 0, 0, 0]), "nothing") == zeros)
      let softmax = try scratch.run(file, network: "3-3-1", out: "s")
      #expect(softmax.status == 64 && softmax.errors.contains("meanSquaredError"), "\(softmax)")
    }
  }

  @Test func `training on whole numbers asks what they are where the loss takes both`() throws {
    try withTemporaryFolder { folder in
      let scratch = try Scratch(folder)
      _ = try scratch.write([NamedTensor("y", [4, 1], [Int64(0), 1, 3, 2])], as: "n.npy")
      func train(_ more: [String], out: String) throws -> SaddleProcess.Result {
        try SaddleProcess.run(
          arguments: [
            "train", "--hidden", "2", "--epochs", "1", "--quiet", "--out", folder.path + "/" + out,
            "--inputs", folder.path + "/x.npy", "--targets", folder.path + "/n.npy",
          ] + more)
      }
      let squared = ["--loss", "meanSquaredError"]
      let refused = try train(squared, out: "a")
      #expect(refused.status == 64 && refused.errors.contains("--targets-as"), "\(refused)")
      for (targets, parameters) in [("classes", 20), ("values", 11)] {
        let run = targets
        let result = try train(squared + ["--targets-as", targets], out: run)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try scratch.parameters(run).count == parameters)
      }
      #expect(try train([], out: "c").status == 0)
      #expect(try scratch.parameters("c").count == 20)
    }
  }

  @Test func `a run moves with its data, and finds them again where they are named`() throws {
    try withTemporaryFolder { folder in
      let here = folder.appending(path: "here")
      try FileManager.default.createDirectory(at: here, withIntermediateDirectories: true)
      let scratch = try Scratch(here)
      let file = try scratch.write(
        scratch.tensors(["0.weight", "0.bias", "2.weight", "2.bias"], isTransposed: false),
        as: "p.npz")
      #expect(try scratch.run(file, out: "runs/one").status == 0)
      let text = try String(
        contentsOf: here.appending(path: "runs/one/run.json"), encoding: .utf8)
      #expect(!text.contains(folder.path) && text.contains("../../x.npy"), "\(text)")

      func spectrum(_ run: URL, _ more: String...) throws -> SaddleProcess.Result {
        try SaddleProcess.run(arguments: ["spectrum", run.path, "--method", "counts"] + more)
      }
      // All of it.
      let there = folder.appending(path: "there")
      try FileManager.default.moveItem(at: here, to: there)
      let moved = try spectrum(there.appending(path: "runs/one"))
      #expect(moved.status == 0, "\(moved.errors)")
      // The run alone.
      let alone = folder.appending(path: "alone")
      try FileManager.default.moveItem(at: there.appending(path: "runs/one"), to: alone)
      let lost = try spectrum(alone)
      #expect(lost.status == 66 && lost.errors.contains("--data"), "\(lost.errors)")
      #expect(try spectrum(alone, "--data", there.path).status == 0)
      // Other numbers under the name are not taken for them.
      try Data([1, 2, 3]).write(to: alone.appending(path: "x.npy"))
      let other = try spectrum(alone)
      #expect(other.status == 65 && other.errors.contains("SHA-256"), "\(other.errors)")
      #expect(try spectrum(alone, "--data", there.path).status == 0)
      // The data beside the run.
      for name in ["x.npy", "y.npy"] {
        try? FileManager.default.removeItem(at: alone.appending(path: name))
        try FileManager.default.copyItem(
          at: there.appending(path: name), to: alone.appending(path: name))
      }
      #expect(try spectrum(alone).status == 0)
    }
  }

  @Test func `a run of before, with whole paths, is read`() throws {
    try withTemporaryFolder { folder in
      let scratch = try Scratch(folder)
      let file = try scratch.write(
        scratch.tensors(["0.weight", "0.bias", "2.weight", "2.bias"], isTransposed: false),
        as: "p.npz")
      #expect(try scratch.run(file).status == 0)
      let run = folder.appending(path: "run/run.json")
      let text = try String(contentsOf: run, encoding: .utf8)
      try Data(text.replacing("\"../", with: "\"\(folder.path)/").utf8).write(to: run)
      try FileManager.default.removeItem(at: folder.appending(path: "run/manifest.sha256"))
      let result = try SaddleProcess.run(
        "spectrum", folder.path + "/run", "--method", "counts")
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test func `what is to be compared has eight digits`() throws {
    try withTemporaryFolder { folder in
      let scratch = try Scratch(folder)
      let file = try scratch.write(
        scratch.tensors(["0.weight", "0.bias", "2.weight", "2.bias"], isTransposed: false),
        as: "p.npz")
      let result = try scratch.run(file)
      #expect(result.status == 0, "\(result.errors)")
      for name in ["loss", "gradient norm"] {
        let row = try #require(
          result.output.split(separator: "\n").first { $0.hasPrefix(name) })
        let digits = row.split(separator: " ").last?.filter(\.isNumber).drop { $0 == "0" }
        #expect((digits?.count ?? 0) >= 7, "\(row)")
      }
    }
  }
}
