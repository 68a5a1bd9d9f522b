import Foundation
import Oracles
import Saddle

/// Samplers with their faults, and why only one law can see them.
let samplerFaults: [(String, EnsembleSubject, String?)] = [
  ("variance 1 on the diagonal", .entries { _, rng in Draw.normal(using: &rng) }, nil),
  (
    "2 for √2 on the diagonal", .entries { ($0 ? 2 : 1) * Draw.normal(using: &$1) }, nil
  ),
  (
    "mean 0.1", .entries { 0.1 + ($0 ? 2.0.squareRoot() : 1) * Draw.normal(using: &$1) }, nil
  ),
  (
    "larger by 2 %", .entries { 1.02 * ($0 ? 2.0.squareRoot() : 1) * Draw.normal(using: &$1) }, nil
  ),
  (
    "twelve uniforms, two of them left out",
    .entries { isDiagonal, rng in
      let sum = (0..<10).reduce(0.0) { s, _ in s + Draw.unit(using: &rng) } - 5
      return (isDiagonal ? 2.0.squareRoot() : 1) * sum
    }, nil
  ),
  (
    "signs of coins",
    .entries { ($0 ? 2.0.squareRoot() : 1) * Draw.sign(using: &$1) }, nil
  ),
  (
    "a biased generator",
    .entries { isDiagonal, rng in
      // Two draws in three take the larger.
      let (a, b) = (Draw.normal(using: &rng), Draw.normal(using: &rng))
      let value = Draw.integer(below: 3, using: &rng) == 0 ? a : max(a, b)
      return (isDiagonal ? 2.0.squareRoot() : 1) * value
    }, nil
  ),
  (
    "magnitudes half of the time along a row",
    .plain(rows: { n, rng in
      var a = RandomMatrix.goe(order: n, using: &rng)
      for i in 1..<max(n, 1) {
        for j in 1..<max(i, 1) where j.isMultiple(of: 2) == false {
          // The sign of its neighbour: each entry alone is normal still.
          let value = a[i][j].magnitude * (a[i][j - 1] < 0 ? -1 : 1)
          (a[i][j], a[j][i]) = (value, value)
        }
      }
      return a
    }), nil
  ),
  (
    "seeds ignored", .plain(generator: { _ in SplitMix64(seed: 1) }), nil
  ),
  (
    "the last bit of seeds ignored", .plain(generator: { SplitMix64(seed: $0 & ~1) }), nil
  ),
  (
    "not symmetric",
    .plain(
      solve: { try Matrix($0).symmetrized().eigenvalues() },
      rows: { n, rng in
        var a = RandomMatrix.goe(order: n, using: &rng)
        if n > 1 { a[0][n - 1] += 1e-9 }
        return a
      }), "eigenvalues do not tell"
  ),
  (
    "a heavy tail",
    .entries(.wigner) { _, rng in
      Draw.sign(using: &rng) * pow(1 - Draw.unit(using: &rng), -1 / 1.5) / 2
    }, nil
  ),
  ("variance 1.3 for 1", .entries(.wigner) { _, rng in 1.14 * Draw.normal(using: &rng) }, nil),
  ("Wishart of one degree less", .wishart(100, drawn: 99), nil),
  ("Wishart over its degrees", .wishart(400, drawn: 400, scale: 1.0 / 400), nil),
  (
    "Wishart's greatest half as far again",
    .wishart(400, drawn: 400) { $0.dropLast() + [1.5 * $0[$0.count - 1]] }, nil
  ),
  ("a spike of √2 the strength", .spiked(by: 2 * 2.0.squareRoot()), nil),
  ("the strength's root for a spike's", .spiked(by: 2.0.squareRoot()), nil),
  ("no spike", .spiked(by: 0), nil),
  ("variance for deviation in the noise", .spiked(by: 2, noise: { 1 / Double($0) }), nil),
  ("deviation's root in the noise", .spiked(by: 2, noise: { pow(Double($0), -0.25) }), nil),
  (
    "a spike along another axis",
    .spiked(
      by: 2,
      spike: {
        (EnsembleSubject.axis(1, of: $0.values.count), $0.vectors.asRows[$0.values.count - 1])
      }), nil
  ),
  (
    "the second eigenvector for the first",
    .spiked(
      by: 2,
      spike: {
        let n = $0.values.count
        return (EnsembleSubject.axis(0, of: n), $0.vectors.asRows[n - 2])
      }), nil
  ),
  (
    "eigenvectors' rows for columns",
    .spiked(
      by: 2,
      spike: {
        let n = $0.values.count
        return (EnsembleSubject.axis(0, of: n), $0.vectors.transpose.asRows[n - 1])
      }), nil
  ),
  (
    "an eigenvector of length √2",
    .spiked(
      by: 2,
      spike: {
        let n = $0.values.count
        let stretched = $0.vectors.asRows[n - 1].map { 2.0.squareRoot() * $0 }
        return (EnsembleSubject.axis(0, of: n), stretched)
      }), nil
  ),
  ("GUE's levels", .hermitian(.goe), nil),
  ("GOE's levels for GUE", .plain(.gue).spectraAlone, nil),
  ("χ's degrees reversed by one", .tridiagonal { $1 == $0 - 1 ? 2 : $0 - $1 }, nil),
  ("χ's degrees more by one", .tridiagonal { $0 - $1 + 1 }, nil),
]

