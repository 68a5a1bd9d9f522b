import Foundation
import Saddle
import Support
import Testing

/// Archives with the parameters 0, 1, 2, … of a network, under names of many kinds.
@Suite struct ParameterMatchingTests {
  private static let network = try! Network.dense([4, 3, 3, 2], .tanh)
  private let blocks = network.parameterBlocks
  private let θ = (0..<network.parameterCount).map(Double.init)

  /// The blocks' tensors under other names, in another order.
  private func archive(_ names: [String], order: [Int]? = nil) -> TensorArchive {
    let tensors = zip(blocks, names).map { block, name in
      NamedTensor(name, block.shape, Array(θ[block.range]))
    }
    return TensorArchive(file: "f", tensors: (order ?? Array(names.indices)).map { tensors[$0] })
  }

  private func failure(_ archive: TensorArchive) -> TensorFileError? {
    problem { () throws(TensorFileError) in
      try parameters(from: archive, blocks: blocks) as [Double]
    }
  }

  @Test func `blocks are named and laid out as in a Sequential of PyTorch`() {
    #expect(
      blocks.map(\.name)
        == ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"])
    #expect(blocks.map(\.shape) == [[3, 4], [3], [3, 3], [3], [2, 3], [2]])
    #expect(blocks.map(\.range) == [0..<12, 12..<15, 15..<24, 24..<27, 27..<33, 33..<35])
  }

  @Test func `parameters and tensors are each other's inverse, in both precisions`() throws {
    let double = TensorArchive(file: "f", parameters: θ, blocks: blocks)
    #expect(try parameters(from: double, blocks: blocks) == θ)
    let singles = θ.map { Float($0) + 0.1 }
    let single = TensorArchive(file: "f", parameters: singles, blocks: blocks)
    #expect(single.tensors.allSatisfy { $0.elementType == .float32 })
    #expect(try parameters(from: single, blocks: blocks) == singles)
    // Widened exactly, and rounded once where asked for.
    #expect(try parameters(from: single, blocks: blocks) == singles.map { Double($0) })
    let third = TensorArchive(file: "f", tensors: [NamedTensor("p", [35], θ.map { $0 / 3 })])
    #expect(try parameters(from: third, blocks: blocks) == θ.map { Float($0 / 3) })
  }

  @Test(arguments: [
    // As they are, in the alphabetical order of a safetensors file.
    (["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"], [1, 0, 3, 2, 5, 4]),
    (["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias"], nil),
    // By number, not by the alphabet: fc10 after fc9.
    (
      ["fc8.weight", "fc8.bias", "fc9.weight", "fc9.bias", "fc10.weight", "fc10.bias"],
      [5, 4, 1, 0, 3, 2]
    ),
    // The shapes leave one place for each module.
    (
      ["enter.weight", "enter.bias", "middle.weight", "middle.bias", "a.weight", "a.bias"],
      [5, 4, 1, 0, 3, 2]
    ),
    (
      [
        "net.1.fc.weight", "net.1.fc.bias", "net.2.fc.weight", "net.2.fc.bias", "net.3.fc.weight",
        "net.3.fc.bias",
      ], [3, 5, 4, 2, 0, 1]
    ),
    // NumPy without modules.
    (["arr_0", "arr_1", "arr_2", "arr_3", "arr_4", "arr_5"], nil),
    (["W1", "b1", "W2", "b2", "W3", "b3"], [5, 4, 3, 2, 1, 0]),
  ])
  func `tensors are found by name, by shape and by number, in any order`(
    names: [String], order: [Int]?
  ) throws {
    #expect(try parameters(from: archive(names, order: order), blocks: blocks) == θ)
  }

  @Test(arguments: [
    ["fc8", "fc9", "fc10"], ["net.2.fc10", "net.10.fc1", "net.10.fc2"], ["0", "3", "12"],
  ])
  func `modules of one shape come in the order of their numbers`(names: [String]) throws {
    let square = try Network.dense([3, 3, 3, 3], .tanh)
      .parameterBlocks
    let θ = (0..<36).map(Double.init)
    let tensors = zip(square, names.flatMap { [$0 + ".weight", $0 + ".bias"] }).map {
      NamedTensor($1, $0.shape, Array(θ[$0.range]))
    }
    for order in [tensors, tensors.reversed(), tensors.sorted { $0.name < $1.name }] {
      let archive = TensorArchive(file: "f", tensors: order)
      #expect(try parameters(from: archive, blocks: square) == θ)
    }
  }

  @Test func `whole numbers are no parameters, and are left out`() throws {
    let whole = archive(blocks.map(\.name)).tensors
    let counted = TensorArchive(
      file: "f", tensors: whole + [NamedTensor("1.num_batches_tracked", [], [Int64(7)])])
    #expect(try parameters(from: counted, blocks: blocks) == θ)
  }

