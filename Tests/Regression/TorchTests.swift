import Foundation
import Saddle
import Support
import Testing

/// A network that PyTorch trained has the Hessian that PyTorch says it has.
@Suite struct TorchTests {
  /// What `Examples/export_from_torch.py` says of the network that it trained.
  private struct Report: Decodable {
    let loss: Double
    let gradientNorm: Double
    let eigenvalues: [Double]

    init(in folder: String) throws {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/hessian.json"))
      self = try JSONDecoder().decode(Self.self, from: data)
    }
  }

  private struct Imported: Decodable {
    let parameters: Int
    let evaluation: Evaluation
  }

  private struct Output: Decodable {
    let eigenvalues: [Double]
    let record: PointRecord
  }

  /// `python3 Examples/export_from_torch.py fixtures/torch-6-8-5-4-tanh`, with torch 2.15.
  private static let fixture = projectFolder.appending(path: "fixtures/torch-6-8-5-4-tanh").path
  private static let tolerance = Tolerance(
    relative: 1e-10, why: "sums over 60 samples in another order, in double precision")

  /// Imports through the command what torch left in `folder`, and takes the spectrum there.
  private func check(
    _ folder: String, parameters name: String, activation: String = "tanh",
    loss: String = "softmaxCrossEntropy"
  ) throws {
    let report = try Report(in: folder)
    try withTemporaryFolder { scratch in
      let run = scratch.path + "/run"
      let imported = try SaddleProcess.run(
        "import", "\(folder)/\(name)", "--architecture", "6-8-5-4", "--activation", activation,
        "--loss", loss, "--inputs", "\(folder)/inputs.npy", "--targets", "\(folder)/targets.npy",
        "--json", "--out", run)
      #expect(imported.status == 0, "\(imported.errors)")
      let start = try JSONDecoder().decode(Imported.self, from: Data(imported.output.utf8))
      #expect(start.parameters == report.eigenvalues.count)
      expectClose(start.evaluation.loss, report.loss, within: Self.tolerance)
      expectClose(start.evaluation.gradientNorm, report.gradientNorm, within: Self.tolerance)

      let result = try SaddleProcess.run("spectrum", run, "--json")
      #expect(result.status == 0, "\(result.errors)")
      let output = try JSONDecoder().decode(Output.self, from: Data(result.output.utf8))
      expectClose(output.eigenvalues, report.eigenvalues, within: Self.tolerance)
      let isNegative = try #require(report.eigenvalues.first) < -1e-9
      #expect((output.record.curvature?.outcome == .certified) == isNegative)
    }
  }

  @Test(.tags(.pinned, .oracle))
  func `a network trained by torch has the eigenvalues of torch's Hessian`() throws {
    try check(Self.fixture, parameters: "parameters.safetensors")
  }

  @Test(
    .tags(.oracle), .requiresTorch,
    arguments: [
      ("gelu", "meanSquaredError"), ("relu", "meanSquaredError"),
      ("sigmoid", "softmaxCrossEntropy"),
    ])
  func `networks trained by torch now do, too`(activation: String, loss: String) throws {
    let python = try #require(PeerPython.torch)
    let script = projectFolder.appending(path: "Examples/export_from_torch.py").path
    try withTemporaryFolder { folder in
      #expect(
        try PeerPython.run(python, [script, folder.path, activation, loss, "npz"]) == 0)
      try check(folder.path, parameters: "parameters.npz", activation: activation, loss: loss)
    }
  }

  @Test(.tags(.oracle), .requiresTorch)
  func `what is exported, NumPy reads bit for bit, and so does torch's own network`() throws {
    let python = try #require(PeerPython.torch)
    let network = try Network.dense([6, 8, 5, 4], .tanh)
    let θ = try ParameterImport(
      readingFrom: Self.fixture + "/parameters.safetensors", for: network
    ).parameters
    try withTemporaryFolder { folder in
      for (name, parameters) in [("double", θ), ("third", θ.map { $0 / 3 })] {
        let archive = TensorArchive(
          file: name, parameters: parameters, blocks: network.parameterBlocks)
        try archive.write(to: folder.path + "/\(name).npz")
        try TensorArchive(
          file: name, tensors: [NamedTensor("θ", [parameters.count], parameters)]
        ).write(to: folder.path + "/\(name).npy")
      }
      let program = """
        import numpy, sys, torch
        from torch import nn
        net = nn.Sequential(
            nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, 4)).double()
        for name in "double", "third":
            parts, flat = (numpy.load(f"{sys.argv[1]}/{name}.{e}") for e in ("npz", "npy"))
            net.load_state_dict({k: torch.from_numpy(v) for k, v in parts.items()})
            own = torch.cat([p.detach().flatten() for p in net.parameters()]).numpy()
            assert flat.dtype == numpy.float64 and flat.tobytes() == own.tobytes()
        """
      #expect(try PeerPython.run(python, ["-c", program, folder.path]) == 0)
    }
  }

  /// A comparison that nothing can miss is none.
  @Test func `faults that are planted in the import are seen in the eigenvalues`() throws {
    let folder = Self.fixture
    let report = try Report(in: folder)
    let network = try Network.dense([6, 8, 5, 4], .tanh)
    let θ = try ParameterImport(
      readingFrom: folder + "/parameters.safetensors", for: network
    ).parameters
    let data = DatasetDescription(
      .files(
        arrays: try TensorFiles(inputs: folder + "/inputs.npy", targets: folder + "/targets.npy")))
    func deviation(_ loss: Loss = .softmaxCrossEntropy, at θ: [Double]) throws -> Double {
      let experiment = Experiment(
        name: "planted", data: data,
        architecture: .dense(hidden: [8, 5], activation: .tanh), loss: loss,
        origin: .imported(
          ImportedParameters(file: SourceFile(name: "", sha256: ""), elementType: .float32)))
      let objective = try experiment.prepared(from: DataFolder()).objective(Double.self)
      let eigenvalues = try objective.hessian(at: θ).eigenvalues()
      return try #require(
        worstDeviation(eigenvalues, report.eigenvalues, within: Self.tolerance)
      ).ratio
    }
    #expect(try deviation(at: θ) <= 1)
    // One weight is off by a billionth: single precision in between would be worse.
    var planted = θ
    planted[60] *= 1 + 1e-7
    #expect(try deviation(at: planted) > 1, "a weight rounded to single precision once more")
    planted = θ
    planted.swapAt(49, 50)
    #expect(try deviation(at: planted) > 1000, "two biases exchanged")
    planted = θ
    let weights = network.denseLayers[1].weights
    let (rows, columns) = (5, 8)
    for i in 0..<rows {
      for j in 0..<columns {
        planted[weights.lowerBound + j * rows + i] = θ[weights.lowerBound + i * columns + j]
      }
    }
    #expect(try deviation(at: planted) > 1000, "a weight the other way round")
    #expect(try deviation(.meanSquaredError, at: θ) > 1000, "another loss")
  }
}
