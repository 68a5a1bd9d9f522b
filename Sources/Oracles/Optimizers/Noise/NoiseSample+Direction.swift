/// Whether the noise is uniform: lengths, and every direction alike.
extension NoiseSample {
  /// Length 1 on the sphere; in the ball rⁿ is uniform.
  package func gatherLengths(into evidence: inout Evidence) {
    switch shape {
    case .sphere:
      for length in lengths where length != 1 {
        return evidence.require(false, "a length of \(length) in \(dimension) dimensions")
      }
      evidence.require(true, "lengths")
    case .ball:
      evidence.add(uniform: levels, "rⁿ in \(dimension) dimensions")
    }
  }

  /// What it is along coordinates, along the diagonals of pairs and of cubes, and along directions
  /// at random has the law of a coordinate.
  package func gatherProjections(
    into evidence: inout Evidence, using generator: inout some RandomNumberGenerator
  ) {
    let n = dimension
    func add(_ label: String, _ projection: ([Double]) -> Double) {
      evidence.add(
        cosines: directions.map(projection), dimension: n, "along \(label) of \(n) dimensions")
    }
    for i in 0..<n { add("coordinate \(i)") { $0[i] } }
    guard n > 1 else { return }
    let half = 0.5.squareRoot()
    // Every pair where they are few, and every neighbour.
    for i in 0..<n {
      for j in i + 1..<max(n, i + 1) where n <= 8 || j == i + 1 {
        add("coordinates \(i) and \(j)") { half * ($0[i] + $0[j]) }
        add("coordinates \(i) and −\(j)") { half * ($0[i] - $0[j]) }
      }
    }
    let ones = [Double](repeating: 1 / Double(n).squareRoot(), count: n)
    add("the diagonal") { dot($0, ones) }
    for _ in 0..<8 {
      let signs = ones.map { Draw.sign(using: &generator) * $0 }
      add("a diagonal") { dot($0, signs) }
      let direction = Draw.direction(n, using: &generator)
      add("a direction") { dot($0, direction) }
    }
  }

  /// Monomials up to the fourth degree are above those of a right draw half of the time.
  ///
  /// All of them in three dimensions or fewer; in more all of the first and second degree, and
  /// sums of the third and fourth. Between independent draws of one law a coin decides, whatever
  /// the law of a monomial is.
  package func gatherMoments(
    into evidence: inout Evidence, using generator: inout some RandomNumberGenerator
  ) {
    let n = dimension
    guard n > 1 else { return }
    let noises = zip(lengths, directions).map { length, direction in
      direction.map { length * $0 }
    }
    let right = noises.map { _ in NoiseSample.right(n, shape, using: &generator) }
    func add(_ label: String, _ moment: ([Double]) -> Double) {
      let above = zip(noises, right).count { moment($0) > moment($1) }
      evidence.add(heads: above, of: count, "\(label) in \(n) dimensions")
    }
    var monomials: [[Int]] = [[]]
    for degree in 1...(n <= 3 ? 4 : 2) {
      monomials = monomials.flatMap { indices in
        ((indices.last ?? 0)..<n).map { indices + [$0] }
      }
      for indices in monomials {
        add("E ξ" + indices.map { "\($0)" }.joined(separator: "ξ") + ", degree \(degree)") { ξ in
          var product = 1.0
          for i in indices { product *= ξ[i] }
          return product
        }
      }
    }
    add("Σ ξᵢ³") { ξ in ξ.reduce(0) { $0 + $1 * $1 * $1 } }
    add("Σ ξᵢ⁴") { ξ in ξ.reduce(0) { $0 + $1 * $1 * $1 * $1 } }
    add("Σ ξᵢξᵢ₊₁") { ξ in ξ.indices.dropFirst().reduce(0) { $0 + ξ[$1] * ξ[$1 - 1] } }
    add("Σ ξᵢ²ξᵢ₊₁") { ξ in
      ξ.indices.dropFirst().reduce(0) { $0 + ξ[$1] * ξ[$1 - 1] * ξ[$1 - 1] }
    }
    add("Σ ξᵢ²ξᵢ₊₁²") { ξ in
      ξ.indices.dropFirst().reduce(0) { $0 + (ξ[$1] * ξ[$1 - 1]) * (ξ[$1] * ξ[$1 - 1]) }
    }
  }

  /// The joint law: coordinate by coordinate given those before, each uniform and independent of
  /// its neighbour; and, in the ball, of the length.
  package func gatherJointLaw(into evidence: inout Evidence) {
    let n = dimension
    guard n > 1 else { return }
    let transform = DirectionTransform(dimension: n)
    let uniforms = directions.map { transform($0) }
    evidence.add(uniform: uniforms.flatMap { $0 }, "all coordinates of \(n)")
    for i in 0..<n - 1 {
      evidence.add(uniform: uniforms.map { $0[i] }, "coordinate \(i) of \(n) given those before")
    }
    evidence.add(
      pairs: uniforms.flatMap { u in zip(u, u.dropFirst()) }, "neighbours among \(n) coordinates")
    if shape == .ball {
      evidence.add(
        pairs: zip(levels, uniforms).flatMap { level, u in u.map { (level, $0) } },
        "lengths and directions in \(n) dimensions")
    }
  }
}
