/// Laws of input at the end of what is allowed, and beyond it.
extension EigensolverOracle {
  static let refusals = [refusesNonFinite, refusesAsymmetry, extremes, sameAgain]

  static let refusesNonFinite = EigensolverOracle(
    "refuses NaN and infinity", law: "an entry that is not finite anywhere is an error"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      guard !rows.isEmpty else { throw Discard() }
      var broken = rows
      let i = Draw.integer(below: rows.count, using: &rng)
      let j = Draw.integer(below: rows.count, using: &rng)
      let entry = [Double.nan, .infinity, -.infinity][Draw.integer(below: 3, using: &rng)]
      (broken[i][j], broken[j][i]) = (entry, entry)
      try requireRefusal("\(entry) at (\(i), \(j))") { try subject.eigenvalues(broken) }
      if let eigensystem = subject.eigensystem {
        try requireRefusal("\(entry), with vectors") { try eigensystem(broken).values }
      }
      if let inertia = subject.inertia {
        try requireRefusal("\(entry), counted") { [Double(try inertia(broken, 0).negative)] }
      }
    }
  }

  static let refusesAsymmetry = EigensolverOracle(
    "refuses asymmetry", law: "a matrix that is not symmetric is an error, not made symmetric"
  ) { subject, trial throws(PropertyFailure) in
    // Matrices of one row, of which small ones are many, say nothing of this.
    try trial.onMatrices(sizes: 40...100, coversAll: false) { rows, rng in
      guard rows.count >= 2 else { throw Discard() }
      var lopsided = rows
      let i = 1 + Draw.integer(below: rows.count - 1, using: &rng)
      let j = Draw.integer(below: i, using: &rng)
      let norm = LAPACKRatios.oneNorm(rows)
      let change = (norm > 0 ? norm : 1) * 1e-3
      // Either triangle: a solver may read only one of them.
      if Draw.sign(using: &rng) > 0 { lopsided[i][j] += change } else { lopsided[j][i] += change }
      try requireRefusal("(\(i), \(j)) differs by \(change)") { try subject.eigenvalues(lopsided) }
      if let eigensystem = subject.eigensystem {
        try requireRefusal("with vectors") { try eigensystem(lopsided).values }
      }
      if let inertia = subject.inertia {
        try requireRefusal("counted") { [Double(try inertia(lopsided, 0).negative)] }
      }
    }
  }

  static let extremes = EigensolverOracle(
    "extremes", law: "orders 0 and 1, −0, subnormal entries and scales to 1e±300 are right"
  ) { subject, trial throws(PropertyFailure) in
    var rng = SplitMix64(seed: trial.seed)
    var cases: [(name: String, value: [[Double]])] = [
      ("no rows", []), ("−0", [[-0.0]]), ("one entry", [[-3.5]]),
      ("−0 beside the diagonal", [[1, -0.0], [-0.0, 1]]),
      ("least subnormals", [[0, 0x1p-1074], [0x1p-1074, 0]]),
    ]
    for n in [2, 5, 12] {
      let rows = RandomMatrix.uniform(order: n, using: &rng)
      for scale in [1e-300, 1e-200, 0x1p-1030, 1e200, 1e300] {
        cases.append(("× \(scale), n = \(n)", rows.map { $0.map { $0 * scale } }))
      }
    }
    try checkEach(trial.name, of: cases) { rows in
      let bound = subject.bound(rows)
      try PropertyViolation.require(
        greatestDifference(try subject.spectrum(of: rows), try GSL.eigenvalues(rows)),
        atMost: bound, "GSL's eigenvalues")
    }
    return cases.count
  }

  static let sameAgain = EigensolverOracle(
    "the same again", law: "the same matrix has the same eigenvalues, bit for bit"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      let first = try subject.eigenvalues(rows)
      // Another matrix between shows what a solver keeps.
      _ = try subject.eigenvalues(RandomMatrix.uniform(order: 7, using: &rng))
      guard try subject.eigenvalues(rows) == first else { throw PropertyViolation("the same bits") }
    }
  }

  private static func requireRefusal(
    _ what: String, _ solve: () throws -> [Double]
  ) throws(PropertyViolation) {
    let values: [Double]
    do {
      values = try solve()
    } catch {
      return
    }
    throw PropertyViolation("bad input is an error", "\(what) gave \(values)")
  }
}
