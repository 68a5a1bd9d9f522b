import Foundation

extension Landscape {
  /// Σₖ cₖ·log cosh(⟨wₖ, x⟩ − bₖ) + (ε/2)‖x − p‖²: a random smooth function that is no quadratic.
  ///
  /// Its gradient grows no faster than ε‖x‖, so that methods of any step size stay finite on it;
  /// third derivatives do not vanish. Where all cₖ > 0 it is strictly convex. With 2n draws of
  /// wₖ, bₖ and p from the standard normal, ‖wₖ‖ about 1 and cₖ in [½, 1½); critical points are
  /// not listed.
  ///
  /// - Parameters:
  ///   - n: the number of variables, at least 1.
  ///   - isConvex: without it every third cₖ is negative.
  ///   - count: of ridges, how many draws of wₖ and bₖ; 2n where none are said.
  public static func logCosh(
    dimension n: Int, isConvex: Bool = true, ridges count: Int? = nil,
    using generator: inout some RandomNumberGenerator
  ) -> Landscape {
    precondition(n >= 1, "a function of \(n) variables")
    var ridges = [Ridge]()
    for k in 0..<(count ?? 2 * n) {
      let size = Draw.uniform(0.5, 1.5, using: &generator)
      ridges.append(
        Ridge(
          size: isConvex || k % 3 != 2 ? size : -size,
          direction: Draw.normals(n, using: &generator).map { $0 / Double(n).squareRoot() },
          offset: Draw.normal(using: &generator)))
    }
    let all = ridges
    let ε = 0.1
    let p = Draw.normals(n, using: &generator)
    return Landscape(
      name: "random \(isConvex ? "convex " : "")log cosh, n = \(n)", dimension: n,
      value: { x in
        var sum = 0.0
        for i in x.indices { sum += ε / 2 * (x[i] - p[i]) * (x[i] - p[i]) }
        for ridge in all {
          let z = ridge.argument(x).magnitude
          sum += ridge.size * (z + log1p(exp(-2 * z)) - log(2))
        }
        return sum
      },
      gradient: { x in
        var g = x.indices.map { ε * (x[$0] - p[$0]) }
        for ridge in all {
          let slope = ridge.size * tanh(ridge.argument(x))
          for i in g.indices { g[i] += slope * ridge.direction[i] }
        }
        return g
      },
      hessian: { x in
        let curvatures = all.map { $0.curvature(x) }
        return (0..<n).map { i in
          var row = [Double](repeating: 0, count: n)
          row[i] = ε
          for (ridge, curvature) in zip(all, curvatures) {
            let w = ridge.direction
            for j in row.indices { row[j] += curvature * (w[i] * w[j]) }
          }
          return row
        }
      },
      product: { x, v in
        var product = v.map { ε * $0 }
        for ridge in all {
          let (curvature, along) = (ridge.curvature(x), dot(ridge.direction, v))
          for i in product.indices { product[i] += curvature * (ridge.direction[i] * along) }
        }
        return product
      },
      criticalPoints: [], hasAllCriticalPoints: false)
  }
}

/// One cₖ·log cosh(⟨wₖ, x⟩ − bₖ).
private struct Ridge {
  let size: Double
  let direction: [Double]
  let offset: Double

  func argument(_ x: [Double]) -> Double { dot(direction, x) - offset }

  /// The second derivative along `direction`.
  func curvature(_ x: [Double]) -> Double {
    let t = tanh(argument(x))
    return size * (1 - t * t)
  }
}
