/// An orthonormal basis of some vectors, with what they are in it.
struct OrthonormalRows<T: Scalar> {
  /// Row j is the j-th basis vector (k × n).
  let basis: Matrix<T>
  /// Vector i is Σ_{j ≤ i} R[j, i]·(row j of `basis`): k × k, row-major, zero below the diagonal.
  let triangle: Matrix<Double>

  /// Householder's QR of k ≤ n vectors, one a row, which LAPACK reads as the columns they are.
  ///
  /// Dependent vectors do no harm: the basis is completed by some orthonormal vectors.
  ///
  /// - Throws: `.krylov` for vectors, products of an operator, that are not finite.
  init(_ vectors: consuming Matrix<T>) throws(SpectralEstimateError) {
    let (k, n) = (vectors.rows, vectors.columns)
    precondition(k <= n, "\(k) vectors of \(n) elements")
    guard allFinite(vectors.elements.span) else {
      throw .krylov(.notFinite(vectors.elements, order: n, number: 1))
    }
    let factors = HouseholderFactors(of: vectors)
    var triangle = Matrix<Double>(rows: k, columns: k)
    let vectorsInBasis = factors.triangle
    for i in 0..<k {
      for j in 0...i { triangle[j, i] = Double(vectorsInBasis[i, j]) }
    }
    self.triangle = triangle
    basis = factors.basis(k)
  }
}

/// All inner products of the rows of two matrices: A·Bᵀ (k × m), in double.
func rowProducts<T: Scalar>(_ a: Matrix<T>, _ b: Matrix<T>) -> Matrix<Double> {
  var result = Matrix<T>(rows: a.rows, columns: b.rows)
  let layout = result.layout
  var target = result.elements.mutableSpan
  multiply(
    a.elements.span, a.layout, b.elements.span, b.layout.transposed, into: &target, layout)
  return result.converted(to: Double.self)
}
