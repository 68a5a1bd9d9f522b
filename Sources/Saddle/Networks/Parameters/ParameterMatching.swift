/// Which tensor of an archive belongs in which block.
struct ParameterMatching {
  private let file: String
  /// The archive's floating-point tensors.
  private let candidates: [NamedTensor]
  private let blocks: [ParameterBlock]

  init(_ archive: TensorArchive, _ blocks: [ParameterBlock]) {
    file = archive.file
    candidates = archive.tensors.filter {
      if case .integer = $0.values { false } else { true }
    }
    self.blocks = blocks
  }

  /// Every tensor with its place in the flat vector.
  func tensors() throws(TensorFileError) -> [(Range<Int>, NamedTensor)] {
    let names = Dictionary(uniqueKeysWithValues: candidates.map { ($0.name, $0) })
    let isNamed = blocks.allSatisfy { names[$0.name] != nil }
    if candidates.count == 1, !isNamed || blocks.count > 1, candidates[0].shape.count == 1 {
      return [(try flat(candidates[0]), candidates[0])]
    }
    guard candidates.count == blocks.count else { throw unmatched() }
    guard isNamed else { return try byModules() }
    var found: [(Range<Int>, NamedTensor)] = []
    for block in blocks {
      guard let tensor = names[block.name] else { throw unmatched() }
      // An affine map of channels is a convolution of 1 × 1: the same numbers in the same order.
      guard tensor.shape.filter({ $0 != 1 }) == block.shape.filter({ $0 != 1 }) else {
        throw TensorFileError(
          file: file, tensor: tensor.name,
          problem: .shapeDiffers(expected: block.shape, found: tensor.shape))
      }
      found.append((block.range, tensor))
    }
    return found
  }

  private func flat(_ tensor: NamedTensor) throws(TensorFileError) -> Range<Int> {
    let count = blocks.reduce(0) { $0 + $1.range.count }
    guard tensor.values.count == count else {
      throw TensorFileError(
        file: file, tensor: tensor.name,
        problem: .flatLengthDiffers(expected: count, found: tensor.values.count))
    }
    return 0..<count
  }

  /// The names and shapes of both sides, or the bias that is missing where that is all.
  private func unmatched() -> TensorFileError {
    let found = Dictionary(uniqueKeysWithValues: candidates.map { ($0.name, $0.shape) })
    // A network without biases has every other tensor in its place.
    let withoutBiases = blocks.filter { !$0.name.hasSuffix(".bias") }
    let isBiasless =
      candidates.count < blocks.count && found.allSatisfy { !$0.key.hasSuffix("bias") }
      && withoutBiases.map(\.shape).sorted(by: { $0.lexicographicallyPrecedes($1) })
        == candidates.map(\.shape).sorted(by: { $0.lexicographicallyPrecedes($1) })
    let missing = blocks.filter { found[$0.name] == nil }
    let isOneBias =
      missing.allSatisfy { $0.name.hasSuffix(".bias") }
      && candidates.count + missing.count == blocks.count
    if isBiasless || isOneBias,
      let bias = blocks.first(where: {
        $0.name.hasSuffix(".bias") && found[$0.name] == nil
      })
    {
      return TensorFileError(
        file: file, tensor: bias.name, problem: .biasMissing(shape: bias.shape))
    }
    return TensorFileError(
      file: file,
      problem: .doesNotMatch(
        expected: blocks.map(\.label), found: candidates.map(\.label)))
  }

  /// The tensors or blocks whose names have the same beginning, by the rest of their names.
  private struct Module<Member> {
    let name: ModuleName
    var members: [String: Member]
  }

  private static func modules<Member>(
    _ members: [(name: String, member: Member)]
  ) -> [Module<Member>] {
    var order: [String] = []
    var modules: [String: Module<Member>] = [:]
    for (name, member) in members {
      let (stem, leaf): (String, String)
      if let dot = name.lastIndex(of: ".") {
        (stem, leaf) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
      } else {
        // Names without dots have no modules: each tensor for itself, known by its shape.
        (stem, leaf) = (name, "")
      }
      if modules[stem] == nil {
        order.append(stem)
        modules[stem] = Module(name: ModuleName(stem), members: [:])
      }
      modules[stem]?.members[leaf] = member
    }
    return order.compactMap { modules[$0] }
  }

  private func byModules() throws(TensorFileError) -> [(Range<Int>, NamedTensor)] {
    let found = Self.modules(candidates.map { ($0.name, $0) })
    // Where the file has no modules, neither have the blocks: only shapes are held together.
    let isFlat = candidates.allSatisfy { !$0.name.contains(".") }
    let expected = Self.modules(
      blocks.map { (isFlat ? $0.name.replacing(".", with: "/") : $0.name, $0) })
    let foundBySignature = Dictionary(grouping: found.indices) {
      found[$0].members.mapValues(\.shape)
    }
    let expectedBySignature = Dictionary(grouping: expected.indices) {
      expected[$0].members.mapValues(\.shape)
    }
    guard foundBySignature.mapValues(\.count) == expectedBySignature.mapValues(\.count) else {
      throw unmatched()
    }
    var matched: [(Range<Int>, NamedTensor)] = []
    for (signature, places) in expectedBySignature {
      let modules = (foundBySignature[signature] ?? []).map { found[$0] }
        .sorted { $0.name.numbers.lexicographicallyPrecedes($1.name.numbers) }
      guard Set(modules.map(\.name.pattern)).count == 1,
        Set(modules.map(\.name.numbers)).count == modules.count
      else {
        throw TensorFileError(
          file: file,
          problem: .ambiguousOrder(
            of: modules.flatMap { $0.members.values.map(\.name) }.sorted(),
            expected: places.flatMap { expected[$0].members.values.map(\.name) }.sorted()))
      }
      for (place, module) in zip(places, modules) {
        for (leaf, block) in expected[place].members {
          if let tensor = module.members[leaf] { matched.append((block.range, tensor)) }
        }
      }
    }
    return matched
  }
}

/// A name taken apart into its numbers and the rest.
struct ModuleName: Hashable {
  /// The name with "#" for each number.
  let pattern: String
  let numbers: [Int]

  init(_ name: String) {
    numbers = name.matches(of: #/[0-9]+/#).map { Int($0.output) ?? .max }
    pattern = name.replacing(#/[0-9]+/#, with: "#")
  }
}
