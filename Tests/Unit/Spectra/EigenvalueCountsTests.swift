import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct EigenvalueCountsTests {
  private func interval<T: Scalar>(
    _ spectrum: [T], below shift: T
  ) -> ClosedRange<Int> {
    spectrum.count { $0 < shift }...spectrum.count { $0 <= shift }
  }

  /// L and D in full from what `sytrf` left, by the definition in LAPACK's documentation:
  /// L = P₁L₁P₂L₂…, plain loops.
  private func unpacked(
    _ factors: [Double], _ pivots: [Int32], order n: Int
  ) -> (l: [[Double]], d: [[Double]]) {
    var l = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
    var d = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    var blocks: [(Int, Int)] = []
    var k = 0
    while k < n {
      let size = pivots[k] > 0 ? 1 : 2
      blocks.append((k, size))
      for i in k..<k + size {
        for j in k...i { (d[i][j], d[j][i]) = (factors[j * n + i], factors[j * n + i]) }
      }
      k += size
    }
    // From the last factor to the first: L ← PₖLₖ·L.
    for (k, size) in blocks.reversed() {
      for i in stride(from: n - 1, through: k + size, by: -1) {
        for column in k..<k + size {
          for j in 0..<n { l[i][j] += factors[column * n + i] * l[column][j] }
        }
      }
      l.swapAt(k + size - 1, Int(pivots[k].magnitude) - 1)
    }
    return (l, d)
  }

  @Test(arguments: Seed.campaign(30))
  func `the factors' norm is that of |L|·|D|·|L|ᵀ, and bounds the backward error`(
    seed: Seed
  ) throws {
    var rng = seed.generator
    let rows = RandomSymmetric.draw(order: 11, family: nil, using: &rng).rows
    var factors = BunchKaufman<Double>(order: 11)
    var elements = Matrix(rows).elements
    try factors.factorize(&elements)
    let (l, d) = unpacked(elements, factors.pivots, order: 11)
    var (norm, error, largest) = (0.0, 0.0, 0.0)
    for i in 0..<11 {
      var (row, difference, size) = (0.0, 0.0, 0.0)
      for j in 0..<11 {
        var (absolute, product) = (0.0, 0.0)
        for p in 0..<11 {
          for q in 0..<11 {
            product += l[i][p] * d[p][q] * l[j][q]
            absolute += (l[i][p] * d[p][q] * l[j][q]).magnitude
          }
        }
        row += absolute
        size += rows[i][j].magnitude
        difference += (product - rows[i][j]).magnitude
      }
      norm = max(norm, row)
      error = max(error, difference)
      largest = max(largest, size)
    }
    expectClose(
      factors.absoluteNorm(elements), norm,
      within: Tolerance(relative: 1e-13, why: "sums of 11 terms"))
    #expect(error <= 31 * 0x1p-53 * (largest + norm))
  }

  @Test(.tags(.oracle), arguments: ClosedFormMatrix.all.indices)
  func `between eigenvalues the count is one number, and at one an interval`(
    at position: Int
  ) throws {
    let form = ClosedFormMatrix.all[position]
    var rng = RandomStream(seed: 31)
    var counter = try ShiftedInertia(Matrix(form.rows))
    let radius = form.eigenvalues.map(\.magnitude).max() ?? 0
    for (a, b) in zip(form.eigenvalues, form.eigenvalues.dropFirst()) where b - a > 1e-9 * radius {
      let count = try counter.count(below: (a + b) / 2, using: &rng)
      #expect(count.isCertain, "\(form)")
      #expect(count.below == interval(form.eigenvalues, below: (a + b) / 2), "\(form)")
      #expect(count.nearest.map { $0 >= (b - a) / 2 * (1 - 1e-6) } == true, "\(form)")
    }
    // The closed form and the matrix agree to a few ulp, which the error bound must cover.
    let slack = 8 * Double.ulpOfOne * radius
    for value in form.eigenvalues {
      let count = try counter.count(below: value, using: &rng)
      let least = form.eigenvalues.count { $0 < value - slack }
      let most = form.eigenvalues.count { $0 <= value + slack }
      #expect(count.below.lowerBound <= least && most <= count.below.upperBound, "\(form)")
      #expect(count.errorBound < 1e-10 * max(radius, 1e-290), "\(form)")
    }
  }

  @Test func `an eigenvalue within the error bound of the shift makes an interval`() throws {
    var rng = RandomStream(seed: 32)
    let base = RandomMatrix.symmetric(spectrum: [-1, -0.5, 0.25, 0.5, 1], using: &rng)
    for doubt in [0, 1e-9] {
      var counter = try ShiftedInertia(Matrix(base))
      let near = try counter.count(below: 0.25 + 1e-16, doubt: doubt, using: &rng)
      #expect(near.below == 2...3)
      let far = try counter.count(below: 0.25 + 1e-6, doubt: doubt, using: &rng)
      #expect(far.below == 3...3 && far.doubt == doubt)
      #expect((far.nearest == nil) == (doubt == 0))
    }
  }

  @Test func `the storage is restored: a count does not depend on those before it`() throws {
    var rng = RandomStream(seed: 33)
    let a = Matrix(RandomMatrix.goe(order: 37, using: &rng))
    let copy = a
    let values = try GSL.eigenvalues(a.asRows)
    var counter = try ShiftedInertia(a)
    for k in stride(from: 36, to: 0, by: -1) {
      let shift = (values[k] + values[k - 1]) / 2
      #expect(try counter.count(below: shift, using: &rng).below == k...k)
    }
    #expect(a == copy)
    #expect(counter.norm >= values.map(\.magnitude).max() ?? 0)
    #expect(counter.factorizations == 36)
  }

  @Test(arguments: Precision.allCases)
  func `index and degeneracy are those of the whole spectrum`(precision: Precision) throws {
    func check<T: Scalar>(_: T.Type, _ tolerances: [Double]) throws {
      var rng = RandomStream(seed: 34)
      let graded = RandomSpectrum.graded(count: 40, smallest: 1e-8, using: &rng)
      let a = Matrix(RandomMatrix.symmetric(spectrum: graded, using: &rng)).converted(to: T.self)
      let spectrum = try Spectrum(eigenvalues: GSL.eigenvalues(a.converted(to: Double.self).asRows))
      let counts = try EigenvalueCounts(of: a, tolerances: tolerances, using: &rng)
      #expect(counts.factorizations == 2 * tolerances.count)
      #expect(counts.radius.lower <= spectrum.radius && spectrum.radius <= counts.radius.upper)
      for count in counts.counts {
        #expect(count.isCertain)
        #expect(count.index.lowerBound == spectrum.index(at: count.tolerance))
        let zeros = spectrum.degeneracy(at: count.tolerance).zeros
        #expect(count.zeros.lowerBound == zeros)
        #expect(
          count.positive == 40 - zeros - count.index.lowerBound...40 - zeros
            - count.index.lowerBound)
        #expect(count.numericalRank == 40 - zeros...40 - zeros)
      }
    }
    switch precision {
    case .double: try check(Double.self, [1e-7, 1e-5, 1e-3, 0.1])
    // Float resolves 60·u·‖A‖ ≈ 1e-5.
    case .float: try check(Float.self, [3e-3, 0.1])
    }
  }

  @Test func `exact zeros are an interval at ε = 0 and counted at any other`() throws {
    var rng = RandomStream(seed: 35)
    let spectrum = [-2.0, -1] + [Double](repeating: 0, count: 36) + [1, 1]
    let a = Matrix(RandomMatrix.symmetric(spectrum: spectrum, using: &rng))
    let counts = try EigenvalueCounts(of: a, tolerances: [0, 1e-10], using: &rng)
    #expect(counts.counts[0].index.contains(2) && counts.counts[0].index.upperBound == 38)
    #expect(counts.counts[0].zeros == 0...36)
    #expect(counts.counts[1].index == 2...2 && counts.counts[1].zeros == 36...36)
    let zero = try EigenvalueCounts(
      of: Matrix<Double>(rows: 5, columns: 5), tolerances: [0, 1e-3], using: &rng)
    #expect(zero.counts.allSatisfy { $0.zeros == 5...5 && $0.index == 0...0 })
  }

  @Test func `orders 0 and 1`() throws {
    var rng = RandomStream(seed: 36)
    let none = try EigenvalueCounts(
      of: Matrix<Double>(rows: 0, columns: 0), tolerances: [0.1], using: &rng)
    #expect(none.counts.first?.zeros == 0...0)
    let one = try EigenvalueCounts(of: Matrix([[-3.0]]), tolerances: [0.1], using: &rng)
    #expect(one.counts.first?.index == 1...1 && one.radius.value == 3)
    #expect(one.counts.first?.threshold == 0.1 * 3)
  }

  @Test func `what cannot be counted is refused by name`() throws {
    var rng = RandomStream(seed: 37)
    #expect(throws: LinearAlgebraError.notSymmetric(row: 0, column: 1, difference: -1)) {
      try EigenvalueCounts(of: Matrix([[1.0, 2], [3, 4]]), tolerances: [0.1], using: &rng)
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 0)) {
      try EigenvalueCounts(of: Matrix([[Double.nan]]), tolerances: [0.1], using: &rng)
    }
    for tolerance in [-1, .nan, .infinity] {
      #expect(throws: KrylovError.self) {
        try EigenvalueCounts(of: Matrix([[1.0]]), tolerances: [tolerance], using: &rng)
      }
    }
    #expect(throws: KrylovError.self) {
      try EigenvalueCounts(of: Matrix([[1.0]]), tolerances: [1], radius: -1, using: &rng)
    }
    // Overflow inside the factorization: nothing is claimed.
    let huge = Matrix([[1e308, 1e308], [1e308, -1e308]])
    var counter = try ShiftedInertia(huge)
    #expect(try counter.count(below: 0, using: &rng).below.contains(1))
  }

  // Where factors of subnormal numbers say nothing, ‖A‖ + |σ| is a bound yet.
  @Test func `a count that says nothing has a limit that is a number of the matrix's size`() throws {
    var rng = RandomStream(seed: 39)
    let least = try EigenvalueCounts(
      of: Matrix([[1e-315, 3e-315], [3e-315, -1e-315]]), tolerances: [1e-6, 1e-3], radius: 4e-315,
      using: &rng)
    #expect(least.counts.allSatisfy { $0.errorBound < 1e-300 }, "\(least)")
    #expect(least.counts.allSatisfy { $0.index.contains(1) && $0.positive.contains(1) }, "\(least)")
    let rounded = try EigenvalueCounts(
      of: Matrix([[1e-315, 3e-315], [3e-315, -1e-315]]), tolerances: [1e-6], radius: 4e-315,
      matrixError: 1e-10, using: &rng)
    #expect(rounded.counts.allSatisfy { $0.errorBound < 1e-8 && $0.index == 0...2 }, "\(rounded)")
  }

  @Test func `counts read back as they were written`() throws {
    var rng = RandomStream(seed: 38)
    let counts = try EigenvalueCounts(
      of: Matrix([[1.0, 2], [2, -1]]), tolerances: [1e-3, 0.5], using: &rng)
    #expect(
      try JSONDecoder().decode(EigenvalueCounts.self, from: JSON.encode(counts)) == counts)
  }
}
