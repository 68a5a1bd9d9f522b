import Oracles
import Saddle
import Support
import Testing

/// Counts by inertia against GSL's eigenvalues.
@Suite struct KrylovCountTests {
  @Test(.tags(.oracle), arguments: Seed.campaign(300))
  func `every count's interval has the true count in it`(seed: Seed) throws {
    var rng = seed.generator
    let drawn = RandomSymmetric.draw(maximumOrder: 30, using: &rng)
    let values = try GSL.eigenvalues(drawn.rows)
    let radius = values.reduce(0) { max($0, $1.magnitude) }
    // GSL's own error.
    let slack = 4 * Double(max(drawn.order, 1)) * Double.ulpOfOne * radius
    var counter = try ShiftedInertia(Matrix(drawn.rows))
    for k in 0..<6 {
      // Half of the shifts at an eigenvalue or within some ulp of one, where counting is hard.
      let near = values.isEmpty || k % 2 == 0 ? nil : values[rng.index(below: values.count)]
      let shift =
        near.map { $0 + slack * rng.uniform(-4, 4) } ?? (radius * rng.uniform(-1.1, 1.1))
      let count = try counter.count(below: shift, doubt: k < 4 ? 1e-9 : 0, using: &rng)
      let least = values.count { $0 < shift - slack }
      let most = values.count { $0 <= shift + slack }
      #expect(
        count.below.lowerBound <= most && least <= count.below.upperBound,
        "\(drawn.name) at \(shift): \(count.below), \(least) to \(most)")
      // Nor is the interval wider than the eigenvalues near the shift.
      let reach = 2 * count.errorBound + slack
      #expect(
        count.below.lowerBound >= values.count { $0 < shift - reach }
          && count.below.upperBound <= values.count { $0 <= shift + reach },
        "\(drawn.name) at \(shift): \(count)")
    }
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(40))
  func `far from all eigenvalues a count is one number, and that of the spectrum`(
    seed: Seed
  ) throws {
    var rng = seed.generator
    let a = Matrix(RandomMatrix.goe(order: 60, using: &rng))
    let values = try a.eigenvalues()
    let spectrum = try Spectrum(eigenvalues: values)
    let tolerances = [1e-4, 1e-3, 1e-2, 0.1]
    let counts = try EigenvalueCounts(of: a, tolerances: tolerances, using: &rng)
    #expect(counts.radius.value >= spectrum.radius * (1 - 1e-5))
    for count in counts.counts {
      let bound = count.threshold
      // The radius is known to 1e-6 of its residual: ε is relative to what is reported.
      let index = values.count { $0 < -bound }
      let zeros = values.count { $0.magnitude <= bound }
      #expect(count.index == index...index && count.zeros == zeros...zeros)
    }
  }

  // With an eigenvalue within the error bound, "certain" by inverse iteration is false, and may
  // come with probability 0.8·τ: at τ = 0.04, of 2000 counts 64 are expected at most, 105 is 5.2
  // standard deviations off: false-alarm rate below 1e-6.
  @Test(.tags(.statistical)) func `doubt is not understated`() throws {
    var rng = RandomStream(seed: 42)
    let base = RandomMatrix.symmetric(
      spectrum: (0..<20).map { $0 == 0 ? 0 : 1 + Double($0) }, using: &rng)
    var counter = try ShiftedInertia(Matrix(base))
    let shift = 0.9 * (try counter.count(below: 1e-6, using: &rng).errorBound)
    var falselyCertain = 0
    for _ in 0..<2000 {
      let count = try counter.count(below: shift, doubt: 0.04, using: &rng)
      #expect(shift < count.errorBound)
      if count.nearest != nil { falselyCertain += 1 }
    }
    #expect(falselyCertain <= 105, "\(falselyCertain) of 2000")
  }
}
