import Foundation

/// The limit laws of whole spectra.
extension LawReference {
  private static let shares = [0.001, 0.1, 0.3, 0.47, 0.5, 0.71, 0.9, 0.999]

  init(center: Double, radius: Double) {
    self.init(support: center - radius...center + radius)
    let law = Semicircle(radius: radius)
    points = Self.shares.map { center + (2 * $0 - 1) * radius }
    cuts = points
    self.center = center
    moments =
      (FreeCumulants.semicircle(variance: radius * radius / 4, count: 6) + .point(center, count: 6))
      .moments
    (lowerExponent, upperExponent) = (0.5, 0.5)
    density = { law.density($0 - center) }
    cumulative = { law.cumulative($0 - center) }
    let grid = self.grid(40)
    draws = { seed in
      let n = 2000
      let drawn = try DrawnTridiagonal.hermite(order: n, beta: 1, seed: seed)
      return LawDraws(levels: try drawn.counts, count: n, at: grid) { x in
        (x - center) / radius * 2 * Double(n).squareRoot()
      }
    }
  }

  init(standard law: MarchenkoPastur, scale: Double, shift: Double) {
    let ends = [shift + scale * law.lowerEdge, shift + scale * law.upperEdge].sorted()
    self.init(support: ends[0]...ends[1])
    let width = law.upperEdge - law.lowerEdge
    let inner = Self.shares.map { law.lowerEdge + $0 * width }
    setAffine(
      scale: scale, shift: shift, inner: inner, atom: law.atom, density: law.density,
      mass: { try law.mass(from: law.lowerEdge, to: $0).value })
    moments =
      (FreeCumulants.marchenkoPastur(ratio: law.ratio, scale: scale, count: 6)
      + .point(shift, count: 6)).moments
    let exponents = [law.ratio == 1 ? -0.5 : 0.5, 0.5]
    (lowerExponent, upperExponent) =
      scale > 0 ? (exponents[0], exponents[1]) : (exponents[1], exponents[0])
    let grid = self.grid(40)
    draws = { seed in
      let columns = max(2000.0, 200 / law.ratio)
      let (rows, degrees) =
        law.ratio <= 1
        ? (Int((law.ratio * columns).rounded()), Int(columns.rounded()))
        : (Int((law.ratio * 400).rounded()), 400)
      let drawn = try DrawnTridiagonal.wishart(
        order: min(rows, degrees), degrees: max(rows, degrees), seed: seed)
      let found = LawDraws(
        levels: try drawn.counts, count: min(rows, degrees), zeros: max(rows - degrees, 0),
        at: grid.map { scale > 0 ? $0 : -$0 }.sorted()
      ) { ((scale > 0 ? $0 : -$0) - shift) / scale * Double(degrees) }
      return scale > 0 ? found : found.mirrored
    }
  }

  init(standard law: FreeConvolution, scale: Double, shift: Double) throws {
    let parts = law.components
    let (least, greatest) = (parts[0].lowerBound, parts[parts.count - 1].upperBound)
    let ends = [shift + scale * least, shift + scale * greatest].sorted()
    self.init(support: ends[0]...ends[1])
    setAffine(
      scale: scale, shift: shift, inner: Self.shares.map { least + $0 * (greatest - least) },
      atom: 0, density: law.density, mass: { try law.mass(below: $0) })
    // The density is not smooth at a gap's ends, and there its own digits are lost.
    cuts =
      (cuts + parts.flatMap { [shift + scale * $0.lowerBound, shift + scale * $0.upperBound] })
      .sorted()
    // The roots of the cubic lose digits in the square root at the edges.
    (densityTolerance, cumulativeTolerance) = (1e-7, 1e-8)
    moments =
      (FreeCumulants.semicircle(variance: law.variance * scale * scale, count: 6)
      + .marchenkoPastur(ratio: law.ratio, scale: scale, count: 6) + .point(shift, count: 6))
      .moments
    (lowerExponent, upperExponent, edgeDepth) = (0.5, 0.5, 1e-6)
    let grid = self.grid(40)
    draws = { seed in
      // GOE's law does not change under rotation: the other matrix may as well be diagonal.
      let (n, degrees) = (200, Int((200 / law.ratio).rounded()))
      let few = min(n, degrees)
      let positive = try DrawnTridiagonal.wishart(
        order: few, degrees: max(n, degrees), seed: seed)
      let diagonal =
        try [Double](repeating: 0, count: n - few)
        + GSL.eigenvalues(positive.rows).map { $0 / Double(degrees) }
      var rng = SplitMix64(seed: seed)
      var rows = RandomMatrix.goe(order: n, using: &rng)
      let deviation = (law.variance / Double(n)).squareRoot()
      for i in 0..<n {
        for j in 0..<n { rows[i][j] = deviation * rows[i][j] + (i == j ? diagonal[i] : 0) }
      }
      let levels = try GSL.eigenvalues(rows).map { shift + scale * $0 }
      var found = LawDraws(levels, at: grid)
      // Rigid levels, not independent draws.
      found.bound = 8 / Double(n)
      return found
    }
  }

  /// Density, distribution function and points of shift + scale·Y, Y a law with its atom at zero.
  private mutating func setAffine(
    scale: Double, shift: Double, inner: [Double], atom mass: Double,
    density: @escaping @Sendable (Double) -> Double, mass below: @escaping LawSubject.Function
  ) {
    points = inner.map { shift + scale * $0 }.sorted()
    cuts = points
    if mass > 0 { atom = (shift, mass) }
    self.density = { density(($0 - shift) / scale) / scale.magnitude }
    cumulative = { x in
      let continuous = try below((x - shift) / scale)
      return scale > 0
        ? continuous + (x >= shift ? mass : 0) : 1 - mass - continuous + (x >= shift ? mass : 0)
    }
  }
}
