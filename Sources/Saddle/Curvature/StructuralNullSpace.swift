/// The directions in parameter space along which a network's loss is constant whatever θ is, known
/// before any eigenvalue is computed.
///
/// - Constant inputs: a feature with one value c in all samples (a dead pixel, c = 0) acts like a
///   bias: w_{ij} + t, b_i − c·t changes nothing. One direction per such feature and unit of the
///   first layer.
/// - Softmax shift: the same vector added to every row of the last layer shifts all logits of a
///   sample alike. Fan-in + 1 directions, for softmax cross-entropy only.
///
/// The Hessian's zeros along them say nothing about the point that training found.
public struct StructuralNullSpace: Equatable, Sendable {
  /// The features that have one value in all samples, ascending.
  public let constantInputs: [Int]
  /// Whether the loss ignores a shift of all logits.
  public let hasSoftmaxShift: Bool
  let constants: [Double]
  let layers: [DenseLayer]

  public init<T: Scalar>(of objective: NetworkObjective<T>) {
    layers = objective.network.layers
    hasSoftmaxShift = objective.loss == .softmaxCrossEntropy
    let inputs = objective.inputs
    let isConstant = constantColumns(inputs.elements.span, columns: inputs.columns)
    constantInputs = isConstant.indices.filter { isConstant[$0] }
    constants = constantInputs.map { Double(inputs.elements[$0]) }
  }

  /// The number of independent directions.
  public var dimension: Int {
    var count = constantInputs.count * layers[0].outputs
    if hasSoftmaxShift {
      count += layers[layers.count - 1].inputs + 1
      // In a single layer, shifting a constant input's weights is a sum of the directions above.
      if layers.count == 1 { count -= constantInputs.count }
    }
    return count
  }

  /// A basis, one direction a row (dimension × P); independent, not orthogonal.
  public func basis<T: Scalar>(_: T.Type = T.self) -> Matrix<T> {
    let order = layers[layers.count - 1].biases.upperBound
    var elements: [T] = []
    func append(_ entries: [(at: Int, value: T)]) {
      var row = [T](repeating: 0, count: order)
      for entry in entries { row[entry.at] = entry.value }
      elements += row
    }
    let first = layers[0]
    for (feature, constant) in zip(constantInputs, constants) {
      for i in 0..<first.outputs {
        append([
          (first.weights.lowerBound + i * first.inputs + feature, 1),
          (first.biases.lowerBound + i, -T(constant)),
        ])
      }
    }
    if hasSoftmaxShift {
      let last = layers[layers.count - 1]
      let skipped = layers.count == 1 ? Set(constantInputs) : []
      for j in 0..<last.inputs where !skipped.contains(j) {
        append((0..<last.outputs).map { (last.weights.lowerBound + $0 * last.inputs + j, 1) })
      }
      append(last.biases.map { ($0, 1) })
    }
    return Matrix(rows: elements.count / order, columns: order, elements: elements)
  }
}

/// For each column of a row-major matrix, whether all its elements are equal.
@specialized(where T == Float)
@specialized(where T == Double)
private func constantColumns<T: Scalar>(_ matrix: Span<T>, columns: Int) -> [Bool] {
  var result = [Bool](repeating: true, count: columns)
  var candidates = Array(0..<columns)
  var row = columns
  while row < matrix.count, !candidates.isEmpty {
    var changed = false
    for j in candidates where matrix[row + j] != matrix[j] {
      result[j] = false
      changed = true
    }
    // Most columns drop out within a few rows, so the rest is cheap.
    if changed { candidates.removeAll { !result[$0] } }
    row += columns
  }
  return result
}
