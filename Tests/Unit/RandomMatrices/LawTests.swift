import Foundation
import Oracles
import Saddle
import Support
import Testing

/// What holds for every law, whatever it is.
@Suite struct LawTests {
  static let semicircles = [
    SemicircleLaw(radius: 2), SemicircleLaw(center: -1.5, radius: 0.25),
  ]
  static let marchenkoPastur = [
    MarchenkoPasturLaw(ratio: 0.01), MarchenkoPasturLaw(ratio: 0.5, scale: 2, shift: -1),
    MarchenkoPasturLaw(ratio: 0.99), MarchenkoPasturLaw(ratio: 1),
    MarchenkoPasturLaw(ratio: 4, scale: 0.5), MarchenkoPasturLaw(ratio: 0.3, scale: -1, shift: 2),
    MarchenkoPasturLaw(ratio: 30, scale: -0.1),
  ]
  static let convolutions = [
    FreeConvolutionLaw(semicircleVariance: 1, plus: MarchenkoPasturLaw(ratio: 0.5)),
    FreeConvolutionLaw(
      semicircleVariance: 0.01, plus: MarchenkoPasturLaw(ratio: 0.8, scale: -2, shift: 3)),
    FreeConvolutionLaw(semicircleVariance: 0.3, plus: MarchenkoPasturLaw(ratio: 3)),
    // In two parts: below and above 0.
    FreeConvolutionLaw(semicircleVariance: 0.01, plus: MarchenkoPasturLaw(ratio: 4)),
    FreeConvolutionLaw(semicircleVariance: 1, plus: MarchenkoPasturLaw(ratio: 1e-4)),
    FreeConvolutionLaw(semicircleVariance: 0.5, plus: MarchenkoPasturLaw(ratio: 1)),
    FreeConvolutionLaw(semicircleVariance: 0, plus: MarchenkoPasturLaw(ratio: 2)),
  ]

  private func each(_ check: (any SpectralLaw) throws -> Void) rethrows {
    for law in Self.semicircles { try check(law) }
    for law in Self.marchenkoPastur { try check(law) }
    for law in Self.convolutions { try check(law) }
  }

  /// Inner cuts, since a gap or a cusp may lie anywhere.
  private func integral(
    of law: any SpectralLaw, from low: Double, to high: Double, _ weight: (Double) -> Double
  ) throws -> Double {
    var cuts = [low, high]
    if let law = law as? FreeConvolutionLaw {
      cuts += law.components.flatMap { [$0.lowerBound, $0.upperBound] }
    }
    let inside = cuts.filter { $0 >= low && $0 <= high }.sorted()
    return try zip(inside, inside.dropFirst()).reduce(0) { sum, piece in
      sum
        + (try GSL.integral(
          of: { law.density($0) * weight($0) }, from: piece.0, to: piece.1, absolute: 1e-11,
          relative: 1e-10
        ).value)
    }
  }

  @Test(.tags(.oracle)) func `densities and atoms sum to one, with the law's mean and variance`()
    throws
  {
    let tolerance = Tolerance(absolute: 1e-8, relative: 1e-9, why: "GSL's quadrature at 1e-10")
    try each { law in
      let (low, high) = (law.support.lowerBound, law.support.upperBound)
      let atom = law.atom ?? Atom(position: 0, mass: 0)
      let mass = try integral(of: law, from: low, to: high) { _ in 1 } + atom.mass
      let mean = try integral(of: law, from: low, to: high) { $0 } + atom.mass * atom.position
      let square =
        try integral(of: law, from: low, to: high) { ($0 - law.mean) * ($0 - law.mean) }
        + atom.mass * (atom.position - law.mean) * (atom.position - law.mean)
      expectClose(mass, 1, within: tolerance, "\(law)")
      expectClose(mean, law.mean, within: tolerance, "\(law)")
      expectClose(square, law.variance, within: tolerance, "\(law)")
    }
  }

  @Test(.tags(.oracle)) func `distribution functions are the densities' integrals`() throws {
    try each { law in
      let (low, high) = (law.support.lowerBound, law.support.upperBound)
      for share in [0.001, 0.1, 0.3, 0.47, 0.5, 0.71, 0.9, 0.999] {
        let x = low + share * (high - low)
        let atom = law.atom.map { $0.position <= x ? $0.mass : 0 } ?? 0
        let expected = try integral(of: law, from: low, to: x) { _ in 1 } + atom
        expectClose(
          law.cumulative(x), expected,
          within: Tolerance(absolute: 1e-9, why: "GSL's quadrature at 1e-10"), "\(law) at \(x)")
        expectClose(
          law.cumulative(x) + law.survival(x), 1,
          within: Tolerance(absolute: 1e-14, why: "rounding"), "\(law) at \(x)")
      }
      #expect(
        law.cumulative(low - 1) == (law.atom.map { $0.position < low - 1 ? $0.mass : 0 } ?? 0))
      #expect(law.cumulative(high.nextUp + 9) == 1 && law.survival(high + 9) == 0)
    }
  }

  @Test func `quantiles invert the distribution functions to rounding`() {
    each { law in
      let width = law.support.upperBound - law.support.lowerBound
      for p in [1e-6, 0.01, 0.25, 0.5, 0.77, 0.99] {
        let x = law.quantile(p)
        // One part in 1e15 of the width moves F by that times the density.
        let slack = 1e-13 + 4e-15 * width * law.density(x)
        if let atom = law.atom, x == atom.position {
          #expect(law.cumulative(x) >= p && law.cumulative(x.nextDown) < p, "\(law) at \(p)")
        } else {
          #expect((law.cumulative(x) - p).magnitude <= slack, "\(law) at \(p)")
        }
      }
      #expect(law.quantile(1) >= law.support.upperBound)
      expectClose(
        law.upperQuantile(0.25), law.quantile(0.75),
        within: Tolerance(absolute: 1e-14 * width, why: "rounding in either tail"), "\(law)")
    }
  }

  @Test func `every law reads back what was written`() throws {
    func check<Law: SpectralLaw>(_ law: Law) throws {
      #expect(try JSONDecoder().decode(Law.self, from: JSONEncoder().encode(law)) == law)
    }
    for law in Self.semicircles { try check(law) }
    for law in Self.marchenkoPastur { try check(law) }
    for law in Self.convolutions { try check(law) }
  }

  @Test(arguments: ["-1", "0"]) func `a file's impossible law is refused`(variance: String) {
    let text = """
      {"mean": 0, "semicircleVariance": \(variance), "marchenkoPasturVariance": 0,
       "skewLength": 1}
      """
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(FreeConvolutionLaw.self, from: Data(text.utf8))
    }
  }
}
