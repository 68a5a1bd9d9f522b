/// Laws of what a change of the matrix that is known does to its eigenvalues.
extension EigensolverOracle {
  static let symmetryLaws = [shift, powerOfTwo, permutation, negation, similarity, directSum]

  static let shift = EigensolverOracle(
    "shift", law: "λ(A + cI) = λ(A) + c"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      let norm = LAPACKRatios.oneNorm(rows)
      let c = (norm > 0 ? norm : 1) * Draw.uniform(-2, 2, using: &rng)
      let shifted = RandomMatrix.symmetric(order: rows.count) { i, j in
        rows[i][j] + (i == j ? c : 0)
      }
      try PropertyViolation.require(
        greatestDifference(
          try subject.spectrum(of: shifted), try subject.spectrum(of: rows).map { $0 + c }),
        atMost: subject.bound(rows) + subject.bound(shifted), "shifted eigenvalues", "c = \(c)")
    }
  }

  static let powerOfTwo = EigensolverOracle(
    "powers of two", law: "λ(2ᵏA) = 2ᵏλ(A) bit for bit, short of over- and underflow"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      // Squares and products of three entries stay numbers, and entries above 2⁻²⁰⁰; in single
      // precision above 2⁻²⁵ of the greatest, and what that one is given as, within 2^±25.
      let magnitudes = rows.joined().map(\.magnitude).filter { $0 > 0 }
      guard let least = magnitudes.min(), let greatest = magnitudes.max(),
        least > 0x1p-200, greatest < 0x1p200,
        subject.precision == .double || least > 0x1p-25 * greatest
      else { throw Discard() }
      let exponent = Draw.integer(below: 41, using: &rng) - 20
      func scaled(_ x: Double) -> Double { Double(sign: .plus, exponent: exponent, significand: x) }
      let expected = try subject.spectrum(of: rows).map(scaled)
      let found = try subject.spectrum(of: rows.map { $0.map(scaled) })
      guard found == expected else {
        throw PropertyViolation("the same bits", "k = \(exponent): \(found), not \(expected)")
      }
    }
  }

  static let permutation = EigensolverOracle(
    "permutation", law: "λ(PAPᵀ) = λ(A)"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      var order = Array(rows.indices)
      for i in order.indices.dropFirst() { order.swapAt(i, Draw.integer(below: i + 1, using: &rng)) }
      let permuted = order.map { i in order.map { rows[i][$0] } }
      try PropertyViolation.require(
        greatestDifference(try subject.spectrum(of: permuted), try subject.spectrum(of: rows)),
        atMost: 2 * subject.bound(rows), "the same eigenvalues", "order \(order)")
    }
  }

  static let negation = EigensolverOracle(
    "negation", law: "λ(−A) is −λ(A) reversed"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, _ in
      let mirrored = try subject.spectrum(of: rows.map { $0.map { -$0 } }).reversed().map { -$0 }
      try PropertyViolation.require(
        greatestDifference(mirrored, try subject.spectrum(of: rows)),
        atMost: 2 * subject.bound(rows), "mirrored eigenvalues")
    }
  }

  static let similarity = EigensolverOracle(
    "orthogonal similarity", law: "λ(QAQᵀ) = λ(A), of diagonal A the diagonal itself"
  ) { subject, trial throws(PropertyFailure) in
    let spectra = Generator<[Double]>.spectrum(count: trial.order, decades: 3)
    return try trial.onMatrices(.symmetric(spectrum: spectra)) { rows, rng in
      let n = rows.count
      let q = RandomMatrix.orthogonal(order: n, using: &rng)
      let half = q.map { row in
        (0..<n).map { j in (0..<n).reduce(0) { $0 + row[$1] * rows[$1][j] } }
      }
      let turned = RandomMatrix.symmetric(order: n) { i, j in
        (0..<n).reduce(0) { $0 + half[i][$1] * q[j][$1] }
      }
      // To turn it is itself as accurate as n·ulp·‖A‖.
      try PropertyViolation.require(
        greatestDifference(try subject.spectrum(of: turned), try subject.spectrum(of: rows)),
        atMost: 2 * subject.bound(rows) + subject.bound(turned), "the same eigenvalues")
    }
  }

  static let directSum = EigensolverOracle(
    "direct sum", law: "the eigenvalues of two blocks are both blocks' together"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      let other = RandomMatrix.uniform(
        order: 1 + Draw.integer(below: 6, using: &rng), using: &rng)
      let n = rows.count
      let sum = RandomMatrix.symmetric(order: n + other.count) { i, j in
        i < n ? rows[i][j] : j >= n ? other[i - n][j - n] : 0
      }
      let expected = try (subject.spectrum(of: rows) + subject.spectrum(of: other)).sorted()
      try PropertyViolation.require(
        greatestDifference(try subject.spectrum(of: sum), expected),
        atMost: subject.bound(sum) + subject.bound(rows) + subject.bound(other),
        "both blocks' eigenvalues")
    }
  }
}