/// Right matrices, whose eigenvalues are not reported as they are.
let solverFaults: [(String, EnsembleSubject, String?)] = [
  (
    "one eigenvalue repeated",
    .solved { v in v.count < 2 ? v : [v[0]] + v.dropLast(1) }, nil
  ),
  ("the least dropped for zero", .solved { v in ([0] + v.dropFirst()).sorted() }, nil),
  ("descending", .solved { $0.reversed() }, nil),
  ("magnitudes", .solved { $0.map(\.magnitude).sorted() }, nil),
  ("NaN for the greatest", .solved { $0.dropLast() + [.nan] }, nil),
  (
    "neighbours merged",
    .solved { v in
      var v = v
      for k in v.indices.dropLast() where v[k + 1] - v[k] < 0.3 { v[k + 1] = v[k] }
      return v
    }, nil
  ),
  (
    "levels at the law's quantiles",
    .solved { v in
      guard v.count > 50 else { return v }
      let law = SemicircleLaw(radius: 2 * Double(v.count).squareRoot())
      return v.indices.map { law.quantile((Double($0) + 0.5) / Double(v.count)) }
    }, nil
  ),
  (
    "the edge at 2√n",
    .solved { v in
      let n = Double(v.count)
      return v.map { $0 * (4 * n / (4 * n - 2)).squareRoot() }
    }, nil
  ),
  (
    "the greatest further out by 0.4 n^(−1/6)",
    .solved { v in v.dropLast() + [v[v.count - 1] + 0.4 * pow(Double(v.count), -1 / 6.0)] }, nil
  ),
  (
    "extremes with twice their distance from 2√n",
    .solved { v in
      guard v.count > 12 else { return v }
      let edge = 2 * Double(v.count).squareRoot()
      let (low, high) = (2 * v[0] + edge, 2 * v[v.count - 1] - edge)
      return ([low, high] + v.dropFirst().dropLast()).sorted()
    }, nil
  ),
  (
    "equal distances in the bulk",
    .bulk { spacings, _ in
      spacings.map { _ in spacings.reduce(0, +) / Double(spacings.count) }
    }, nil
  ),
  ("the bulk's spacings shuffled", .bulk { shuffled($0, &$1) }, nil),
  (
    "the bulk's spacings exponential",
    .bulk { spacings, rng in
      let drawn = spacings.map { _ in -log(1 - Draw.unit(using: &rng)) }
      let scale = spacings.reduce(0, +) / drawn.reduce(0, +)
      return drawn.map { scale * $0 }
    }, nil
  ),
  (
    "independent levels",
    EnsembleSubject(.goe) { n, seed in
      var rng = SplitMix64(seed: seed)
      let law = SemicircleLaw(radius: 2 * Double(n).squareRoot())
      return (0..<n).map { _ in law.quantile(Draw.unit(using: &rng)) }.sorted()
    }, nil
  ),
]

private func shuffled(_ values: [Double], _ rng: inout SplitMix64) -> [Double] {
  var values = values
  for k in values.indices.reversed().dropLast() {
    values.swapAt(k, Draw.integer(below: k + 1, using: &rng))
  }
  return values
}
