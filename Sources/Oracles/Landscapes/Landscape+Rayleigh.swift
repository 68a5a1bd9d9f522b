extension Landscape {
  /// The Rayleigh quotient xᵀAx/xᵀx with A = QΛQᵀ and Q Haar-distributed, on ℝⁿ without 0.
  ///
  /// Its critical points are the eigenvectors, at any length; listed are those on the unit sphere.
  /// At a unit eigenvector of λₖ the Hessian is 2(A − λₖI): the index is the number of smaller
  /// eigenvalues, and the nullity, at least 1, the multiplicity of λₖ.
  ///
  /// - Parameters:
  ///   - eigenvalues: Λ, n ≥ 1 distinct finite numbers in any order.
  ///   - generator: draws the rotation.
  public static func rayleighQuotient(
    eigenvalues: [Double], using generator: inout some RandomNumberGenerator
  ) -> Landscape {
    let (a, critical) = eigenproblem(eigenvalues, using: &generator)
    let points = critical.flatMap { eigen in
      eigen.pair(length: 1, index: eigen.smaller, nullity: 1, value: eigen.value)
    }
    return Landscape(
      name: "Rayleigh quotient, n = \(a.count)", dimension: a.count,
      value: { x in dot(x, a.map { dot($0, x) }) / dot(x, x) },
      gradient: { x in
        let (image, square) = (a.map { dot($0, x) }, dot(x, x))
        let quotient = dot(x, image) / square
        return x.indices.map { 2 * (image[$0] - quotient * x[$0]) / square }
      },
      hessian: { x in
        let (image, square) = (a.map { dot($0, x) }, dot(x, x))
        let quotient = dot(x, image) / square
        let g = x.indices.map { 2 * (image[$0] - quotient * x[$0]) / square }
        // 2(A − qI − xgᵀ − gxᵀ)/‖x‖².
        return x.indices.map { i in
          x.indices.map { j in
            let mixed = x[i] * g[j] + g[i] * x[j]
            return 2 * (a[i][j] - (i == j ? quotient : 0) - mixed) / square
          }
        }
      },
      criticalPoints: points, hasAllCriticalPoints: false)
  }

  /// ½xᵀAx + ¼‖x‖⁴ with A = QΛQᵀ: the Rayleigh quotient as a polynomial that grows in all
  /// directions.
  ///
  /// Its critical points are the origin, of index #{λ < 0}, and ±√(−λₖ)·qₖ for every λₖ < 0, of
  /// value −λₖ²/4, where the Hessian has the eigenvalues λⱼ − λₖ (j ≠ k) and −2λₖ: one of every
  /// index from 0 on.
  ///
  /// - Parameters:
  ///   - eigenvalues: Λ, n ≥ 1 distinct finite numbers, none of them 0.
  ///   - generator: draws the rotation.
  public static func quarticWell(
    eigenvalues: [Double], using generator: inout some RandomNumberGenerator
  ) -> Landscape {
    precondition(!eigenvalues.contains(0), "a zero eigenvalue in \(eigenvalues)")
    let (a, critical) = eigenproblem(eigenvalues, using: &generator)
    let n = a.count
    let origin = CriticalPoint(
      location: [Double](repeating: 0, count: n), index: eigenvalues.count { $0 < 0 }, value: 0)
    let wells = critical.filter { $0.value < 0 }.flatMap { eigen in
      eigen.pair(
        length: (-eigen.value).squareRoot(), index: eigen.smaller, nullity: 0,
        value: -eigen.value * eigen.value / 4)
    }
    return Landscape(
      name: "quartic well, n = \(n)", dimension: n,
      value: { x in
        let square = dot(x, x)
        return 0.5 * dot(x, a.map { dot($0, x) }) + 0.25 * square * square
      },
      gradient: { x in
        let square = dot(x, x)
        return x.indices.map { dot(a[$0], x) + square * x[$0] }
      },
      hessian: { x in
        let square = dot(x, x)
        return x.indices.map { i in
          x.indices.map { j in a[i][j] + (i == j ? square : 0) + 2 * (x[i] * x[j]) }
        }
      },
      criticalPoints: [origin] + wells, hasAllCriticalPoints: true)
  }

  /// A = QΛQᵀ, symmetric bit for bit, with its eigenvectors.
  private static func eigenproblem(
    _ eigenvalues: [Double], using generator: inout some RandomNumberGenerator
  ) -> (matrix: [[Double]], eigen: [Eigenpair]) {
    precondition(
      !eigenvalues.isEmpty && Set(eigenvalues).count == eigenvalues.count,
      "distinct eigenvalues, at least one, and not \(eigenvalues)")
    let n = eigenvalues.count
    let q = RandomMatrix.orthogonal(order: n, using: &generator)
    let a = RandomMatrix.symmetric(order: n) { i, j in
      var sum = 0.0
      for k in 0..<n { sum += q[i][k] * eigenvalues[k] * q[j][k] }
      return sum
    }
    let eigen = (0..<n).map { k in
      Eigenpair(
        value: eigenvalues[k], vector: (0..<n).map { q[$0][k] },
        smaller: eigenvalues.count { $0 < eigenvalues[k] })
    }
    return (a, eigen)
  }
}

private struct Eigenpair {
  let value: Double
  /// Of length 1.
  let vector: [Double]
  /// How many eigenvalues are smaller.
  let smaller: Int

  /// The critical points at ±length·vector.
  func pair(length: Double, index: Int, nullity: Int, value: Double) -> [CriticalPoint] {
    [length, -length].map { factor in
      CriticalPoint(
        location: vector.map { factor * $0 }, index: index, nullity: nullity, value: value)
    }
  }
}
