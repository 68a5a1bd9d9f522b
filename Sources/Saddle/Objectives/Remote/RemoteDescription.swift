/// What a program says of its objective: docs/protocol.md.
public struct RemoteDescription: Codable, Equatable, Sendable {
  public struct Block: Codable, Equatable, Sendable {
    public let name: String
    public let shape: [Int]

    /// nil where it is beyond an Int.
    fileprivate var size: Int? {
      shape.reduce(Int?(1)) { product, length in product.flatMap { MemoryBudget.bytes($0, length) } }
    }
  }

  public enum Precision: String, Codable, Sendable {
    case float32, float64
  }

  /// "objective".
  public let `is`: String
  public let name: String?
  /// P.
  public let parameters: Int
  /// N, where it has samples.
  public let samples: Int?
  public let dtype: Precision?
  public let blocks: [Block]?
  public let weightDecay: Double?
  /// Whether it is twice differentiable everywhere.
  public let smooth: Bool?
  public let offers: [String]
  public let kinds: [String]?
  /// Sentences to be shown with the figures.
  public let remarks: [String]?
  /// Why no figures should be taken of it, in its own words.
  public let objections: [String]?

  /// - Throws: `RemoteError`: what does not fit together; `MemoryError` for more parameters than fit.
  package func check() throws {
    try consistent()
    // Before anything is computed from it: θ, a gradient, a few vectors and their products.
    try MemoryBudget.require(
      MemoryBudget.bytes(parameters, 16, MemoryLayout<Double>.stride),
      for: "an objective of \(parameters) parameters")
  }

  private func consistent() throws(RemoteError) {
    guard self.is == "objective" else { throw .isSomethingElse(self.is) }
    guard parameters > 0 else { throw .contradiction("it has \(parameters) parameters") }
    if let decay = weightDecay, !(decay >= 0 && decay.isFinite) {
      throw .contradiction("its weight decay is \(decay)")
    }
    if let samples, samples < 1 { throw .contradiction("it has \(samples) samples") }
    for block in blocks ?? [] where block.shape.contains(where: { $0 < 0 }) {
      throw .contradiction("block \(block.name) has the shape \(block.shape)")
    }
    if let blocks {
      let sum = blocks.reduce(Int?(0)) { sum, block in
        guard let sum, let size = block.size else { return nil }
        let (total, overflows) = sum.addingReportingOverflow(size)
        return overflows ? nil : total
      }
      guard sum == parameters else {
        throw .contradiction(
          "its blocks have \(sum.map { "\($0)" } ?? "too many") parameters, all of it \(parameters)")
      }
    }
    for verb in ["value", "gradient", "product"] where !offers.contains(verb) {
      throw .offersNo(verb)
    }
  }
}

/// Why a program is no objective that can be analyzed.
public enum RemoteError: Error, Equatable, CustomStringConvertible {
  case isSomethingElse(String)
  case contradiction(String)
  case offersNo(String)
  case kind(String, offered: [String])
  case parameterCount(found: Int, needed: Int)

  public var description: String {
    switch self {
    case .isSomethingElse(let what):
      "the program says that it is '\(what)': an objective is needed (docs/protocol.md)"
    case .contradiction(let what): "what the program says of itself cannot be: \(what)"
    case .offersNo(let verb):
      "the program does not offer '\(verb)': value, gradient and product are needed"
    case .kind(let kind, let offered):
      "the program has no products of '\(kind)'; it has \(offered.joined(separator: ", "))"
    case .parameterCount(let found, let needed):
      "\(found) numbers for the \(needed) parameters of the program's objective"
    }
  }
}
