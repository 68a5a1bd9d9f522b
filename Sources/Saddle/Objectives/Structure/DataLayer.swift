/// A layer whose units are all the same linear function of what stands before it: outputs × columns
/// parameters, the bias's column the last.
struct LinearUnits: Equatable, Sendable {
  let outputs: Int
  let fanIn: Int
  let weights: Range<Int>
  let biases: Range<Int>?

  init(_ map: AffineMap) {
    (outputs, fanIn, weights, biases) = (map.outputs, map.fanIn, map.weights, map.biases)
  }

  /// Only biases.
  init(shifts: Range<Int>) {
    (outputs, fanIn, weights, biases) = (shifts.count, 0, 0..<0, shifts)
  }

  var columns: Int { fanIn + (biases == nil ? 0 : 1) }
  var biasColumn: Int? { biases == nil ? nil : fanIn }

  /// Where a unit's parameter of a column stands.
  func parameter(_ unit: Int, _ column: Int) -> Int {
    if let biases, column == fanIn { return biases.lowerBound + unit }
    return weights.lowerBound + unit * fanIn + column
  }
}

/// A layer on the data: what it sees is the same at every θ.
struct DataLayer: Equatable, Sendable {
  let units: LinearUnits
  let isConvolution: Bool
  var design: DesignMatrix

  func part(
    _ found: [DesignMatrix.Dependence], isExact: Bool
  ) -> StructuralNullSpace.Part {
    let nullity = found.reduce(0) { $0 + $1.null.rows }
    let rank = isExact ? "exact" : "singular values to max(rows, columns)·ulp of the largest"
    return StructuralNullSpace.Part(
      name: "linear dependences of the \(isConvolution ? "patches" : "inputs")",
      count: nullity * units.outputs,
      reason: "\(nullity) × \(units.outputs) \(isConvolution ? "channels" : "units"); rank "
        + "\(units.columns - nullity) of \(units.columns), \(rank)",
      isExact: isExact)
  }

  /// - Returns: Nil where the other is another layer.
  func adding(_ other: DataLayer) -> DataLayer? {
    guard
      units == other.units, isConvolution == other.isConvolution,
      let design = design.adding(other.design)
    else { return nil }
    return DataLayer(units: units, isConvolution: isConvolution, design: design)
  }
}

/// The layer that gives the logits, and of which parameters a common change shifts all of them
/// alike.
struct SoftmaxShift: Equatable, Sendable {
  let units: LinearUnits
  /// Whether weights too do so: where each unit gives one logit.
  let includesWeights: Bool

  /// The columns whose parameters may be shifted.
  var columns: [Int] {
    includesWeights ? Array(0..<units.columns) : units.biasColumn.map { [$0] } ?? []
  }

  /// Those columns once dependences of the data have been rotated into their groups' first columns.
  func columns(besides found: [DesignMatrix.Dependence]) -> [Int] {
    let taken = Set(found.flatMap { $0.columns.prefix($0.null.rows) })
    if includesWeights { return columns.filter { !taken.contains($0) } }
    // The bias's own part beside the dependences comes first.
    return columns.map { bias in
      found.first { $0.columns.contains(bias) }.map { $0.columns[$0.null.rows] } ?? bias
    }
  }

  func part(_ count: Int) -> StructuralNullSpace.Part {
    StructuralNullSpace.Part(
      name: "softmax shift", count: count,
      reason: includesWeights
        ? "the last layer's \(units.columns) columns"
          + (count < units.columns ? ", \(units.columns - count) of them counted already" : "")
        : "the last layer's biases",
      isExact: true)
  }
}
