import Threads

/// What a program says of itself where it answers an init.
public struct ProgramTraits: Sendable, Equatable {
  /// What it computes in, where it says so.
  public var precision: OptimizerPrecision?
  /// Whether, and how, it wants to be told of tensors.
  public var tensors: ProgramTensors?

  public init(precision: OptimizerPrecision? = nil, tensors: ProgramTensors? = nil) {
    self.precision = precision
    self.tensors = tensors
  }
}

/// How the parameters are cut into tensors for a program that keeps them so.
public enum ProgramTensors: Sendable, Equatable {
  /// 1, 3, 7, 15, …: no two of a size, none of a whole number of a processor's lanes.
  case growing
  /// The program's own sizes, in turn.
  case sizes([Int])

  /// Sizes that sum to `dimension`: the last is what is left.
  public func sizes(dimension: Int) -> [Int] {
    var sizes: [Int] = []
    var left = dimension
    while left > 0 {
      sizes.append(min(left, size(at: sizes.count)))
      left -= sizes[sizes.count - 1]
    }
    return sizes
  }

  private func size(at place: Int) -> Int {
    switch self {
    // Past 30 doublings no dimension is left to be cut.
    case .growing: (2 << min(place, 30)) - 1
    case .sizes(let sizes): sizes.isEmpty ? .max : max(1, sizes[place % sizes.count])
    }
  }
}

/// `true` or a list of sizes; `false` is as good as nothing.
struct TensorWish: Decodable {
  let tensors: ProgramTensors?

  init(from decoder: any Decoder) throws {
    let box = try decoder.singleValueContainer()
    if let isWanted = try? box.decode(Bool.self) {
      tensors = isWanted ? .growing : nil
      return
    }
    let sizes = try box.decode([Int].self)
    guard !sizes.isEmpty, sizes.allSatisfy({ $0 > 0 }) else {
      throw DecodingError.dataCorruptedError(
        in: box, debugDescription: "sizes are positive, and there is one at least")
    }
    tensors = .sizes(sizes)
  }
}

/// What the processes of one program have said of themselves: the first to speak does for all.
final class SharedTraits: Sendable {
  private let known = Mutex<ProgramTraits?>(nil)

  var value: ProgramTraits? { known.withLock { $0 } }

  func learn(_ traits: ProgramTraits) { known.withLock { $0 = $0 ?? traits } }
}
