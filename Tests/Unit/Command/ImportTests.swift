import Foundation
import Saddle
import Support
import Testing

@Suite struct ImportTests {
  private static let fixture = projectFolder.appending(path: "fixtures/torch-6-8-5-4-tanh").path
  private static let data = [
    "--inputs", fixture + "/inputs.npy", "--targets", fixture + "/targets.npy",
  ]
  private static let network = ["--architecture", "6-8-5-4", "--activation", "tanh"]

  private func run(_ arguments: [String]) throws -> SaddleProcess.Result {
    try SaddleProcess.run(arguments: arguments)
  }

  @Test func `what is imported, exported and imported again is the same run`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      let first = try self.run(
        ["import", Self.fixture + "/parameters.safetensors", "--out", run] + Self.network
          + Self.data)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("125") && first.output.contains("100 %"))
      let (description, parameters, history) = try RunFolder(run).trained()
      #expect(history.isEmpty && parameters.count == 125)
      guard case .imported(let source) = description.experiment.origin else {
        throw Unexpected()
      }
      #expect(source.file.name == "parameters.safetensors" && source.elementType == .float32)
      #expect(
        try source.file.sha256
          == Digest(.sha256, ofFile: Self.fixture + "/parameters.safetensors").hexadecimal)

      for (ending, precision) in [
        ("safetensors", "double"), ("npz", "float"), ("npy", "float"), ("npy", "double"),
      ] {
        let file = folder.path + "/\(precision).\(ending)"
        let exported = try self.run(["export", run, "--out", file, "--precision", precision])
        #expect(exported.status == 0 && exported.output.isEmpty, "\(exported.errors)")
        let archive = try TensorArchive(readingFrom: file)
        #expect(archive.tensors.count == (ending == "npy" ? 1 : 6))
        #expect(
          archive.tensors.allSatisfy {
            $0.elementType == (precision == "double" ? .float64 : .float32)
          })
        let again = folder.path + "/\(precision)-\(ending)"
        #expect(
          try self.run(["import", file, "--out", again] + Self.network + Self.data).status == 0)
        // Singles they were: nothing is lost in single precision either.
        #expect(try RunFolder(again).trained().parameters == parameters)
      }
    }
  }

  @Test func `a trained run is exported under PyTorch's names and comes back`() throws {
    try withTemporaryFolder { folder in
      let (run, file) = (folder.path + "/run", folder.path + "/p.safetensors")
      let data = ["--dataset", "synthetic", "--first", "40", "--pool", "4"]
      #expect(
        try self.run(
          ["train", "--hidden", "3", "--epochs", "1", "--quiet", "--out", run] + data
        ).status == 0)
      #expect(try self.run(["export", run, "--out", file]).status == 0)
      let archive = try TensorArchive(readingFrom: file)
      #expect(
        archive.tensors.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
      #expect(archive["0.weight"]?.shape == [3, 49] && archive["2.bias"]?.shape == [10])
      #expect(archive.metadata["network"] == "49-3-10 tanh")
      // The architecture as JSON.
      let json = folder.path + "/network.json"
      try Data(#"{"widths": [49, 3, 10], "activation": "tanh"}"#.utf8)
        .write(to: URL(fileURLWithPath: json))
      let imported = try self.run(
        ["import", file, "--architecture", json, "--out", run + "2"] + data)
      #expect(imported.status == 0, "\(imported.errors)")
      let (first, second) = (try RunFolder(run).trained(), try RunFolder(run + "2").trained())
      #expect(first.parameters == second.parameters)
      #expect(second.run.trainingSHA256 == first.run.trainingSHA256)
      #expect(
        try self.run(["export", run, "--out", folder.path + "/p.pt"]).status == 64)
      #expect(
        try self.run(["export", run, "--out", "/dev/null/p.npy"]).status == 73)
    }
  }

  @Test func `imported parameters are neither trained over nor replaced`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      let arguments =
        ["import", Self.fixture + "/parameters.safetensors", "--out", run] + Self.network
        + Self.data
      #expect(try self.run(arguments).status == 0)
      let before = try fileBytes(run + "/parameters.bin")
      for again in [
        arguments, ["train", "--epochs", "1", "--hidden", "8,5", "--out", run] + Self.data,
        ["train", "--epochs", "1", "--hidden", "8,5", "--resume", "--out", run] + Self.data,
      ] {
        let result = try self.run(again)
        #expect(result.status == 64 && result.errors.contains("imported parameters"))
      }
      #expect(try fileBytes(run + "/parameters.bin") == before)
      let trained = folder.path + "/trained"
      #expect(
        try self.run(
          ["train", "--epochs", "1", "--hidden", "8,5", "--quiet", "--out", trained] + Self.data
        ).status == 0)
      let over = try self.run(
        ["import", Self.fixture + "/parameters.safetensors", "--out", trained] + Self.network
          + Self.data)
      #expect(over.status == 64 && over.errors.contains("holds a run already"))
    }
  }

  @Test func `what does not fit is refused before anything is written`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      let parameters = Self.fixture + "/parameters.safetensors"
      let shapes = "Expected: "
      for (arguments, status, cause) in [
        ([parameters] + Self.data, Int32(64), "--architecture"),
        ([parameters, "--architecture", "6-8-5-4"] + Self.data, 64, "--activation is needed"),
        ([parameters, "--architecture", "6-x-4", "--activation", "tanh"], 64, "'6-x-4'"),
        ([parameters, "--architecture", "6--4", "--activation", "tanh"], 64, "'6--4'"),
        ([parameters, "--architecture", "none.json"], 66, "none.json"),
        (
          [parameters, "--architecture", "6-7-5-4", "--activation", "tanh"] + Self.data, 65,
          "[8, 6], and the architecture needs [7, 6]"
        ),
        (
          [parameters, "--architecture", "6-8-5-4-4", "--activation", "tanh"] + Self.data, 65,
          shapes
        ),
        (
          [parameters, "--dataset", "synthetic", "--first", "20", "--pool", "4"] + Self.network, 64,
          "6-8-5-4 tanh does not fit the data, which need 49-8-5-10 tanh"
        ),
        (["none.npz"] + Self.network + Self.data, 66, "none.npz"),
        ([Self.fixture + "/hessian.json"] + Self.network + Self.data, 65, "hessian.json"),
        ([Self.fixture] + Self.network + Self.data, 66, "torch-6-8-5-4-tanh"),
        ([parameters] + Self.network + Self.data + ["--pool", "2"], 64, "are for images"),
        ([parameters] + Self.network + ["--inputs", "x.npy"], 64, "go together"),
        ([parameters] + Self.network + Self.data + ["--first", "61"], 65, "61"),
        ([parameters] + Self.network + Self.data + ["--weight-decay", "-1"], 64, "weight decay"),
      ] {
        let result = try self.run(["import", "--out", run] + arguments)
        #expect(result.status == status && result.errors.contains(cause), "\(result.errors)")
        #expect(result.output.isEmpty)
      }
      #expect(!FileManager.default.fileExists(atPath: run))
    }
  }

  @Test func `a run whose data changed says which file`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      for name in ["inputs.npy", "targets.npy"] {
        try FileManager.default.copyItem(
          atPath: Self.fixture + "/" + name, toPath: folder.path + "/" + name)
      }
      #expect(
        try self.run(
          [
            "import", Self.fixture + "/parameters.safetensors", "--out", run, "--inputs",
            folder.path + "/inputs.npy", "--targets", folder.path + "/targets.npy",
          ] + Self.network
        ).status == 0)
      try Data(fileBytes(Self.fixture + "/targets.npy").dropLast() + [1])
        .write(to: folder.appending(path: "targets.npy"))
      let result = try self.run(["spectrum", run])
      #expect(result.status == 65 && result.errors.contains("targets.npy"), "\(result.errors)")
    }
  }
}
