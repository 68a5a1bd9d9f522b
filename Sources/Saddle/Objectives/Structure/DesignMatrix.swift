/// The matrix that a layer on the data sees, in what is kept of it: a row for each sample and each
/// position of a convolution, a column for each weight of a unit, and a last one of ones where there
/// is a bias.
///
/// Where its columns depend on one another, the layer's units do not change along the dependence,
/// whatever the parameters are.
struct DesignMatrix: Equatable, Sendable {
  let columns: Int
  /// Whether the last column is the bias's.
  let hasBias: Bool
  /// Rounding of a number in the objective's precision, relative.
  let ulp: Double
  private(set) var rows = 0
  /// Of the numbers before they were rounded, where those are known, else of the numbers as they are.
  private var echelon: ModularEchelon
  /// Whether `echelon` is of the numbers before they were rounded.
  private let isOfWholeNumbers: Bool
  /// Whether the numbers are the samples' own, so that `echelon` is of no rounding of ours.
  private let isUnrounded: Bool
  /// L of A = Qᵀ·Lᵀ for the numbers as they are, `columns` × `columns`.
  private var triangle: Matrix<Double>

  init(
    columns: Int, hasBias: Bool, ulp: Double, isOfWholeNumbers: Bool, isUnrounded: Bool
  ) {
    self.columns = columns
    self.hasBias = hasBias
    self.ulp = ulp
    self.isOfWholeNumbers = isOfWholeNumbers
    self.isUnrounded = isUnrounded
    echelon = ModularEchelon(columns: columns)
    triangle = Matrix(rows: columns, columns: columns)
  }

  /// Whether nothing more can be learned: exact numbers have shown that no column depends on others.
  var isIndependent: Bool { isOfWholeNumbers && echelon.isFull }
  /// Whether further rows would change nothing of what is known exactly.
  var isFull: Bool { echelon.isFull }

  /// Adds rows to what is known exactly.
  ///
  /// - Parameter block: `columns` × rows, finite.
  mutating func addExactly(_ block: Matrix<Double>) {
    let transposed = block.transpose
    for row in 0..<transposed.rows where !echelon.isFull { echelon.add(transposed.row(row)) }
  }

  /// Adds rows to what is known in floating point.
  ///
  /// - Parameter block: `columns` × rows, finite.
  mutating func add(_ block: Matrix<Double>) {
    rows += block.columns
    let width = columns + block.columns
    var stacked = Matrix<Double>(rows: columns, columns: width)
    for j in 0..<columns {
      stacked.elements.replaceSubrange(j * width..<j * width + columns, with: triangle.row(j))
      stacked.elements.replaceSubrange(
        j * width + columns..<(j + 1) * width, with: block.row(j))
    }
    let reduced = HouseholderFactors(of: consume stacked).triangle
    for j in 0..<columns {
      triangle.elements.replaceSubrange(
        j * columns..<(j + 1) * columns, with: reduced.elements[j * width..<j * width + columns])
    }
  }

  /// The matrix of both rows.
  ///
  /// - Returns: Nil where they are not of one kind.
  func adding(_ other: DesignMatrix) -> DesignMatrix? {
    guard
      columns == other.columns, hasBias == other.hasBias, ulp == other.ulp,
      isOfWholeNumbers == other.isOfWholeNumbers, isUnrounded == other.isUnrounded
    else { return nil }
    var both = self
    both.echelon.add(other.echelon)
    both.add(other.triangle)
    both.rows = rows + other.rows
    return both
  }

  /// Columns that depend on one another, and on no others.
  struct Dependence {
    let columns: [Int]
    /// Orthonormal, nullity × columns: A·v is zero but for rounding.
    let null: Matrix<Double>
    /// The orthonormal rest; where the bias is among the columns, the first row is the part of its
    /// unit vector that is not in `null`.
    let rest: Matrix<Double>
  }

  /// The dependences, and whether their number is exact.
  ///
  /// Where the numbers before rounding are not known, singular values of the other columns, each
  /// scaled to norm 1, up to max(rows, columns)·ulp of the largest are dependences too, in number
  /// not exact: such numbers may be rounded from dependent ones.
  var dependences: (found: [Dependence], isExact: Bool) {
    if isIndependent { return ([], true) }
    guard allFinite(triangle.elements.span) else { return ([], false) }
    let exact = echelon.dependences
    let near = isOfWholeNumbers ? 0 : nearDependences(of: echelon.pivots)
    var groups = exact
    if near > 0 {
      // Columns of zeros apart, one group of all.
      groups = exact.filter { $0.columns.count == $0.nullity }
      let alone = Set(groups.flatMap(\.columns))
      groups.append(
        (
          (0..<columns).filter { !alone.contains($0) },
          near + exact.reduce(0) { $0 + $1.nullity } - alone.count
        ))
    }
    let found = groups.compactMap { dependence(of: $0.columns, nullity: $0.nullity) }
    return (
      found, (isOfWholeNumbers || isUnrounded && near == 0) && found.count == groups.count
    )
  }

  /// Singular values up to so much of the largest are zero but for rounding.
  var tolerance: Double { Double(max(rows, columns)) * ulp }

  private func nearDependences(of kept: [Int]) -> Int {
    guard !kept.isEmpty, let values = singularVectors(of: kept)?.found.values else { return 0 }
    return values.count { $0 <= tolerance * values[0] }
  }

  /// Of some columns, each divided by its norm.
  private func singularVectors(of kept: [Int]) -> (found: SingularVectors, norms: [Double])? {
    var part = Matrix<Double>(rows: kept.count, columns: columns)
    var norms = [Double](repeating: 1, count: kept.count)
    for (k, j) in kept.enumerated() {
      let row = triangle.row(j)
      if row.norm > 0 { norms[k] = row.norm }
      part.elements.replaceSubrange(
        k * columns..<(k + 1) * columns, with: row.map { $0 / norms[k] })
    }
    let reduced = HouseholderFactors(of: part).triangle
    let square = Matrix(
      rows: kept.count, columns: kept.count,
      elements: (0..<kept.count).flatMap {
        reduced.elements[$0 * columns..<$0 * columns + kept.count]
      })
    return (try? SingularVectors(of: square)).map { ($0, norms) }
  }

  private func dependence(of group: [Int], nullity: Int) -> Dependence? {
    let count = group.count
    guard count > 1 else {
      return Dependence(
        columns: group, null: Matrix(rows: 1, columns: 1, repeating: 1),
        rest: Matrix(rows: 0, columns: 1))
    }
    guard let (found, norms) = singularVectors(of: group) else { return nil }
    var directions: [Double] = []
    for k in count - nullity..<count {
      let scaled = zip(found.vectors.row(k), norms).map { $0 / $1 }
      directions += scaled.scaled(by: 1 / scaled.norm)
    }
    // Householder's basis of these and, as far as there is room, of the bias.
    let bias = hasBias ? group.firstIndex(of: columns - 1) : nil
    if let bias { directions += (0..<count).map { $0 == bias ? 1 : 0 } }
    let basis = HouseholderFactors(
      of: Matrix(rows: nullity + (bias == nil ? 0 : 1), columns: count, elements: directions)
    ).basis(count).elements
    return Dependence(
      columns: group,
      null: Matrix(rows: nullity, columns: count, elements: Array(basis[..<(nullity * count)])),
      rest: Matrix(
        rows: count - nullity, columns: count, elements: Array(basis[(nullity * count)...])))
  }
}
