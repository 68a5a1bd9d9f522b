import Foundation
import Saddle
import Support
import Testing

@Suite struct SpectrumTests {
  // max|λ| = 100: at ε = 1e-3 zero means |λ| ≤ 0.1.
  private func spectrum() throws -> Spectrum {
    try Spectrum(eigenvalues: [100, -0.1, 0.1, -0.2, 0.1001, 0, 1e-9, -50], structuralZeros: 1)
  }

  @Test func `counts are those worked by hand, bounds included`() throws {
    let spectrum = try spectrum()
    let zeros = spectrum.degeneracy(at: 1e-3)
    #expect(zeros.zeros == 4)
    #expect(zeros.structural == 1)
    #expect(zeros.emergent == 3)
    #expect(zeros.fraction == 0.5)
    #expect(zeros.emergentFraction == 3.0 / 7)
    #expect(spectrum.index(at: 1e-3) == 2)
    #expect(spectrum.index(at: 0) == 3)
    #expect(spectrum.degeneracy(at: 0).zeros == 1)
    #expect(spectrum.degeneracy(at: 1).zeros == 8)
    #expect(spectrum.least == -50 && spectrum.greatest == 100)
  }

  @Test func `the radius is that of the larger end`() throws {
    #expect(try Spectrum(eigenvalues: [-7, 3]).radius == 7)
  }

  @Test func `structural zeros below the tolerance's reach are not counted twice`() throws {
    let spectrum = try Spectrum(eigenvalues: [1e-17, 1, -1e-15], structuralZeros: 2)
    let tight = spectrum.degeneracy(at: 1e-16)
    #expect(tight.zeros == 1 && tight.structural == 1 && tight.emergent == 0)
    #expect(tight.structuralKnown == 2)
  }

  @Test func `the curve never falls`() throws {
    let curve = try spectrum().degeneracyCurve()
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.zeros <= $1.zeros })
    #expect(curve.first?.tolerance == 1e-16 && curve.last?.tolerance == 1)
    #expect(
      zip(curve, curve.dropFirst()).allSatisfy {
        abs($1.tolerance / $0.tolerance - 1.7782794100389228) < 1e-12
      })
  }

  @Test func `what is no spectrum is refused`() {
    #expect(throws: SpectrumError.empty) { try Spectrum(eigenvalues: []) }
    #expect(throws: SpectrumError.notFinite(position: 1)) { try Spectrum(eigenvalues: [1, .nan]) }
    #expect(throws: SpectrumError.structuralZeros(2, order: 1)) {
      try Spectrum(eigenvalues: [1], structuralZeros: 2)
    }
  }

  @Test func `a spectrum reads back what was written`() throws {
    let spectrum = try spectrum()
    #expect(try JSONDecoder().decode(Spectrum.self, from: JSON.encode(spectrum)) == spectrum)
  }
}
