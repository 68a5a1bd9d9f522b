import Foundation
import Saddle
import Support
import Testing

/// The networks in experiments/networks, and what a network's own tensors are called.
@Suite struct NetworkFileTests {
  private static func read(_ name: String) throws -> Network {
    try JSONDecoder().decode(
      Network.self,
      from: Data(
        contentsOf: projectFolder.appending(path: "experiments/networks/\(name).json")))
  }

  /// Counts by hand from the papers' layers.
  @Test(arguments: [
    ("lenet5", 61_706), ("smallCIFAR", 5_842), ("resnet18", 11_173_962),
    // 29·32 + 32·28, two blocks of 2·64 + 96·33 + 32·33 + 64·33 + 32·65, 64 and 330.
    ("transformer", 928 + 896 + 2 * (128 + 3168 + 1056 + 2112 + 2080) + 64 + 330),
  ])
  func `each is a network of as many parameters as it should have`(
    name: String, count: Int
  ) throws {
    let network = try Self.read(name)
    #expect(network.parameterCount == count && network.outputs == 10)
    #expect(network.parameterBlocks.map(\.name) == network.names)
  }

  @Test func `those that have a name of their own are the same layers`() throws {
    #expect(try Self.read("lenet5").layers == Network.leNet5.layers)
    #expect(try Self.read("smallCIFAR").layers == Network.smallCIFAR.layers)
    let transformer = try Network.transformer(
      rowsOf: Shape(channels: 1, height: 28, width: 28), width: 32, heads: 4)
    #expect(try Self.read("transformer").layers == transformer.layers)
  }

  /// Names and shapes as PyTorch has them, where there is PyTorch.
  @Test(.tags(.oracle), .requiresTorch) func `the tensors are those of PyTorch's modules`() throws {
    let python = try #require(PeerPython.torch)
    let modules = """
      import json, sys, torch
      from torch import nn
      class Block(nn.Module):
          def __init__(self, i, o, s):
              super().__init__()
              self.conv1, self.bn1 = nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o)
              self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
              if s != 1 or i != o:
                  self.downsample = nn.Sequential(nn.Conv2d(i, o, 1, s, bias=False), nn.BatchNorm2d(o))
      class ResNet(nn.Module):
          def __init__(self):
              super().__init__()
              self.conv1, self.bn1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64)
              for k, (i, o, s) in enumerate([(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)], 1):
                  setattr(self, f"layer{k}", nn.Sequential(Block(i, o, s), Block(o, o, 1)))
              self.fc = nn.Linear(512, 10)
      class Transformer(nn.Module):
          def __init__(self):
              super().__init__()
              self.embedding, self.position = nn.Linear(28, 32), nn.Parameter(torch.zeros(32, 28))
              layer = nn.TransformerEncoderLayer(32, 4, 64, activation="gelu", norm_first=True)
              self.encoder = nn.TransformerEncoder(layer, 2, nn.LayerNorm(32), enable_nested_tensor=False)
              self.head = nn.Linear(32, 10)
      for file, module in ("resnet18", ResNet()), ("transformer", Transformer()):
          names = set(json.load(open(f"{sys.argv[1]}/{file}.json"))["names"])
          own = dict(module.named_parameters())
          assert names == set(own), (file, names ^ set(own))
      """
    let folder = projectFolder.appending(path: "experiments/networks").path
    #expect(try PeerPython.run(python, ["-c", modules, folder]) == 0)
  }

  private static let tensors = Shape(channels: 2, height: 4, width: 4)

  private func network(names: [String]?) throws -> Network {
    try Network(
      input: Self.tensors,
      layers: [
        .residual([.convolution(channels: 2, kernel: 1, hasBias: false), .batchNorm()]),
        .flatten, .dense(outputs: 3),
      ], names: names)
  }