  @Test func `names that do not say which of two equal shapes comes first are refused`() throws {
    // Two equal biases (of three units each) whose weights do not help: no modules.
    let flat = try #require(failure(archive(["W1", "first", "W2", "second", "W3", "b3"])))
    #expect(
      flat.problem
        == .ambiguousOrder(of: ["first", "second"], expected: ["0.bias", "2.bias"]))
    let square = try Network.dense([3, 3, 3], .tanh).parameterBlocks
    let named = TensorArchive(
      file: "f", parameters: θ.prefix(24).map { $0 },
      blocks: zip(square, ["down.weight", "down.bias", "up.weight", "up.bias"]).map {
        ParameterBlock(name: $1, shape: $0.shape, range: $0.range)
      })
    let error = try #require(
      problem { () throws(TensorFileError) in
        try parameters(from: named, blocks: square) as [Double]
      })
    #expect("\(error)".contains("down.bias, down.weight, up.bias, up.weight have one shape"))
    // Numbers of two names are of two counts.
    #expect(
      failure(archive(["W1", "in1", "W2", "out2", "W3", "b3"]))?.problem
        == .ambiguousOrder(of: ["in1", "out2"], expected: ["0.bias", "2.bias"]))
    // Only one module fits each place: their names do not matter.
    #expect(
      failure(archive(["fc1.weight", "fc1.bias", "a2.weight", "a2.bias", "b.weight", "b.bias"]))
        == nil)
    // 1 and 01 are one number.
    #expect(
      failure(archive(["W1", "b1", "W2", "b01", "W3", "b3"]))?.problem
        == .ambiguousOrder(of: ["b01", "b1"], expected: ["0.bias", "2.bias"]))
  }

  @Test func `a weight the other way round is called the transpose`() throws {
    let tensors = archive(blocks.map(\.name)).tensors.map { tensor in
      tensor.name == "0.weight" ? NamedTensor("0.weight", [4, 3], θ[0..<12].map { $0 }) : tensor
    }
    let error = try #require(failure(TensorArchive(file: "f", tensors: tensors)))
    #expect(error.tensor == "0.weight")
    #expect(error.problem == .shapeDiffers(expected: [3, 4], found: [4, 3]))
    #expect("\(error)".contains("transpose"))
  }

  @Test func `a shape of another architecture names both`() throws {
    let other = try Network.dense([4, 5, 3, 2], .tanh).parameterBlocks
    let count = other[other.count - 1].range.upperBound
    let named = TensorArchive(
      file: "f", parameters: [Double](repeating: 1, count: count), blocks: other)
    let error = try #require(failure(named))
    #expect(error.problem == .shapeDiffers(expected: [3, 4], found: [5, 4]))
    #expect("\(error)".contains("[5, 4]") && "\(error)".contains("[3, 4]"))

    let deeper = try Network.dense([4, 3, 3, 3, 2], .tanh)
    let more = TensorArchive(
      file: "f", parameters: [Double](repeating: 1, count: deeper.parameterCount),
      blocks: deeper.parameterBlocks)
    let text = "\(try #require(failure(more)))"
    #expect(text.contains("Expected: 0.weight [3, 4], 0.bias [3]") && text.contains("6.bias [2]"))
    #expect("\(try #require(failure(TensorArchive(file: "f", tensors: []))))".contains("none"))
  }

  @Test func `a bias that is missing is named, with what to do`() throws {
    let all = archive(["a1.weight", "a1.bias", "a2.weight", "a2.bias", "a3.weight", "a3.bias"])
    let none = TensorArchive(
      file: "f", tensors: all.tensors.filter { !$0.name.hasSuffix("bias") })
    let error = try #require(failure(none))
    #expect(error.tensor == "0.bias" && error.problem == .biasMissing(shape: [3]))
    #expect("\(error)".contains("bias=False"))
    let one = TensorArchive(
      file: "f", tensors: archive(blocks.map(\.name)).tensors.filter { $0.name != "4.bias" })
    #expect(failure(one)?.tensor == "4.bias")
    #expect(failure(one)?.problem == .biasMissing(shape: [2]))
  }

  @Test func `a flat vector is taken as it is, and another length is refused`() throws {
    func flat(_ values: [Double]) -> TensorArchive {
      TensorArchive(file: "f", tensors: [NamedTensor("array", [values.count], values)])
    }
    #expect(try parameters(from: flat(θ), blocks: blocks) == θ)
    #expect(
      failure(flat(θ + [1]))?.problem == .flatLengthDiffers(expected: 35, found: 36))
    // A network whose only parameter is a vector: by its shape, whatever it is called.
    let single = [ParameterBlock(name: "scale", shape: [3], range: 0..<3)]
    #expect(try parameters(from: flat([1, 2, 3]), blocks: single) == [1.0, 2, 3])
    let table = TensorArchive(file: "f", tensors: [NamedTensor("array", [5, 7], θ)])
    #expect(failure(table) != nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a parameter that is not finite is refused by tensor and place`(value: Double) throws {
    var changed = θ
    changed[26] = value
    let error = try #require(
      failure(TensorArchive(file: "f", parameters: changed, blocks: blocks)))
    #expect(error.tensor == "2.bias")
    #expect(error.problem == .notFinite(index: 2, value: "\(value)"))
  }

  @Test func `a double beyond single precision is not finite there`() throws {
    let archive = TensorArchive(
      file: "f", parameters: θ.map { _ in 1e300 }, blocks: blocks)
    let error = problem { () throws(TensorFileError) in
      try parameters(from: archive, blocks: blocks) as [Float]
    }
    #expect(error?.problem == .notFinite(index: 0, value: "inf"))
  }
}
