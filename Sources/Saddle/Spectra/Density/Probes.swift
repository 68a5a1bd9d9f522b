/// The law of a random vector that an operator is probed with. E vvᵀ = I for both.
enum ProbeLaw {
  /// Independent normal elements. Divided by its norm the vector is uniform on the sphere.
  case normal
  /// Independent signs: of all laws with independent elements the one with the least variance of
  /// vᵀAv (Hutchinson 1990).
  case signs

  /// `count` vectors of n elements, one a row. Each is drawn to its end before the next, so that
  /// the vectors do not depend on how they are put together in blocks.
  func vectors<T: Scalar>(
    _ count: Int, order n: Int, using generator: inout some RandomNumberGenerator
  ) -> Matrix<T> {
    var elements = [T].zeros(count * n)
    for row in 0..<count {
      let range = row * n..<(row + 1) * n
      switch self {
      case .normal: for i in range { elements[i] = T(generator.normal()) }
      case .signs:
        var bits: UInt64 = 0
        for (k, i) in range.enumerated() {
          if k % 64 == 0 { bits = generator.next() }
          elements[i] = bits & 1 == 0 ? 1 : -1
          bits >>= 1
        }
      }
    }
    return Matrix(rows: count, columns: n, elements: elements)
  }
}
