/// Laws of the counts of eigenvalues by sign.
extension EigensolverOracle {
  static let inertiaLaws = [sylvester, countsAtShifts, hollow, exactZeros, prescribedInertia]

  // Eigenvalues of SᵀAS are A's times factors between σ_min(S)² and σ_max(S)² (Ostrowski 1959).
  static let sylvester = EigensolverOracle(
    "Sylvester", law: "SᵀAS has as many eigenvalues of each sign as A"
  ) { subject, trial throws(PropertyFailure) in
    // Of singular matrices rounding decides.
    try trial.onMatrices(coversAll: false) { rows, rng in
      let n = rows.count
      let congruent = congruence(rows, &rng)
      let (values, others) = (try GSL.eigenvalues(rows), try subject.spectrum(of: congruent))
      let (near, nearOthers) = (2 * subject.bound(rows), 2 * subject.bound(congruent))
      guard values.allSatisfy({ $0.magnitude > near }),
        try GSL.eigenvalues(congruent).allSatisfy({ $0.magnitude > nearOthers })
      else { throw Discard() }
      let negative = values.count { $0 < 0 }
      let found = others.count { $0 < 0 }
      guard found == negative else {
        throw PropertyViolation("Sylvester's law", "\(found) negative of \(negative)")
      }
      guard let inertia = subject.inertia else { return }
      for matrix in [rows, congruent] {
        let counted = try inertia(matrix, 0)
        guard counted == (negative, 0, n - negative) else {
          throw PropertyViolation("the factorization's inertia", "\(counted), \(negative) negative")
        }
      }
    }
  }

  /// SᵀAS with S unit upper triangular, and symmetric bit for bit.
  private static func congruence(
    _ rows: [[Double]], _ rng: inout SplitMix64
  ) -> [[Double]] {
    let n = rows.count
    let s = (0..<n).map { i in
      (0..<n).map { j in i == j ? 1 : i < j ? Draw.uniform(-1, 1, using: &rng) / Double(n) : 0 }
    }
    let half = (0..<n).map { i in
      (0..<n).map { j in (0..<n).reduce(0) { $0 + s[$1][i] * rows[$1][j] } }
    }
    return RandomMatrix.symmetric(order: n) { i, j in
      (0..<n).reduce(0) { $0 + half[i][$1] * s[$1][j] }
    }
  }

  static let countsAtShifts = EigensolverOracle(
    "counts at shifts", law: "the inertia of A − σI counts GSL's eigenvalues about σ"
  ) { subject, trial throws(PropertyFailure) in
    guard let inertia = subject.inertia else { return nil }
    return try trial.onMatrices { rows, rng in
      let values = try GSL.eigenvalues(rows)
      let norm = LAPACKRatios.oneNorm(rows)
      let bound = 2 * subject.bound(rows)
      var shifts = (0..<4).map { _ in norm * Draw.uniform(-1, 1, using: &rng) } + [0]
      // Just beside an eigenvalue, where a sign that is wrong shows.
      for _ in values.prefix(3) {
        let beside = values[Draw.integer(below: values.count, using: &rng)]
        shifts.append(beside + Draw.sign(using: &rng) * 2 * bound)
      }
      for shift in shifts where values.allSatisfy({ ($0 - shift).magnitude > bound }) {
        let negative = values.count { $0 < shift }
        let counted = try inertia(rows, shift)
        guard counted == (negative, 0, rows.count - negative) else {
          throw PropertyViolation("GSL's counts", "\(counted) at \(shift), \(negative) below")
        }
      }
    }
  }

  // Without pivoting, the first division is by zero.
  static let hollow = EigensolverOracle(
    "hollow matrices", law: "matrices with zeros on the diagonal have GSL's counts"
  ) { subject, trial throws(PropertyFailure) in
    guard let inertia = subject.inertia else { return nil }
    return try trial.onMatrices(sizes: 40...100, coversAll: false) { rows, _ in
      let hollow = RandomMatrix.symmetric(order: rows.count) { $0 == $1 ? 0 : rows[$0][$1] }
      let values = try GSL.eigenvalues(hollow)
      guard values.allSatisfy({ $0.magnitude > 2 * subject.bound(hollow) }), rows.count > 1
      else { throw Discard() }
      let negative = values.count { $0 < 0 }
      let counted = try inertia(hollow, 0)
      guard counted == (negative, 0, rows.count - negative) else {
        throw PropertyViolation("GSL's counts", "\(counted), \(negative) below")
      }
    }
  }

  // Small whole numbers: every pivot of order 1, and every determinant of order 2, is exact.
  static let exactZeros = EigensolverOracle(
    "exact zeros", law: "blocks [d] and [[0, e], [e, 0]] of whole numbers have exact inertias"
  ) { subject, trial throws(PropertyFailure) in
    guard let inertia = subject.inertia else { return nil }
    let entries = Generator.integer(in: -4...4).array(count: 1...max(1, trial.order / 2))
    let blocks = entries.with(Generator.integer(in: 1...4).array(count: 0...trial.order / 4))
    return try checkProperty(
      trial.name, samples: trial.samples, over: blocks, seed: trial.seed, corpus: trial.corpus
    ) { diagonal, sides in
      let n = diagonal.count + 2 * sides.count
      var rows = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
      for (i, d) in diagonal.enumerated() { rows[i][i] = Double(d) }
      for (k, e) in sides.enumerated() {
        let i = diagonal.count + 2 * k
        (rows[i][i + 1], rows[i + 1][i]) = (Double(e), Double(e))
      }
      for shift in sides.isEmpty ? Array(-5...5) : [0] {
        let expected = (
          diagonal.count { $0 < shift } + sides.count, diagonal.count { $0 == shift },
          diagonal.count { $0 > shift } + sides.count
        )
        let counted = try inertia(rows, Double(shift))
        guard counted == expected else {
          throw PropertyViolation("the exact inertia", "\(counted), not \(expected) at \(shift)")
        }
      }
    }.samples
  }

  static let prescribedInertia = EigensolverOracle(
    "prescribed inertia", law: "a matrix made with given signs has them; its zeros are about zero"
  ) { subject, trial throws(PropertyFailure) in
    var cases = 0
    for (negative, zero, positive) in [(0, 3, 0), (4, 0, 0), (1, 0, 7), (3, 2, 4), (6, 9, 1)] {
      cases += try trial.onMatrices(
        .symmetric(negative: negative, zero: zero, positive: positive)
      ) { rows, _ in
        let bound = subject.bound(rows)
        let found = try subject.spectrum(of: rows)
        let counts = (
          found.count { $0 < -bound }, found.count { $0.magnitude <= bound },
          found.count { $0 > bound }
        )
        guard counts == (negative, zero, positive) else {
          throw PropertyViolation(
            "the given inertia", "\(counts), not (\(negative), \(zero), \(positive))")
        }
        // A matrix that rounding made has zeros only up to rounding; one of zeros alone, exactly.
        guard let inertia = subject.inertia, zero == 0 || zero == rows.count else { return }
        let counted = try inertia(rows, 0)
        guard counted == (negative, zero, positive) else {
          throw PropertyViolation("the given inertia", "counted \(counted)")
        }
      }
    }
    return cases
  }
}
