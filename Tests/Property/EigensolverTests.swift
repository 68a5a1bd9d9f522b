import Oracles
import Saddle
import Support
import Testing

/// LAPACK, as the core calls it, against GSL and against the defining identities.
@Suite struct EigensolverTests {
  /// Order up to 20, every family, edge cases included.
  private func draw(_ seed: Seed) -> (name: String, matrix: Matrix<Double>) {
    var generator = seed.generator
    let drawn = RandomSymmetric.draw(maximumOrder: 20, using: &generator)
    return ("\(drawn.name)", Matrix(drawn.rows))
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(200))
  func `both reductions give GSL's eigenvalues`(seed: Seed) throws {
    let (name, a) = draw(seed)
    let expected = try GSL.eigenvalues(a.asRows)
    for reduction in TridiagonalReduction.allCases {
      let ratio = LAPACKRatios.values(try a.eigenvalues(reduction: reduction), expected)
      #expect(
        ratio <= LAPACKRatios.threshold * Double(max(a.rows, 1)), "\(name), \(reduction): \(ratio)")
    }
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(200))
  func `eigenvectors meet LAPACK's own ratios`(seed: Seed) throws {
    let (name, a) = draw(seed)
    let system = try a.eigensystem()
    let residual = LAPACKRatios.residual(
      a.asRows, values: system.values, vectors: system.vectors.asRows)
    let orthogonality = LAPACKRatios.orthogonality(system.vectors.asRows)
    #expect(residual <= LAPACKRatios.threshold, "\(name)")
    #expect(orthogonality <= LAPACKRatios.threshold, "\(name)")
  }

  @Test(.tags(.oracle), arguments: ClosedFormMatrix.all.indices)
  func `closed-form spectra are found with their multiplicities`(at position: Int) throws {
    let form = ClosedFormMatrix.all[position]
    for reduction in TridiagonalReduction.allCases {
      let values = try Matrix(form.rows).eigenvalues(reduction: reduction)
      #expect(
        LAPACKRatios.values(values, form.eigenvalues.sorted())
          <= LAPACKRatios.threshold * Double(form.rows.count), "\(form)")
    }
  }

  @Test(arguments: Seed.campaign(100))
  func `the factorization counts what the eigensolver finds, at any shift`(seed: Seed) throws {
    let (name, a) = draw(seed)
    let values = try a.eigenvalues()
    let radius = values.reduce(0) { max($0, $1.magnitude) }
    let rounding = 60 * Double(max(a.rows, 1)) * Double.ulpOfOne * radius
    var generator = seed.generator
    for _ in 0..<5 {
      let shift = generator.uniform(-1.1, 1.1) * radius
      // Sylvester's law holds for what rounding can tell from the shift.
      guard values.allSatisfy({ ($0 - shift).magnitude > rounding }) else { continue }
      let inertia = try SymmetricFactorization(a, shift: shift).inertia
      #expect(
        inertia
          == Inertia(
            negative: values.count { $0 < shift }, zero: 0,
            positive: values.count { $0 > shift }), "\(name) at \(shift)")
    }
  }

  @Test(arguments: Seed.campaign(50))
  func `scaling by a power of two scales every eigenvalue bit for bit`(seed: Seed) throws {
    var generator = seed.generator
    let a = Matrix(RandomSymmetric.draw(order: 9, family: .goe, using: &generator).rows)
    let scaled = Matrix<Double>(
      rows: a.rows, columns: a.columns, elements: a.elements.map { $0 * 0x1p20 })
    #expect(try scaled.eigenvalues() == a.eigenvalues().map { $0 * 0x1p20 })
  }

  @Test(arguments: Seed.campaign(50))
  func `the negative matrix has the reversed spectrum`(seed: Seed) throws {
    let (name, a) = draw(seed)
    let negative = Matrix<Double>(
      rows: a.rows, columns: a.columns, elements: a.elements.map { -$0 })
    let mirrored = try negative.eigenvalues().map { -$0 }.reversed()
    #expect(
      LAPACKRatios.values(Array(mirrored), try a.eigenvalues())
        <= LAPACKRatios.threshold * Double(max(a.rows, 1)), "\(name)")
  }

  @Test(arguments: Seed.campaign(50))
  func `principal submatrices interlace (Cauchy)`(seed: Seed) throws {
    var generator = seed.generator
    let rows = RandomSymmetric.draw(order: 12, family: .clustered, using: &generator).rows
    let outer = try Matrix(rows).eigenvalues()
    let inner = try Matrix(rows.dropLast().map { Array($0.dropLast()) }).eigenvalues()
    let slack = 60 * 12 * Double.ulpOfOne * outer.reduce(0) { max($0, $1.magnitude) }
    for i in inner.indices {
      #expect(outer[i] <= inner[i] + slack && inner[i] <= outer[i + 1] + slack)
    }
  }
}
