/// Null directions that one rotation of a few parameters turns into coordinates, at one place or at
/// many like it.
struct DirectionGroup: Equatable, Sendable {
  /// Orthonormal null directions, count × parameters of a place.
  let null: Matrix<Double>
  /// What is orthogonal to them.
  let rest: Matrix<Double>
  /// The parameters of each place, apart from one another. After the rotation the first `null.rows`
  /// of them are null directions, and the others are `rest`'s.
  let places: [[Int]]

  var dimension: Int { null.rows * places.count }
  var dropped: [Int] { places.flatMap { $0.prefix(null.rows) } }

  /// The direction that a coordinate of the rotated vector is.
  func unrotate(_ vector: inout [Double], at place: [Int]) {
    let rotated = place.map { vector[$0] }
    guard rotated.contains(where: { $0 != 0 }) else { return }
    for (k, i) in place.enumerated() {
      var sum = 0.0
      for m in 0..<null.rows { sum += rotated[m] * null[m, k] }
      for m in 0..<rest.rows { sum += rotated[null.rows + m] * rest[m, k] }
      vector[i] = sum
    }
  }
}

extension DirectionGroup {
  /// The direction (1, …, 1) at each place.
  init(alikeAt places: [[Int]]) {
    let count = places.first?.count ?? 0
    let basis = HouseholderFactors(
      of: Matrix<Double>(rows: min(count, 1), columns: count, repeating: 1)
    ).basis(count).elements
    null = Matrix(rows: min(count, 1), columns: count, elements: Array(basis[..<min(count, count)]))
    rest = Matrix(
      rows: max(count - 1, 0), columns: count, elements: Array(basis[min(count, count)...]))
    self.places = places
  }
}
