/// One reflection I − τ·vvᵀ of a few coordinates, and which of them are null directions after it.
private struct SparseReflection {
  let coordinates: [Int]
  let vector: [Double]
  let factor: Double

  /// The reflection that takes u to a multiple of its last coordinate's unit vector; nil where u is
  /// one already (Golub, Van Loan 2013, §5.1).
  init?(taking u: [Double], at coordinates: [Int]) {
    var v = u
    let last = v.count - 1
    let norm = v.norm
    guard v.dropLast().contains(where: { $0 != 0 }) else { return nil }
    // Away from zero, so that nothing cancels.
    v[last] += v[last] < 0 ? -norm : norm
    self.coordinates = coordinates
    vector = v
    factor = 2 / v.dot(v)
  }
}

extension StructuralNullSpace {
  /// The matrix on the complement of the structural null space, of order P − `dimension`: its
  /// eigenvalues are those of `matrix` without the structural zeros.
  ///
  /// A sparse orthogonal similarity turns every null direction into a coordinate, whose row and
  /// column are then left out. What the matrix has there besides zero is rounding, so no eigenvalue
  /// moves by more than that: the sum of what is left out in norm (Weyl).
  ///
  /// - Parameter matrix: P × P, symmetric, a curvature matrix of the objective; its storage is
  ///   used.
  public func deflated<T: Scalar>(_ matrix: consuming Matrix<T>) -> Matrix<T> {
    let order = matrix.rows
    precondition(
      matrix.isSquare && order == self.order,
      "\(matrix.rows) × \(matrix.columns) is not of the objective")
    let (reflections, dropped) = coordinates()
    var elements = matrix.elements
    // The only reference, so that the elements are worked on where they are.
    matrix = Matrix(rows: 0, columns: 0, elements: [])
    for reflection in reflections { reflect(&elements, order: order, by: reflection) }
    let isDropped = Set(dropped)
    let kept = (0..<order).filter { !isDropped.contains($0) }
    var span = elements.mutableSpan
    compact(&span, order: order, kept: kept.span)
    elements.removeLast(elements.count - kept.count * kept.count)
    return Matrix(rows: kept.count, columns: kept.count, elements: elements)
  }

  private func coordinates() -> (reflections: [SparseReflection], dropped: [Int]) {
    var reflections: [SparseReflection] = []
    var dropped: [Int] = []
    func reflect(_ u: [Double], at coordinates: [Int]) {
      if let reflection = SparseReflection(taking: u, at: coordinates) {
        reflections.append(reflection)
      }
    }
    // Of a unit's weights on constant inputs and its bias, the loss sees (c₁, …, 1) alone.
    if let first, !constantInputs.isEmpty {
      for i in 0..<first.outputs {
        let weights = constantInputs.map { first.parameter(i, $0) }
        reflect(constants + [1], at: weights + [first.parameter(i, first.inputs)])
        dropped += weights
      }
    }
    // Of the weights from one input to all outputs, it does not see their mean.
    if let last {
      for j in shiftedInputs {
        let weights = (0..<last.outputs).map { last.parameter($0, j) }
        reflect([Double](repeating: 1, count: weights.count), at: weights)
        dropped.append(weights[weights.count - 1])
      }
    }
    return (reflections, dropped)
  }
}

/// A ← RAR with R = I − τvvᵀ, exactly symmetric where A is: A − vwᵀ − wvᵀ with
/// w = τ(Av) − ½τ²(vᵀAv)·v.
private func reflect<T: Scalar>(
  _ matrix: inout [T], order: Int, by reflection: SparseReflection
) {
  let at = reflection.coordinates
  let v = reflection.vector.map { T($0) }
  let factor = T(reflection.factor)
  var w = [T](repeating: 0, count: order)
  for (k, i) in at.enumerated() {
    var target = w.mutableSpan
    axpy(factor * v[k], matrix.span.extracting(i * order..<(i + 1) * order), into: &target)
  }
  var square: T = 0
  for (k, i) in at.enumerated() { square += v[k] * w[i] }
  for (k, i) in at.enumerated() { w[i] -= factor / 2 * square * v[k] }

  var spread = [T](repeating: 0, count: order)
  for (k, i) in at.enumerated() { spread[i] = v[k] }
  var span = matrix.mutableSpan
  for (k, i) in at.enumerated() where v[k] != 0 {
    subtractPair(&span, order: order, row: i, v: spread.span, w: w.span)
  }
}

/// Row i and column i of A − vwᵀ − wvᵀ, where v is zero but at the rows that this is called for.
@specialized(where T == Float)
@specialized(where T == Double)
private func subtractPair<T: Scalar>(
  _ matrix: inout MutableSpan<T>, order: Int, row i: Int, v: Span<T>, w: Span<T>
) {
  for j in 0..<order {
    // A sum in either order is the same, and so is what its mirror image loses.
    matrix[i * order + j] -= v[i] * w[j] + w[i] * v[j]
    if v[j] == 0 { matrix[j * order + i] = matrix[i * order + j] }
  }
}

/// Moves the kept rows and columns of a square matrix together, to its front.
@specialized(where T == Float)
@specialized(where T == Double)
private func compact<T: Scalar>(_ matrix: inout MutableSpan<T>, order: Int, kept: Span<Int>) {
  precondition(matrix.count == order * order)
  var at = 0
  for i in kept.indices {
    let row = kept[i] * order
    for j in kept.indices {
      matrix[at] = matrix[row + kept[j]]
      at += 1
    }
  }
}
