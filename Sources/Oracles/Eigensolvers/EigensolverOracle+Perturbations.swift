/// Laws that bind the eigenvalues of one matrix to another's or to its entries.
extension EigensolverOracle {
  static let perturbationLaws = [weyl, hoffmanWielandt, cauchy, gershgorin, moments]

  /// A and A + E of one order, E of any size relative to A.
  private static func perturbed(
    _ rows: [[Double]], _ rng: inout SplitMix64
  ) -> (sum: [[Double]], difference: [[Double]]) {
    let norm = LAPACKRatios.oneNorm(rows)
    // Beside entries near overflow E is smaller still, so that the sum is a number.
    let scale = (norm > 0 ? norm : 1) * power(10, -Draw.uniform(0, 8, using: &rng))
    let size = scale / Double(max(rows.count, 1))
    let sum = RandomMatrix.symmetric(order: rows.count) { i, j in
      rows[i][j] + size * Draw.uniform(-1, 1, using: &rng)
    }
    // What was added, after rounding.
    let difference = RandomMatrix.symmetric(order: rows.count) { sum[$0][$1] - rows[$0][$1] }
    return (sum, difference)
  }

  static let weyl = EigensolverOracle(
    "Weyl", law: "|λᵢ(A + E) − λᵢ(A)| ≤ ‖E‖₂"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      let (sum, difference) = perturbed(rows, &rng)
      let spectral = try GSL.eigenvalues(difference).reduce(0) { max($0, $1.magnitude) }
      try PropertyViolation.require(
        greatestDifference(try subject.spectrum(of: sum), try subject.spectrum(of: rows)),
        atMost: spectral + subject.bound(difference) + subject.bound(sum)
          + subject.bound(rows), "Weyl's bound")
    }
  }

  static let hoffmanWielandt = EigensolverOracle(
    "Hoffman–Wielandt", law: "Σ (λᵢ(A + E) − λᵢ(A))² ≤ ‖E‖²_F"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      let (sum, difference) = perturbed(rows, &rng)
      let (before, after) = (try subject.spectrum(of: rows), try subject.spectrum(of: sum))
      let moved = zip(before, after).map { $1 - $0 }
      try PropertyViolation.require(
        scaledNorm(moved),
        atMost: scaledNorm(Array(difference.joined()))
          + Double(max(rows.count, 1)).squareRoot() * (subject.bound(sum) + subject.bound(rows)),
        "Hoffman and Wielandt's bound")
    }
  }

  static let cauchy = EigensolverOracle(
    "Cauchy", law: "the eigenvalues of a principal submatrix lie between those of the matrix"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, rng in
      guard !rows.isEmpty else { throw Discard() }
      let left = Draw.integer(below: rows.count, using: &rng)
      let inner = try subject.spectrum(of: without(left, rows))
      let outer = try subject.spectrum(of: rows)
      let bound = subject.bound(rows)
      for (k, value) in inner.enumerated() {
        let outside = max(outer[k] - value, value - outer[k + 1])
        try PropertyViolation.require(outside, atMost: bound, "interlacing", "without row \(left)")
      }
    }
  }

  static let gershgorin = EigensolverOracle(
    "Gershgorin", law: "each connected set of k discs holds k eigenvalues"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, _ in
      let bound = subject.bound(rows)
      let discs = rows.enumerated().map { i, row in
        let radius = row.enumerated().reduce(0) { $0 + ($1.offset == i ? 0 : $1.element.magnitude) }
        return (low: row[i] - radius - bound, high: row[i] + radius + bound)
      }.sorted { $0.low < $1.low }
      let found = try subject.spectrum(of: rows)
      var start = 0
      while start < discs.count {
        var (end, high) = (start + 1, discs[start].high)
        while end < discs.count, discs[end].low <= high {
          high = max(high, discs[end].high)
          end += 1
        }
        // Sorted discs have sorted eigenvalues: these are their own.
        for value in found[start..<end] where value < discs[start].low || value > high {
          throw PropertyViolation(
            "Gershgorin's discs", "\(value) outside [\(discs[start].low), \(high)]",
            ratio: max(discs[start].low - value, value - high) / bound + 1)
        }
        start = end
      }
    }
  }

  static let moments = EigensolverOracle(
    "trace and Frobenius norm", law: "Σλ = tr A and Σλ² = ‖A‖²_F"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, _ in
      let found = try subject.spectrum(of: rows)
      let n = Double(max(rows.count, 1))
      let bound = subject.bound(rows)
      let trace = rows.indices.reduce(0) { $0 + rows[$1][$1] }
      try PropertyViolation.require(
        (found.reduce(0, +) - trace).magnitude, atMost: n * bound, "the trace")
      try PropertyViolation.require(
        (scaledNorm(found) - scaledNorm(Array(rows.joined()))).magnitude,
        atMost: n.squareRoot() * bound, "the Frobenius norm")
    }
  }
}

/// √Σx², without overflow or underflow on the way.
private func scaledNorm(_ values: [Double]) -> Double {
  let largest = values.reduce(0) { max($0, $1.magnitude) }
  guard largest > 0 else { return largest }
  let exponent = Int(largest.exponent)
  let scaled = values.map { Double(sign: .plus, exponent: -exponent, significand: $0) }
  return Double(
    sign: .plus, exponent: exponent, significand: scaled.reduce(0) { $0 + $1 * $1 }.squareRoot())
}
