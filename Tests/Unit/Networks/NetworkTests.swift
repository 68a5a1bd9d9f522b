import Foundation
import Saddle
import Support
import Testing

@Suite struct NetworkTests {
  private let image = Shape(channels: 2, height: 6, width: 5)

  @Test func `LeNet-5 has the shapes and the parameters that PyTorch's has`() throws {
    let network = try Network.leNet5
    #expect(network.parameterCount == 61_706)
    #expect(
      network.placed.map(\.output.description) == [
        "6 × 28 × 28", "6 × 28 × 28", "6 × 14 × 14", "16 × 10 × 10", "16 × 10 × 10", "16 × 5 × 5",
        "400", "120", "120", "84", "84", "10",
      ])
    let blocks = network.parameterBlocks
    #expect(
      blocks.map(\.name) == [
        "0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias", "9.weight", "9.bias",
        "11.weight", "11.bias",
      ])
    #expect(blocks[2].shape == [16, 6, 5, 5])
    #expect(blocks[2].range == 156..<156 + 2400)
    #expect(blocks.map(\.range.lowerBound) == [0] + blocks.dropLast().map(\.range.upperBound))
    #expect(blocks.allSatisfy { $0.shape.reduce(1, *) == $0.range.count })
  }

  @Test func `the small network for CIFAR-10 allows an exact Hessian`() throws {
    let network = try Network.smallCIFAR
    #expect(network.inputs == 3072 && network.outputs == 10)
    #expect(network.parameterCount == 8 * 27 + 8 + 16 * 72 + 16 + 24 * 144 + 24 + 960 + 10)
    #expect(network.parameterCount < 10_000)
  }

  @Test func `a residual's layers are named within it, the body before the shortcut`() throws {
    let network = try Network(
      input: image,
      layers: [
        .residual(
          [.convolution(channels: 3, kernel: 3, stride: 2, padding: 1), .batchNorm()],
          shortcut: [.convolution(channels: 3, kernel: 1, stride: 2, hasBias: false)]),
        .flatten, .dense(outputs: 2, hasBias: false),
      ])
    #expect(
      network.parameterBlocks.map(\.name) == [
        "0.body.0.weight", "0.body.0.bias", "0.body.1.weight", "0.body.1.bias",
        "0.shortcut.0.weight", "2.weight",
      ])
    #expect(network.placed[0].output == Shape(channels: 3, height: 3, width: 3))
    #expect(network.parameterCount == 54 + 3 + 3 + 3 + 6 + 54)
  }

  @Test(arguments: try [Network.leNet5, .smallCIFAR])
  func `a network is what its encoding says`(network: Network) throws {
    let data = try JSON.encode(network)
    #expect(try JSONDecoder().decode(Network.self, from: data) == network)
  }

  @Test func `every layer keeps all that it is in its encoding`() throws {
    let network = try Network(
      input: image,
      layers: [
        .convolution(
          channels: 3, kernel: Extent(3, 2), stride: Extent(1, 2), padding: Extent(2, 1),
          hasBias: false),
        .batchNorm(epsilon: 0.01, mean: [1, 2, 3], variance: [0.5, 1, 2]), .activation(.gelu),
        .residual([.averagePool(size: Extent(1, 1), stride: 1)], shortcut: [.batchNorm()]),
        .maxPool(size: Extent(2, 1), stride: Extent(1, 2)), .flatten,
        .dense(outputs: 4, hasBias: false),
      ])
    let data = try JSON.encode(network)
    #expect(try JSONDecoder().decode(Network.self, from: data) == network)
  }

  private func decode(_ layers: String) throws -> Network {
    try JSONDecoder().decode(
      Network.self, from: Data(#"{"input": [2, 6, 5], "layers": [\#(layers)]}"#.utf8))
  }

  @Test func `an encoding may leave out what is usual`() throws {
    let network = try decode(
      #"""
      {"type": "convolution", "channels": 4, "kernel": [3, 3]},
      {"type": "activation", "function": "tanh"}, {"type": "maxPool", "size": 2},
      {"type": "flatten"}, {"type": "dense", "outputs": 3}
      """#)
    let expected = try Network(
      input: image,
      layers: [
        .convolution(channels: 4, kernel: 3), .activation(.tanh), .maxPool(size: 2, stride: 2),
        .flatten, .dense(outputs: 3),
      ])
    #expect(network == expected)
  }

  @Test(
    arguments: [
      (#"{"type": "convolution", "channels": 4, "kernel": 3, "strides": 2}"#, "strides"),
      (#"{"type": "konvolution"}"#, "konvolution"),
      (#"{"type": "convolution", "channels": 4, "kernel": [1, 2, 3]}"#, "[1, 2, 3]"),
      (#"{"type": "flatten", "size": 2}"#, "size"),
    ])
  func `an encoding with what no layer has is refused by its name`(
    text: String, name: String
  ) throws {
    #expect {
      try decode(text)
    } throws: {
      guard case .dataCorrupted(let context) = $0 as? DecodingError else { return false }
      return context.debugDescription.contains(name)
    }
  }

  private static let faults: [([Layer], String, LayerFault)] = [
    ([.convolution(channels: 0, kernel: 3)], "0", .notPositive("channels", 0)),
    ([.convolution(channels: 1, kernel: 3, stride: 0)], "0", .notPositive("stride", 0)),
    ([.convolution(channels: 1, kernel: 0)], "0", .notPositive("window", 0)),
    (
      [.convolution(channels: 1, kernel: 3, padding: Extent(0, -1))], "0",
      .negativePadding(Extent(0, -1))
    ),
    (
      [.activation(.tanh), .convolution(channels: 1, kernel: 7)], "1",
      .windowTooLarge(7, padded: 6)
    ),
    ([.maxPool(size: Extent(2, 6), stride: 1)], "0", .windowTooLarge(6, padded: 5)),
    ([.averagePool(size: 2, stride: Extent(1, 0))], "0", .notPositive("stride", 0)),
    ([.dense(outputs: 3)], "0", .needsVector),
    ([.flatten, .dense(outputs: -1)], "1", .notPositive("outputs", -1)),
    ([.batchNorm(mean: [1])], "0", .statisticsCount("means", 1, channels: 2)),
    ([.batchNorm(variance: [1, -1])], "0", .invalidStatistics("variance -1.0 with epsilon 1e-05")),
    (
      [.batchNorm(epsilon: 0, variance: [0, 1])], "0",
      .invalidStatistics("variance 0.0 with epsilon 0.0")
    ),
    ([.batchNorm(epsilon: .nan)], "0", .invalidStatistics("epsilon nan")),
    (
      [.flatten, .residual([.dense(outputs: 3)])], "1",
      .branchesDisagree(Shape(channels: 3), Shape(channels: 60))
    ),
    (
      [.residual([.activation(.relu), .dense(outputs: 3)])], "0.body.1", .needsVector
    ),
    (
      [.residual([], shortcut: [.maxPool(size: 9, stride: 1)])], "0.shortcut.0",
      .windowTooLarge(9, padded: 6)
    ),
    ([.convolution(channels: .max, kernel: 1)], "0", .tooManyActivations),
    ([.convolution(channels: 2, kernel: 1, padding: .init(.max, 0))], "0", .tooManyActivations),
    ([.flatten, .dense(outputs: 40_000), .dense(outputs: 60_000)], "2", .tooManyParameters),
  ]

  @Test(arguments: faults.indices)
  func `a layer that does not fit is named, with its shape and what to do`(index: Int) throws {
    let (layers, number, fault) = Self.faults[index]
    #expect {
      try Network(input: image, layers: layers)
    } throws: { error in
      guard case .invalidLayer(number, _, _, fault) = error as? ModelError else { return false }
      return "\(error)".hasPrefix("layer \(number), ") && "\(error)".hasSuffix("\(fault)")
    }
  }

  @Test func `networks without input, parameters or a vector at the end are refused`() {
    let none = Shape(channels: 1, height: 0, width: 3)
    #expect(throws: ModelError.invalidInput(none)) {
      try Network(input: none, layers: [.flatten])
    }
    let huge = Shape(channels: .max, height: 2, width: 3)
    #expect(throws: ModelError.invalidInput(huge)) {
      try Network(input: huge, layers: [.flatten])
    }
    #expect(throws: ModelError.noParameters) {
      try Network(input: image, layers: [.flatten])
    }
    #expect(throws: ModelError.outputIsNoVector(Shape(channels: 1, height: 6, width: 5))) {
      try Network(input: image, layers: [.convolution(channels: 1, kernel: 1)])
    }
  }

  @Test func `a description can be read`() throws {
    #expect(
      try Network(
        input: image,
        layers: [
          .convolution(channels: 3, kernel: 3, padding: 1),
          .residual([.activation(.relu)]), .maxPool(size: 2, stride: 1), .flatten,
          .dense(outputs: 2, hasBias: false),
        ]
      ).description
        == "2 × 6 × 5: convolution 3 @ 3 × 3, padding 1 × 1, residual(relu + x), maxPool 2 × 2, "
        + "stride 1 × 1, flatten, dense 2 without bias")
  }

  @Test func `a fan counts the kernel's elements, and normalizations start as the identity`() throws {
    let network = try Network(
      input: Shape(channels: 8, height: 6, width: 6),
      layers: [
        .convolution(channels: 12, kernel: Extent(5, 3)), .batchNorm(), .flatten,
        .dense(outputs: 2),
      ])
    var generator = RandomStream(seed: 4, name: "init")
    let θ: [Double] = network.initialParameters(.glorotUniform, using: &generator)
    let blocks = network.parameterBlocks
    let weights = θ[blocks[0].range]
    // Uniform on ±√(6/(8·15 + 12·15)); of 1440 draws the largest is nearly there.
    let bound = (6.0 / 300).squareRoot()
    let largest = weights.map(\.magnitude).max() ?? 0
    #expect(largest <= bound && largest > 0.98 * bound)
    #expect(θ[blocks[1].range].allSatisfy { $0 == 0 })
    #expect(θ[blocks[2].range].allSatisfy { $0 == 1 })
    #expect(θ[blocks[3].range].allSatisfy { $0 == 0 })
  }

  @Test func `attention's parameters are called as PyTorch calls them`() throws {
    let network = try Network(
      input: Shape(channels: 4, height: 3),
      layers: [
        .offset, .residual([.layerNorm(), .attention(heads: 2)]), .groupNorm(groups: 2), .flatten,
      ])
    #expect(
      network.parameterBlocks.map { "\($0.name) \($0.shape)" } == [
        "0.bias [4, 3]", "1.body.0.weight [4]", "1.body.0.bias [4]",
        "1.body.1.in_proj_weight [12, 4]", "1.body.1.in_proj_bias [12]",
        "1.body.1.out_proj.weight [4, 4]", "1.body.1.out_proj.bias [4]", "2.weight [4]",
        "2.bias [4]",
      ])
    var generator = RandomStream(seed: 1)
    let start: [Double] = network.initialParameters(using: &generator)
    for block in network.parameterBlocks {
      let values = start[block.range]
      let isScale = block.shape == [4] && block.name.hasSuffix(".weight")
      #expect(
        block.name.hasSuffix("bias")
          ? values.allSatisfy { $0 == 0 }
          : isScale ? values.allSatisfy { $0 == 1 } : values.allSatisfy { $0 != 0 && $0 < 1 },
        "\(block.name)")
    }
  }

  @Test func `an embedding takes tokens, and first of all`() throws {
    let layers: [Layer] = [.embedding(tokens: 3, channels: 2), .flatten]
    let network = try Network(input: Shape(channels: 2), layers: layers)
    #expect(network.outputs == 4 && network.parameterBlocks.map(\.shape) == [[3, 2]])
    func objective(_ rows: [[Double]]) throws -> NetworkObjective<Double> {
      try NetworkObjective(
        network: network, loss: .meanSquaredError, inputs: Matrix(rows),
        targets: .values(Matrix(rows: rows.count, columns: 4)))
    }
    // ½‖(1, 5, 2, 6)‖²: rows 0 and 1 of the table.
    let one = try objective([[0, 1]])
    #expect(one.value(at: [1, 2, 5, 6, 3, 7]) == 33)
    #expect(one.gradient(at: [1, 2, 5, 6, 3, 7]).gradient == [1, 2, 5, 6, 0, 0])
    for (wrong, at) in [(3.0, 1), (0.5, 0), (-1, 1)] {
      var row = [0.0, 1]
      row[at] = wrong
      #expect(throws: ObjectiveError.noToken(wrong, sample: 1, feature: at, tokens: 3)) {
        try objective([[0, 1], row])
      }
    }
    let late = Layer.embedding(tokens: 3, channels: 2)
    #expect(
      throws: ModelError.invalidLayer(
        number: "1", layer: late, input: Shape(channels: 2), fault: .needsTokens)
    ) {
      try Network(input: Shape(channels: 2), layers: [.dense(outputs: 2), late, .flatten])
    }
  }

  @Test func `heads and groups that do not divide the channels are refused`() {
    let image = Shape(channels: 4, height: 2, width: 2)
    for (layer, what, count) in [
      (Layer.attention(heads: 3), "heads", 3), (.groupNorm(groups: 8), "groups", 8),
    ] {
      #expect(
        throws: ModelError.invalidLayer(
          number: "0", layer: layer, input: image,
          fault: .doesNotDivide(what, count, channels: 4))
      ) { try Network(input: image, layers: [layer, .flatten]) }
    }
    #expect(
      throws: ModelError.invalidLayer(
        number: "0", layer: .attention(heads: 0), input: image, fault: .notPositive("heads", 0))
    ) { try Network(input: image, layers: [.attention(heads: 0), .flatten]) }
  }

  @Test func `a transformer is what its encoding says`() throws {
    let network = try Network.transformer(
      rowsOf: Shape(channels: 1, height: 28, width: 28), width: 8, heads: 4)
    let data = try JSONEncoder().encode(network)
    #expect(try JSONDecoder().decode(Network.self, from: data) == network)
  }
}
