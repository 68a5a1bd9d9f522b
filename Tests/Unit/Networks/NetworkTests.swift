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

  @Test func `a fan counts the kernel's elements, and normalizations start as the identity`() throws
  {
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
}
