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
  /// The layer that meets the inputs, where that is a dense one, and the one that gives the
  /// outputs; one layer may be both.
  let first, last: DenseLayer?
  let order: Int

  /// - Parameter objective: of one of this library's networks; of another objective, nothing is
  ///   known.
  public init<Objective: SampledObjective>(of objective: Objective) {
    order = objective.dimension
    var inputs = Matrix<Objective.Element>(rows: 0, columns: 0)
    if let objective = objective as? NetworkObjective<Objective.Element> {
      let layers = objective.network.layers
      (first, last) = (layers[0], layers[layers.count - 1])
      hasSoftmaxShift = objective.loss == .softmaxCrossEntropy
      inputs = objective.inputs
    } else if let objective = objective as? LayeredObjective<Objective.Element> {
      (first, last) = (objective.network.firstDense, objective.network.lastDense)
      hasSoftmaxShift = last != nil && objective.loss == .softmaxCrossEntropy
      inputs = objective.inputs
    } else {
      (first, last) = (nil, nil)
      hasSoftmaxShift = false
    }
    guard first != nil else {
      (constantInputs, constants) = ([], [])
      return
    }
    let isConstant = constantColumns(inputs.elements.span, columns: inputs.columns)
    constantInputs = isConstant.indices.filter { isConstant[$0] }
    constants = constantInputs.map { Double(inputs.elements[$0]) }
  }

  /// Nothing is known of a function of `order` parameters.
  init(order: Int) {
    (constantInputs, constants, hasSoftmaxShift) = ([], [], false)
    (first, last, self.order) = (nil, nil, order)
  }

  /// Whether inputs meet outputs in one layer.
  private var isSingle: Bool { first == last }

  /// The inputs of the last layer, its bias's 1 included, whose weights a shift moves in a
  /// direction of its own: in a single layer, shifting a constant input's weights is a sum of
  /// others.
  var shiftedInputs: [Int] {
    guard hasSoftmaxShift, let last else { return [] }
    let skipped = isSingle ? Set(constantInputs) : []
    return (0...last.inputs).filter { !skipped.contains($0) }
  }

  /// The number of independent directions.
  public var dimension: Int {
    constantInputs.count * (first?.outputs ?? 0) + shiftedInputs.count
  }

  /// A basis, one direction a row (dimension × P); independent, not orthogonal.
  public func basis<T: Scalar>(_: T.Type = T.self) -> Matrix<T> {
    var elements: [T] = []
    func append(_ entries: [(at: Int, value: T)]) {
      var row = [T](repeating: 0, count: order)
      for entry in entries { row[entry.at] = entry.value }
      elements += row
    }
    if let first {
      for (feature, constant) in zip(constantInputs, constants) {
        for i in 0..<first.outputs {
          append([(first.parameter(i, feature), 1), (first.parameter(i, first.inputs), -T(constant))])
        }
      }
    }
    if let last {
      for j in shiftedInputs { append((0..<last.outputs).map { (last.parameter($0, j), 1) }) }
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
