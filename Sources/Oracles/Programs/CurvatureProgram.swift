import Dialogue

extension CurvatureImplementation {
  /// A program's products.
  ///
  /// - Throws: `OracleError.invalidArgument` where it offers no problems, or no kind that is known.
  public init(_ tool: ToolProgram) throws(OracleError) {
    guard tool.offers("problem"), tool.offers("product") else {
      throw .invalidArgument(message: "the program does not offer 'problem' and 'product'")
    }
    let kinds = Set((tool.description.kinds ?? []).compactMap(CurvatureProblem.Kind.init(rawValue:)))
    guard !kinds.isEmpty else {
      throw .invalidArgument(message: "the program has no 'kinds' that are known")
    }
    self.init(kinds: kinds) { problem, kind, vectors in
      do {
        // Each time anew: what a program keeps of an earlier problem is then found.
        try tool.ask(problem.request) { _ in }
        let shape = [vectors.count, problem.dimension]
        let request = Request(
          "product", ["kind": ProgramMessage.json(kind.rawValue)],
          arrays: [MessageArray("vectors", shape, vectors.flatMap { $0 })])
        return rows(try tool.numbers(request, "products", shape), problem.dimension)
      } catch let error as ProgramError where error.isUnsupported {
        return nil
      }
    }
  }
}

extension CurvatureProblem {
  /// The problem as docs/protocol.md has it.
  fileprivate var request: Request {
    var layers: [String] = []
    for width in network.widths.dropFirst() {
      layers.append("{\"type\":\"dense\",\"outputs\":\(width)}")
      layers.append("{\"type\":\"activation\",\"function\":\"\(network.activation.rawValue)\"}")
    }
    let count = network.inputs.count
    var arrays = [
      MessageArray("inputs", [count, network.widths[0]], network.inputs.flatMap { $0 }),
      MessageArray("parameters", [dimension], parameters),
    ]
    let labels = network.targets.compactMap { target -> Int64? in
      if case .label(let label) = target { Int64(label) } else { nil }
    }
    if labels.count == count {
      arrays.append(MessageArray("labels", [count], labels))
    } else {
      let outputs = network.widths[network.widths.count - 1]
      let values = network.targets.flatMap { target in (0..<outputs).map { target[$0] } }
      arrays.append(MessageArray("targets", [count, outputs], values))
    }
    return Request(
      "problem",
      [
        "network":
          "{\"input\":[\(network.widths[0])],\"layers\":[\(layers.dropLast().joined(separator: ","))]}",
        "loss": ProgramMessage.json(network.loss.rawValue),
        "weightDecay": ProgramMessage.json(network.weightDecay),
        "batches": "[\(batches.map { "\($0)" }.joined(separator: ","))]",
      ], arrays: arrays)
  }
}