  @Test(arguments: [
    ["a", "b"], ["a", "b", "c", "d", "d"], ["a", "b", "c", "d", ""], ["a", "b", "c", "d", "e", "f"],
  ])
  func `names that are not one for each tensor are refused`(names: [String]) throws {
    #expect { try network(names: names) } throws: {
      "\($0)".contains("names for 5 tensors") && "\($0)".contains("0.body.0.weight [2, 2, 1, 1]")
    }
  }

  @Test func `names are part of what a network is, and are read back`() throws {
    let named = try network(names: ["c", "n.weight", "n.bias", "d.weight", "d.bias"])
    #expect(try named != network(names: nil))
    #expect(try JSONDecoder().decode(Network.self, from: JSON.encode(named)) == named)
    #expect(named.parameterBlocks[1].name == "n.weight")
  }

  /// The numbers of each tensor, with its normalization's statistics.
  private func archive(
    _ network: Network, mean: NamedTensor?, variance: NamedTensor?
  ) -> TensorArchive {
    let own = TensorArchive(
      file: "model", parameters: (0..<network.parameterCount).map { Double($0) / 8 },
      blocks: network.parameterBlocks)
    return TensorArchive(
      file: "model", tensors: own.tensors.reversed() + [mean, variance].compactMap(\.self))
  }

  @Test(arguments: [true, false])
  func `statistics come with the parameters, under the normalization's name`(isNamed: Bool) throws {
    let network = try network(
      names: isNamed ? ["c", "n.weight", "n.bias", "d.weight", "d.bias"] : nil)
    let stem = isNamed ? "n." : "0.body.1."
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "model.npz").path
      try archive(
        network, mean: NamedTensor(stem + "running_mean", [2], [0.5, -1.0]),
        variance: NamedTensor(stem + "running_var", [2], [4, 0.25])
      ).write(to: file)
      let imported = try ParameterImport(readingFrom: file, for: network)
      #expect(imported.parameters == (0..<network.parameterCount).map { Double($0) / 8 })
      let expected = Layer.batchNorm(mean: [0.5, -1], variance: [4, 0.25])
      guard case .residual(let body, _) = imported.network.layers[0] else { throw Unexpected() }
      #expect(body[1] == expected && imported.network.names == network.names)
      #expect(imported.network.statistics.map(\.name) == [stem + "running_mean", stem + "running_var"])
      // (x − mean)/√(variance + ε)·γ + β, whose sum with x the network then flattens.
      let θ = imported.parameters
      let x = (0..<32).map { Double($0 % 7) - 3 }
      let objective = try NetworkObjective(
        network: imported.network, loss: .meanSquaredError, inputs: Matrix([x]),
        targets: .values(Matrix([[0.0, 0, 0]])))
      var hidden = x
      for k in 0..<2 {
        for p in 0..<16 {
          let sum: Double = θ[2 * k] * x[p] + θ[2 * k + 1] * x[16 + p]
          let (mean, variance): (Double, Double) = k == 0 ? (0.5, 4) : (-1, 0.25)
          let unit: Double = (sum - mean) / (variance + 1e-5).squareRoot()
          hidden[16 * k + p] += θ[4 + k] * unit + θ[6 + k]
        }
      }
      var square = 0.0
      for o in 0..<3 {
        var output: Double = θ[8 + 96 + o]
        for i in 0..<32 { output += θ[8 + 32 * o + i] * hidden[i] }
        square += output * output
      }
      let expectedValue = square / 2
      #expect((objective.value(at: θ) - expectedValue).magnitude <= 1e-12 * expectedValue)
    }
  }

  @Test func `a statistic without its other, or of another shape, is refused`() throws {
    let network = try network(names: nil)
    func read(_ mean: NamedTensor?, _ variance: NamedTensor?) throws {
      try withTemporaryFolder { folder in
        let file = folder.appending(path: "model.npz").path
        try archive(network, mean: mean, variance: variance).write(to: file)
        _ = try ParameterImport(readingFrom: file, for: network)
      }
    }
    let mean = NamedTensor("0.body.1.running_mean", [2], [0.5, -1.0])
    #expect { try read(mean, nil) } throws: { "\($0)".contains("0.body.1.running_var") }
    #expect {
      try read(mean, NamedTensor("0.body.1.running_var", [3], [1.0, 1, 1]))
    } throws: { "\($0)".contains("running_var") }
    #expect {
      try read(mean, NamedTensor("0.body.1.running_var", [2], [1.0, -1]))
    } throws: { "\($0)".contains("variance -1.0") }
    #expect { try read(NamedTensor("0.body.0.running_mean", [2], [1.0, 1]), nil) } throws: { _ in true }
  }

  /// What a reader who mistypes a network is told.
  @Test(arguments: [
    (#"{"input": [1, 4, 4], "layers": {"type": "flatten"}}"#, "layers: a list in brackets"),
    (#"{"input": [1, 4, 4], "layers": ["flatten"]}"#, "layers[0]: an object in braces"),
    (#"{"input": "1x4x4", "layers": []}"#, "input: a shape is [channels, height, width]"),
    (
      #"{"input": [1, 4, 4], "layers": [{"type": "convolution", "channels": 2, "kernel": "3x3"}]}"#,
      "layers[0].kernel: give [height, width]"
    ),
    (
      #"{"input": [4], "layers": [{"type": "dense", "outputs": "3"}]}"#,
      "layers[0].outputs: a whole number"
    ),
    (#"{"input": [4], "layers": [{"type": "dense"}]}"#, "outputs"),
    (#"{"input": [4], "layers": [{"outputs": 3}]}"#, "type"),
    (#"{"input": [4], "layers": [{"type": "dense", "outputs": 3}], "names": "a"}"#, "names: a list"),
  ])
  func `an error says what was expected, and where`(text: String, words: String) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "network.json")
      try Data(text.utf8).write(to: file)
      let result = try SaddleProcess.run(
        "train", "--dataset", "synthetic", "--first", "20", "--network", file.path, "--out",
        folder.appending(path: "run").path)
      #expect(result.status == 65 && result.errors.contains(words), "\(result)")
    }
  }
}
