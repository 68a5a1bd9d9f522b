/// f becomes s·f(Az + c).
struct ProblemChange {
  /// A.
  let linear: LinearMap
  /// c.
  let shift: [Double]
  /// s.
  var factor = 1.0
  /// What A multiplies rounding errors by.
  var condition = 1.0

  func applied(to z: [Double]) -> [Double] { moved(linear.forward(z), by: 1, along: shift) }

  static func draw(
    _ invariance: Invariance, dimension n: Int, number: Int, using generator: inout SplitMix64
  ) -> ProblemChange {
    let zero = [Double](repeating: 0, count: n)
    switch invariance {
    case .translation:
      return ProblemChange(linear: .identity, shift: Draw.normals(n, using: &generator))
    case .permutation:
      // A turn by one place or more leaves no coordinate where it was.
      return ProblemChange(
        linear: .turn(by: 1 + Draw.integer(below: n - 1, using: &generator), of: n), shift: zero)
    case .rotation:
      return ProblemChange(linear: .reflections(n, using: &generator), shift: zero)
    case .affine:
      // UDV with singular values between ½ and 2, which cost κ(A)² where AᵀHA is solved with.
      let scales = (0..<n).map { _ in Draw.uniform(0.5, 2, using: &generator) }
      return ProblemChange(
        linear: .reflections(n, using: &generator).after(.diagonal(scales))
          .after(.reflections(n, using: &generator)),
        shift: zero, condition: 16)
    case .gradientScale:
      // Small enough for a usual ε to be felt, and large.
      return ProblemChange(
        linear: .identity, shift: zero, factor: number % 4 < 2 ? 1.3e-6 : 7e3)
    }
  }
}

/// A linear map with its transpose, as products of maps that cost n each.
struct LinearMap {
  let forward, backward: @Sendable ([Double]) -> [Double]

  static let identity = LinearMap(forward: { $0 }, backward: { $0 })

  static func turn(by places: Int, of n: Int) -> LinearMap {
    LinearMap(
      forward: { x in x.indices.map { x[($0 + places) % n] } },
      backward: { x in x.indices.map { x[($0 + n - places) % n] } })
  }

  static func diagonal(_ scales: [Double]) -> LinearMap {
    LinearMap(
      forward: { zip(scales, $0).map { $0 * $1 } }, backward: { zip(scales, $0).map { $0 * $1 } })
  }

  /// Eight reflections, or as many as there are coordinates: an orthogonal map that mixes all of them.
  static func reflections(_ n: Int, using generator: inout SplitMix64) -> LinearMap {
    let normals = (0..<min(n, 8)).map { _ in Draw.direction(n, using: &generator) }
    @Sendable func reflected(_ x: [Double], _ u: [Double]) -> [Double] {
      moved(x, by: -2 * dot(u, x), along: u)
    }
    return LinearMap(
      forward: { normals.reduce($0, reflected) },
      backward: { normals.reversed().reduce($0, reflected) })
  }

  /// This map of what the other gives.
  func after(_ other: LinearMap) -> LinearMap {
    LinearMap(
      forward: { forward(other.forward($0)) }, backward: { other.backward(backward($0)) })
  }
}
