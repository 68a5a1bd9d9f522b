/// H + τ·Σ vvᵀ over directions along which H is zero: positive there, unchanged elsewhere.
struct FilledHessian {
  private(set) var matrix: Matrix<Double>
  /// A bound of what rounding did in the sums, in the spectral norm.
  private(set) var error: Double
  /// A power of two of the matrix's own size: products with ones are exact.
  private let τ: Double

  init(_ hessian: consuming Matrix<Double>, along directions: [SparseDirection]) {
    let n = hessian.rows
    let size = largestMagnitude(hessian.elements.span)
    τ = size > 0 && size.isFinite ? Double(sign: .plus, exponent: size.exponent, significand: 1) : 1
    // Direction by direction, since elements of several are rounded several times.
    var lost = 0.0
    for direction in directions {
      var touched = 0.0
      for i in direction.coordinates {
        for j in direction.coordinates {
          let sum = hessian.elements[i * n + j] + τ
          hessian.elements[i * n + j] = sum
          touched += sum * sum
        }
      }
      lost += Rounding.unit * touched.squareRoot()
    }
    matrix = hessian
    error = lost * Rounding.inflation
  }
  /// - Parameters:
  ///   - null: directions of some coordinates (count × coordinates), rounded: as many as there are
  ///     rows are filled, and H may be unchanged but for rounding elsewhere.
  ///   - places: the coordinates, apart from one another.
  mutating func fill(along null: Matrix<Double>, at places: [[Int]]) {
    let n = matrix.rows
    let width = null.columns
    var products = Matrix<Double>(rows: width, columns: width)
    for k in 0..<null.rows {
      let row = null.row(k)
      for i in 0..<width where row[i] != 0 {
        for j in 0..<width { products[i, j] += row[i] * row[j] }
      }
    }
    var touched = 0.0
    for place in places {
      for (i, row) in place.enumerated() {
        for (j, column) in place.enumerated() {
          let sum = matrix.elements[row * n + column] + τ * products[i, j]
          matrix.elements[row * n + column] = sum
          touched += sum * sum
        }
      }
    }
    // |N|ᵀ|N| has the norm ‖N‖²_F at most, the same at each place.
    let size = null.elements.norm
    let lost = Rounding.gamma(null.rows + 2) * τ * size * size + Rounding.unit * touched.squareRoot()
    error = (error + lost) * Rounding.inflation
  }
}
