/// Single parameters that change nothing whatever all others are.
struct UnseenParameters: Equatable, Sendable {
  /// The theorem, in words.
  let name: String
  let reason: String
  let coordinates: [Int]

  var part: StructuralNullSpace.Part {
    StructuralNullSpace.Part(
      name: name, count: coordinates.count, reason: reason, isExact: true)
  }

  /// Those that are unseen by both.
  func adding(_ other: UnseenParameters) -> UnseenParameters {
    let both = Set(other.coordinates)
    return UnseenParameters(
      name: name, reason: reason, coordinates: coordinates.filter(both.contains))
  }
}

extension NetworkProgram {
  /// The biases of attention's keys, which add the same to all of a query's scores; and the rows of an
  /// embedding's table whose tokens no sample has.
  func unseenParameters<T: Scalar>(inputs: Matrix<T>) -> [UnseenParameters] {
    var keys: [Int] = []
    var rows: [Int] = []
    for step in steps {
      switch step.operation {
      case .map(let map):
        guard let attention = map as? Attention, uses[step.source] == 1,
          let before = steps.first(where: { $0.target == step.source }),
          case .affine(let joined) = before.operation, let biases = joined.biases,
          // A dependence of the data may take a bias on the data in already.
          varies[before.source]
        else { continue }
        let first = biases.lowerBound + attention.channels
        keys += first..<first + attention.channels
      case .lookup(let lookup):
        let present = Set(inputs.elements.map { Int($0) })
        for token in 0..<lookup.tokens where !present.contains(token) {
          let start = lookup.table.lowerBound + token * lookup.channels
          rows += start..<start + lookup.channels
        }
      default: continue
      }
    }
    return [
      UnseenParameters(
        name: "key biases of attention", reason: "softmax of scores that all grow alike",
        coordinates: keys),
      UnseenParameters(
        name: "rows of tokens that no sample has", reason: "the embedding's table",
        coordinates: rows),
    ]
  }
}
