import Oracles
import Saddle
import Support
import Testing

/// Both halves of the way to tridiagonal form, each with GSL's eigenvalues on either side: by bands
/// of few columns, so that small matrices have many steps.
@Suite(.tags(.oracle)) struct SymmetricBandTests {
  static let shapes = [
    (1, 1), (2, 1), (2, 2), (3, 2), (4, 1), (5, 4), (5, 5), (5, 6), (17, 4), (40, 7), (41, 2),
    (64, 16), (65, 16), (90, 80), (128, 128), (129, 128), (150, 3), (300, 12),
  ]

  @Test(arguments: shapes)
  func `a band and its tridiagonal form have the matrix's eigenvalues`(
    order: Int, width: Int
  ) throws {
    var generator = RandomStream(seed: 41, name: "\(order) \(width)")
    let rows = RandomMatrix.goe(order: order, using: &generator)
    let a = try SpectrumCase("band of \(width)", rows)
    try expectReduction(a, width: width, ulp: 0x1p-52, Double.self)
    try expectReduction(a, width: width, ulp: 0x1p-23, Float.self)
  }

  private func expectReduction<T: Scalar>(
    _ a: SpectrumCase, width: Int, ulp: Double, _: T.Type
  ) throws {
    let n = a.order
    let band = SymmetricBand(
      reducing: a.matrix.converted(to: T.self).elements, order: n, width: width)
    var rows = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for j in 0..<n {
      for k in 0..<2 * width {
        let element = Double(band.elements[j * 2 * width + k])
        if k <= width, j + k < n {
          (rows[j][j + k], rows[j + k][j]) = (element, element)
        } else {
          #expect(element == 0, "column \(j) has something \(k) rows below the diagonal")
        }
      }
    }
    a.expect(try GSL.eigenvalues(rows), ulp: ulp, "the band in \(T.self)")
    let (diagonal, offDiagonal) = band.tridiagonal()
    #expect(diagonal.count == n && offDiagonal.count == n - 1)
    var tridiagonal = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for j in 0..<n {
      tridiagonal[j][j] = Double(diagonal[j])
      guard j + 1 < n else { continue }
      (tridiagonal[j][j + 1], tridiagonal[j + 1][j]) = (
        Double(offDiagonal[j]), Double(offDiagonal[j])
      )
    }
    a.expect(try GSL.eigenvalues(tridiagonal), ulp: ulp, "the tridiagonal form in \(T.self)")
  }

  @Test func `the bits are the same on any number of threads`() throws {
    var generator = RandomStream(seed: 42)
    let a = Matrix(RandomMatrix.goe(order: 700, using: &generator))
    func values(_ workers: Int) throws -> [Double] {
      try Workers.$forced.withValue(workers) { try a.eigenvalues(reduction: .twoStage) }
    }
    let alone = try values(1)
    for workers in [2, 3, 7] { #expect(try values(workers) == alone) }
  }

  @Test(arguments: [-1060, -700, -40, 40, 700, 1010])
  func `a power of two is a factor of every eigenvalue`(exponent: Int) throws {
    var generator = RandomStream(seed: 43)
    let a = Matrix(RandomMatrix.goe(order: 90, using: &generator))
    let values = try a.eigenvalues(reduction: .twoStage)
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let scaled = Matrix(a.asRows.map { $0.map { $0 * factor } })
    // Elements that become subnormal are rounded to multiples of the least number.
    let lost = Double(a.rows) * Double.leastNonzeroMagnitude / factor
    for (got, value) in zip(try scaled.eigenvalues(reduction: .twoStage), values) {
      #expect(abs(got / factor - value) <= SpectrumCase.bound(a.rows, 2) + lost)
    }
  }

  /// A reflection of elements whose squares are subnormal would not be orthogonal.
  @Test(arguments: [1e-150, 1e-155, 1e-160, 1e-161, 1e-162, 1e-165, 1e-300])
  func `elements whose squares vanish turn nothing`(tiny: Double) throws {
    var generator = RandomStream(seed: 44)
    var rows = RandomMatrix.goe(order: 12, using: &generator)
    for (i, j) in [(1, 0), (2, 0), (3, 0)] { (rows[i][j], rows[j][i]) = (tiny, tiny) }
    for i in 4..<12 { (rows[i][0], rows[0][i]) = (0, 0) }
    for width in [3, 11, 20] {
      let a = try SpectrumCase("\(tiny) in a band of \(width)", rows)
      let (diagonal, offDiagonal) = SymmetricBand(
        reducing: a.matrix.elements, order: 12, width: width
      ).tridiagonal()
      a.expect(
        try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal), "by reflections")
    }
    let single = try SpectrumCase(
      "in Float",
      rows.map { $0.map { abs($0) == tiny ? (tiny == 1e-300 ? 1e-44 : tiny * 1e140) : $0 } })
    let (diagonal, offDiagonal) = SymmetricBand(
      reducing: single.matrix.converted(to: Float.self).elements, order: 12, width: 11
    ).tridiagonal()
    single.expect(
      try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal).map { Double($0) },
      ulp: 0x1p-23, "by reflections")
  }
}
