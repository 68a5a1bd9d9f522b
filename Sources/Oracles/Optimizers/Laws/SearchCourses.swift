/// Single steps of a search along −g whose first trial only one of its conditions refuses.
struct SearchCourses: Sendable {
  /// c₁ of f(θ + αd) ≤ f(θ) + c₁αφ′(0).
  let decrease: Double
  /// Where the first trial is θ − ηg: η; nil where it is θ − g/‖g‖.
  var rate: Double?

  /// At the first trial f is flat and has fallen by 0.8, 1.2 and 3 times what is enough; or it has no
  /// value there, +∞ or NaN.
  func drawn(_ n: Int, using generator: inout SplitMix64) -> [Course] {
    let ridges = [0.8, 1.2, 3].map { share in Ridge.shelf(share * decrease) }
    return (ridges + [.cliff(.infinity), .cliff(.nan)]).map {
      course(down: $0, n, using: &generator)
    }
  }

  /// f = A·T·p(uᵀ(x − x₀)/T), T the first trial's distance.
  private func course(
    down ridge: Ridge, _ n: Int, using generator: inout SplitMix64
  ) -> Course {
    let start = Draw.normals(n, using: &generator).map { ($0 * 8).rounded() / 8 }
    let u = Draw.direction(n, using: &generator)
    let slope = rate.map { 3 / $0.squareRoot() } ?? 10
    let distance = rate.map { $0 * slope } ?? 1
    @Sendable func place(_ x: [Double]) -> Double {
      dot(u, moved(x, by: -1, along: start)) / distance
    }
    let function = StepFunction(
      value: { slope * distance * ridge.value(place($0)) },
      gradient: { x in
        let size = slope * ridge.slope(place(x))
        return u.map { size * $0 }
      },
      hessianVectorProduct: { x, v in
        let size = slope / distance * ridge.curvature(place(x)) * dot(u, v)
        return u.map { size * $0 }
      })
    return Course(start: start, steps: 1) { _ in function }
  }
}

/// A function p of a line with p(0) = 0 and p′(0) = −1.
private struct Ridge: Sendable {
  let value, slope, curvature: @Sendable (_ s: Double) -> Double

  /// The cubic with p(1) = −`fall` and p′(1) = 0: f falls from 0 on, and is back nearly as high at 1.
  static func shelf(_ fall: Double) -> Ridge {
    Ridge(
      value: { s in -s * (1 - s) * (1 - s) - fall * s * s * (3 - 2 * s) },
      slope: { s in (1 - s) * (3 * s - 1 - 6 * fall * s) },
      curvature: { s in 4 - 6 * s + 6 * fall * (2 * s - 1) })
  }

  /// A parabola with its minimum at 0.4, and no value from 0.75 on.
  static func cliff(_ beyond: Double) -> Ridge {
    Ridge(
      value: { s in s < 0.75 ? -s + 1.25 * s * s : beyond },
      slope: { s in s < 0.75 ? -1 + 2.5 * s : .nan },
      curvature: { s in s < 0.75 ? 2.5 : .nan })
  }
}
