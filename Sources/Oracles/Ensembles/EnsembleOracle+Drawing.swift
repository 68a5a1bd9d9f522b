import Foundation

/// Laws of how matrices are drawn.
extension EnsembleOracle {
  static let drawing = [symmetric, seeds, normalEntries, independentEntries]

  static func matrices(
    _ subject: EnsembleSubject, order: Int, count: Int, seed: UInt64
  ) throws -> [[[Double]]]? {
    guard let matrix = subject.matrix else { return nil }
    return try (0..<count).map { i in
      let rows = try matrix(order, seed &+ UInt64(i))
      guard rows.count == order, rows.allSatisfy({ $0.count == order && $0.allSatisfy(\.isFinite) })
      else { throw PropertyViolation("n × n finite entries", "order \(order)") }
      return rows
    }
  }

  static let symmetric = EnsembleOracle(
    "symmetric", law: "matrices are symmetric bit for bit, and have n eigenvalues that ascend"
  ) { subject, seed in
    guard let drawn = try matrices(subject, order: 12, count: 20, seed: seed) else { return false }
    for (i, rows) in drawn.enumerated() {
      for row in rows.indices {
        for column in 0..<row where rows[row][column] != rows[column][row] {
          throw PropertyViolation("symmetric bit for bit", "(\(row), \(column))")
        }
      }
      let values = try subject.spectrum(12, seed &+ UInt64(i))
      try EigensolverSubject.requireSpectrum(values, order: 12)
    }
    return true
  }

  static let seeds = EnsembleOracle(
    "seeds", law: "the same seed draws the same eigenvalues, another seed others"
  ) { subject, seed in
    var seen = Set<[Double]>()
    for i in 0..<40 {
      let values = try subject.spectrum(12, seed &+ UInt64(i))
      guard try subject.spectrum(12, seed &+ UInt64(i)) == values else {
        throw PropertyViolation("the same seed draws the same", "seed \(seed &+ UInt64(i))")
      }
      guard seen.insert(values).inserted else {
        throw PropertyViolation("another seed draws others", "seed \(seed &+ UInt64(i))")
      }
    }
    return true
  }

  static let normalEntries = EnsembleOracle(
    "normal entries", law: "entries follow the normal law, with variance 2 on the diagonal"
  ) { subject, seed in
    guard subject.isGOE,
      let drawn = try matrices(subject, order: 20, count: 200, seed: seed)
    else { return false }
    func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
    try Significance.require(
      drawn.flatMap { rows in rows.indices.map { rows[$0][$0] } },
      follow: { normal($0 / 2.0.squareRoot()) }, "the diagonal's law", of: 2)
    try Significance.require(
      drawn.flatMap { rows in rows.indices.flatMap { rows[$0][..<$0] } }, follow: normal,
      "the law beside the diagonal", of: 2)
    return true
  }

  // Signs of entries that are symmetric about 0 agree as coins do.
  static let independentEntries = EnsembleOracle(
    "independent entries",
    law: "signs agree in half of the neighbours, within a row, a column, a diagonal and two seeds"
  ) { subject, seed in
    guard subject.isWigner,
      let drawn = try matrices(subject, order: 20, count: 100, seed: seed)
    else { return false }
    typealias Pair = (Double, Double)
    func coins(_ name: String, _ pairs: [Pair]) throws(PropertyViolation) {
      let decided = pairs.filter { $0.0 != 0 && $0.1 != 0 }
      let agreeing = decided.count { ($0.0 > 0) == ($0.1 > 0) }
      let tails = GSL.binomialTails(agreeing, trials: decided.count, probability: 0.5)
      try Significance.require(
        lower: tails.lower, upper: tails.upper, "signs are independent \(name)",
        "\(agreeing) of \(decided.count)", of: 5)
    }
    // Pairs that share no entry, so that they are independent of one another.
    var (rows, columns, diagonals): ([Pair], [Pair], [Pair]) = ([], [], [])
    for a in drawn {
      for i in stride(from: 0, to: 19, by: 2) {
        diagonals.append((a[i][i], a[i + 1][i + 1]))
        for j in 0..<i { columns.append((a[i][j], a[i + 1][j])) }
      }
      for i in 2..<20 {
        for j in stride(from: 0, to: i - 1, by: 2) { rows.append((a[i][j], a[i][j + 1])) }
      }
    }
    try coins("along a row", rows)
    try coins("along a column", columns)
    try coins("along the diagonal", diagonals)
    // Both ways of taking two neighbours: a sampler may lose the last bit of a seed.
    for first in [0, 1] {
      var seeds: [Pair] = []
      for k in stride(from: first, to: drawn.count - 1, by: 2) {
        for i in 0..<20 {
          for j in 0...i { seeds.append((drawn[k][i][j], drawn[k + 1][i][j])) }
        }
      }
      try coins("between two seeds", seeds)
    }
    return true
  }
}
