extension StructuralNullSpace {
  /// The matrix on the complement of the structural null space, of order P − `dimension`: its
  /// eigenvalues are those of `matrix` without the structural ones.
  ///
  /// Rotations of a few parameters turn every null direction into a coordinate, whose row and column
  /// are then left out. What the matrix has there besides its diagonal is rounding, so no eigenvalue
  /// moves by more than that: the norm of what is left out (Weyl).
  ///
  /// - Parameter matrix: P × P, symmetric, a curvature matrix of the objective; its storage is
  ///   used.
  /// - Returns: Exactly symmetric.
  public func deflated<T: Scalar>(_ matrix: consuming Matrix<T>) -> Matrix<T> {
    let order = matrix.rows
    precondition(
      matrix.isSquare && order == self.order,
      "\(matrix.rows) × \(matrix.columns) is not of the objective")
    guard dimension > 0 else { return matrix }
    var elements = matrix.elements
    // The only reference, so that the elements are worked on where they are.
    matrix = Matrix(rows: 0, columns: 0, elements: [])
    for group in groups where group.rest.rows > 0 {
      let rest = group.rest.converted(to: T.self)
      for place in group.places {
        rotate(&elements, order: order, place, keeping: rest)
      }
    }
    let dropped = Set(groups.flatMap(\.dropped))
    let kept = (0..<order).filter { !dropped.contains($0) }
    var span = elements.mutableSpan
    compact(&span, order: order, kept: kept.span)
    elements.removeLast(elements.count - kept.count * kept.count)
    return Matrix(rows: kept.count, columns: kept.count, elements: elements)
  }
}

/// Rotates the rows and columns at some coordinates: the last of them become `rest`'s, and what the
/// others would become is left out.
private func rotate<T: Scalar>(
  _ matrix: inout [T], order: Int, _ place: [Int], keeping rest: Matrix<T>
) {
  let kept = Array(place.suffix(rest.rows))
  var rows = Matrix<T>(rows: place.count, columns: order)
  var gathered = rows.elements.mutableSpan
  for (k, i) in place.enumerated() {
    var row = gathered._mutatingExtracting(k * order..<(k + 1) * order)
    copy(matrix.span.extracting(i * order..<(i + 1) * order), into: &row)
  }
  let rotated = rest * rows
  // Where rows and columns meet, both rotate.
  var meeting = Matrix<T>(rows: rest.rows, columns: place.count)
  for m in 0..<rest.rows {
    for (k, i) in place.enumerated() {
      meeting.elements[m * place.count + k] = rotated.elements[m * order + i]
    }
  }
  let corner = (meeting * rest.transpose).symmetrized()

  // The columns are the rows' mirror image, not a second product: symmetry stays exact.
  let mirrored = transposed(rotated.elements, rows: rest.rows)
  var target = matrix.mutableSpan
  scatter(mirrored.span, to: kept.span, order: order, into: &target)
  for (m, i) in kept.enumerated() {
    var row = target._mutatingExtracting(i * order..<(i + 1) * order)
    copy(rotated.elements.span.extracting(m * order..<(m + 1) * order), into: &row)
    for (n, j) in kept.enumerated() { row[j] = corner.elements[m * kept.count + n] }
  }
}

/// Writes the columns of a square matrix at some places, given one row after the other.
@specialized(where T == Float)
@specialized(where T == Double)
private func scatter<T: Scalar>(
  _ columns: Span<T>, to places: Span<Int>, order: Int, into matrix: inout MutableSpan<T>
) {
  precondition(columns.count == order * places.count && matrix.count == order * order)
  var at = 0
  for i in 0..<order {
    for k in places.indices {
      matrix[i * order + places[k]] = columns[at]
      at += 1
    }
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
