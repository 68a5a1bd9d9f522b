/// Householder's QR of some vectors, one a row, which LAPACK reads as the columns they are:
/// with the vectors as the columns of A (n × k), A = QR.
struct HouseholderFactors<T: Scalar> {
  private let factors: Matrix<T>
  private let reflections: [T]

  /// - Parameter vectors: finite, k × n.
  init(of vectors: consuming Matrix<T>) {
    let (k, n) = (Int32(vectors.rows), Int32(vectors.columns))
    var factors = vectors
    var reflections = [T].zeros(min(factors.rows, factors.columns))
    Self.withWorkspace { work, length in
      T.geqrf(n, k, &factors.elements, &reflections, work, length)
    }
    self.factors = factors
    self.reflections = reflections
  }

  /// Rᵀ: the vectors in the basis of Q, one a row (k × n, zero above the diagonal).
  var triangle: Matrix<T> {
    var triangle = factors
    for i in 0..<min(factors.rows, factors.columns) {
      let row = i * factors.columns
      for j in i + 1..<factors.columns { triangle.elements[row + j] = 0 }
    }
    return triangle
  }

  /// The first `count` columns of Q, one a row: an orthonormal basis of the vectors and, beyond
  /// their number, of what is orthogonal to them.
  func basis(_ count: Int) -> Matrix<T> {
    let n = factors.columns
    precondition(count <= n, "\(count) orthonormal vectors of \(n) elements")
    let reflected = min(count, reflections.count)
    // A reflection whose factor is zero is the identity.
    var basis = Matrix<T>(rows: count, columns: n)
    basis.elements.replaceSubrange(0..<reflected * n, with: factors.elements[..<(reflected * n)])
    var padded = [T].zeros(count)
    padded.replaceSubrange(0..<reflected, with: reflections[..<reflected])
    Self.withWorkspace { work, length in
      T.orgqr(Int32(n), Int32(count), &basis.elements, padded, work, length)
    }
    return basis
  }

  /// Asks a routine for its workspace, then runs it. Neither routine can fail.
  private static func withWorkspace(_ routine: (UnsafeMutablePointer<T>, Int32) -> Int32) {
    var size: T = 0
    _ = routine(&size, -1)
    var work = [T](repeating: 0, count: max(1, Int(size.nextUp.rounded(.up))))
    _ = routine(&work, Int32(work.count))
  }
}
