import Oracles
import Testing

struct ClosedFormMatrixTests {
  @Test(arguments: ClosedFormMatrix.all)
  func `GSL finds the closed-form spectrum`(matrix: ClosedFormMatrix) throws {
    let found = try GSL.eigenvalues(matrix.rows)
    let ratio = LAPACKRatios.values(found, matrix.eigenvalues)
    #expect(ratio <= LAPACKRatios.threshold, "\(matrix.name): ratio \(ratio)")
  }

  @Test func `at least fifteen families are in the list, on orders from 1 to 21`() {
    let families = Set(ClosedFormMatrix.all.map { $0.name.prefix { $0.isLetter } })
    #expect(families.count >= 15, "\(families)")
    #expect(Set(ClosedFormMatrix.all.map(\.rows.count)).isSuperset(of: [1, 2, 3, 5, 8, 12, 16, 21]))
  }

  @Test(arguments: ClosedFormMatrix.all)
  func `trace and Frobenius norm are the spectrum's`(matrix: ClosedFormMatrix) {
    var trace = 0.0
    var square = 0.0
    for (i, row) in matrix.rows.enumerated() {
      trace += row[i]
      for entry in row { square += entry * entry }
    }
    let scale = matrix.eigenvalues.reduce(1) { max($0, $1.magnitude) }
    let squares = matrix.eigenvalues.reduce(0) { $0 + $1 * $1 }
    #expect(gap(trace, matrix.eigenvalues.reduce(0, +)) <= 1e-13 * scale)
    #expect(gap(square, squares) <= 1e-13 * scale * scale)
  }

  @Test func `Hilbert's small eigenvalues are found within an ulp of the largest`() throws {
    let found = try GSL.eigenvalues(ClosedFormMatrix.hilbert8.rows)
    for (a, b) in zip(found, ClosedFormMatrix.hilbert8.eigenvalues) { #expect(gap(a, b) < 1e-15) }
  }
}
