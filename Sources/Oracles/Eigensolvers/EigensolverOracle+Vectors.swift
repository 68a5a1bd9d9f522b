/// Laws of eigenvectors: LAPACK's ratios (TESTING/EIG), each below 60.
extension EigensolverOracle {
  static let vectorLaws = [decomposition, sameValues, somePairs, golubWelsch]

  static let decomposition = EigensolverOracle(
    "decomposition", law: "A = UΛUᵀ and UUᵀ = I up to rounding"
  ) { subject, trial throws(PropertyFailure) in
    guard let eigensystem = subject.eigensystem else { return nil }
    return try trial.onMatrices { rows, _ in
      try requireRatios(of: eigensystem(rows), rows, ulp: subject.precision.ulp)
    }
  }

  static let sameValues = EigensolverOracle(
    "values with vectors", law: "eigenvalues with vectors are those without"
  ) { subject, trial throws(PropertyFailure) in
    guard let eigensystem = subject.eigensystem else { return nil }
    return try trial.onMatrices { rows, _ in
      let beside = try eigensystem(rows).values
      try EigensolverSubject.requireSpectrum(beside, order: rows.count)
      try PropertyViolation.require(
        greatestDifference(try subject.spectrum(of: rows), beside),
        atMost: subject.bound(rows), "the same eigenvalues")
    }
  }

  static let somePairs = EigensolverOracle(
    "some pairs", law: "‖UᵀAU − Λ‖ is small for any of the pairs"
  ) { subject, trial throws(PropertyFailure) in
    guard let eigensystem = subject.eigensystem else { return nil }
    return try trial.onMatrices { rows, rng in
      let system = try eigensystem(rows)
      try requireShape(system, order: rows.count)
      let chosen = rows.indices.filter { _ in Draw.sign(using: &rng) > 0 }
      try PropertyViolation.require(
        LAPACKRatios.partialResidual(
          rows, values: chosen.map { system.values[$0] }, vectors: chosen.map { system.vectors[$0] },
          ulp: subject.precision.ulp),
        // The ratio has no n in it, and a product of three matrices is as accurate as n·ulp.
        atMost: LAPACKRatios.threshold * Double(max(rows.count, 1)), "UᵀAU = Λ")
    }
  }

  // √π·V₀ₖ² is the weight of the k-th Gauss–Hermite node (Golub and Welsch 1969), which is also
  // 2ⁿ⁻¹·n!·√π / (n·Hₙ₋₁(x))²: eigenvectors in closed form. With orthonormal polynomials it reads
  // 1 / Σ p_j(x)².
  static let golubWelsch = EigensolverOracle(
    "Golub–Welsch", law: "the first components of Hermite's tridiagonal are Gauss's weights"
  ) { subject, trial throws(PropertyFailure) in
    guard let eigensystem = subject.eigensystem else { return nil }
    let cases = (1...14).map { ("\($0) nodes", $0) }
    try checkEach(trial.name, of: cases) { n in
      let rows = RandomMatrix.symmetric(order: n) { i, j in
        i == j + 1 ? (Double(i) / 2).squareRoot() : 0
      }
      let system = try eigensystem(rows)
      try requireShape(system, order: n)
      let ulp = subject.precision.ulp
      for (x, vector) in zip(system.values, system.vectors) {
        var (previous, current, sum) = (0.0, 1.0, 0.0)
        for j in 0..<n {
          sum += current * current
          let next =
            (x * current - (Double(j) / 2).squareRoot() * previous)
            / (Double(j + 1) / 2).squareRoot()
          (previous, current) = (current, next)
        }
        // Weights down to 1e-12 beside 1: what rounding leaves of V₀² is of the order of ulp·|V₀|.
        try PropertyViolation.require(
          (vector[0] * vector[0] - 1 / sum).magnitude,
          atMost: 60 * Double(n) * ulp * max(vector[0].magnitude, ulp),
          "Gauss's weight", "n = \(n), x = \(x)")
      }
    }
    return cases.count
  }
}

/// Throws unless A = UΛUᵀ and UUᵀ = I by LAPACK's ratios.
func requireRatios(
  of system: (values: [Double], vectors: [[Double]]), _ rows: [[Double]], ulp: Double
) throws(PropertyViolation) {
  try requireShape(system, order: rows.count)
  try PropertyViolation.require(
    LAPACKRatios.residual(rows, values: system.values, vectors: system.vectors, ulp: ulp),
    atMost: LAPACKRatios.threshold, "A = UΛUᵀ")
  try PropertyViolation.require(
    LAPACKRatios.orthogonality(system.vectors, ulp: ulp), atMost: LAPACKRatios.threshold, "UUᵀ = I")
}

private func requireShape(
  _ system: (values: [Double], vectors: [[Double]]), order n: Int
) throws(PropertyViolation) {
  guard system.values.count == n, system.vectors.count == n,
    system.vectors.allSatisfy({ $0.count == n })
  else { throw PropertyViolation("n pairs of n components", "\(system.values.count) for n = \(n)") }
}
