import Foundation
import Oracles
import Saddle
import Support
import Testing

/// What holds for every law, whatever it is; `LawMutantTests` holds them to every `LawOracle`.
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

  @Test func `beyond the support there is nothing`() {
    each { law in
      let (low, high) = (law.support.lowerBound, law.support.upperBound)
      #expect(
        law.cumulative(low - 1) == (law.atom.map { $0.position < low - 1 ? $0.mass : 0 } ?? 0))
      #expect(law.cumulative(high.nextUp + 9) == 1 && law.survival(high + 9) == 0)
      #expect(law.quantile(1) >= high)
    }
  }

  @Test func `upper quantiles are the other tail's`() {
    each { law in
      let width = law.support.upperBound - law.support.lowerBound
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
