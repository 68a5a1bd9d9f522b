import Foundation
import Oracles
import Saddle

/// A sampler or its solver with one planted fault, or with none: the control.
struct EnsembleMutant: Sendable {
  let sampler: String
  let fault: String?
  let subject: EnsembleSubject
  var reasonForOne: String?
}

/// Entries in plain loops from one seed, solved by LAPACK.
private func plain(
  _ ensemble: EnsembleSubject.Ensemble = .goe,
  generator: @escaping @Sendable (UInt64) -> SplitMix64 = { SplitMix64(seed: $0) },
  solve: @escaping @Sendable ([[Double]]) throws -> [Double] = { try Matrix($0).eigenvalues() },
  rows: @escaping @Sendable (Int, inout SplitMix64) -> [[Double]] = { n, rng in
    RandomMatrix.goe(order: n, using: &rng)
  }
) -> EnsembleSubject {
  @Sendable func drawn(_ n: Int, _ seed: UInt64) -> [[Double]] {
    var rng = generator(seed)
    return rows(n, &rng)
  }
  return EnsembleSubject(ensemble, matrix: drawn, spectrum: { try solve(drawn($0, $1)) })
}

extension EnsembleSubject {
  fileprivate var spectraAlone: EnsembleSubject { EnsembleSubject(ensemble, spectrum: spectrum) }
}

/// A symmetric matrix of entries below the diagonal and on it.
private func symmetric(
  _ n: Int, _ entry: (_ isDiagonal: Bool) -> Double
) -> [[Double]] {
  var a = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
  for i in 0..<n {
    for j in 0...i {
      a[i][j] = entry(i == j)
      a[j][i] = a[i][j]
    }
  }
  return a
}

/// GOE with another law of the entries.
private func entries(
  _ ensemble: EnsembleSubject.Ensemble = .goe,
  _ entry: @escaping @Sendable (_ isDiagonal: Bool, inout SplitMix64) -> Double
) -> EnsembleSubject {
  plain(ensemble, rows: { n, rng in symmetric(n) { entry($0, &rng) } })
}

private func solved(
  _ change: @escaping @Sendable ([Double]) -> [Double]
) -> EnsembleSubject {
  plain(solve: { change(try Matrix($0).eigenvalues()) })
}

private func wishart(
  _ degrees: Int, drawn: Int, scale: Double = 1
) -> EnsembleSubject {
  EnsembleSubject(.wishart(degrees: degrees)) { n, seed in
    var rng = SplitMix64(seed: seed)
    let x = Matrix((0..<n).map { _ in Draw.normals(drawn, using: &rng) })
    return try (x * x.transpose).symmetrized().eigenvalues().map { scale * $0 }
  }
}

private func spiked(_ strength: Double, shift: @escaping @Sendable (Int) -> Double)
  -> EnsembleSubject
{
  EnsembleSubject(.spikedWigner(strength: strength)) { n, seed in
    var rng = SplitMix64(seed: seed)
    var rows = RandomMatrix.goe(order: n, using: &rng)
    rows[0][0] += shift(n) * Double(n).squareRoot()
    return try Matrix(rows).eigenvalues().map { $0 / Double(n).squareRoot() }
  }
}

private func tridiagonal(
  freedom: @escaping @Sendable (Int, Int) -> Int
) -> EnsembleSubject {
  EnsembleSubject(.goe) { n, seed in
    var rng = SplitMix64(seed: seed)
    let diagonal = Draw.normals(n, using: &rng).map { 2.0.squareRoot() * $0 }
    let beside = (1..<max(n, 1)).map { k in
      Draw.normals(freedom(n, k), using: &rng).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    return try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: beside)
  }
}

private let samplerFaults: [(String, EnsembleSubject, String?)] = [
  ("variance 1 on the diagonal", entries { _, rng in Draw.normal(using: &rng) }, nil),
  (
    "2 for √2 on the diagonal", entries { ($0 ? 2 : 1) * Draw.normal(using: &$1) }, nil
  ),
  (
    "mean 0.1", entries { 0.1 + ($0 ? 2.0.squareRoot() : 1) * Draw.normal(using: &$1) }, nil
  ),
  (
    "larger by 2 %", entries { 1.02 * ($0 ? 2.0.squareRoot() : 1) * Draw.normal(using: &$1) }, nil
  ),
  (
    "twelve uniforms, two of them left out",
    entries { isDiagonal, rng in
      let sum = (0..<10).reduce(0.0) { s, _ in s + Draw.unit(using: &rng) } - 5
      return (isDiagonal ? 2.0.squareRoot() : 1) * sum
    }, nil
  ),
  (
    "signs of coins",
    entries { ($0 ? 2.0.squareRoot() : 1) * Draw.sign(using: &$1) }, nil
  ),
  (
    "a biased generator",
    entries { isDiagonal, rng in
      // Two draws in three take the larger.
      let (a, b) = (Draw.normal(using: &rng), Draw.normal(using: &rng))
      let value = Draw.integer(below: 3, using: &rng) == 0 ? a : max(a, b)
      return (isDiagonal ? 2.0.squareRoot() : 1) * value
    }, nil
  ),
  (
    "magnitudes half of the time along a row",
    plain(rows: { n, rng in
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
    "seeds ignored", plain(generator: { _ in SplitMix64(seed: 1) }), nil
  ),
  (
    "the last bit of seeds ignored", plain(generator: { SplitMix64(seed: $0 & ~1) }), nil
  ),
  (
    "not symmetric",
    plain(
      solve: { try Matrix($0).symmetrized().eigenvalues() },
      rows: { n, rng in
        var a = RandomMatrix.goe(order: n, using: &rng)
        if n > 1 { a[0][n - 1] += 1e-9 }
        return a
      }), "eigenvalues do not tell"
  ),
  (
    "a heavy tail",
    entries(.wigner) { _, rng in
      Draw.sign(using: &rng) * pow(1 - Draw.unit(using: &rng), -1 / 1.5) / 2
    }, nil
  ),
  ("variance 1.3 for 1", entries(.wigner) { _, rng in 1.14 * Draw.normal(using: &rng) }, nil),
  ("Wishart of one degree less", wishart(100, drawn: 99), nil),
  ("Wishart over its degrees", wishart(400, drawn: 400, scale: 1.0 / 400), nil),
  ("a spike of √2 the strength", spiked(2) { _ in 2 * 2.0.squareRoot() }, "only its law speaks of it"),
  ("no spike", spiked(2) { _ in 0 }, "only its law speaks of it"),
  ("χ's degrees reversed by one", tridiagonal { $1 == $0 - 1 ? 2 : $0 - $1 }, nil),
  ("χ's degrees more by one", tridiagonal { $0 - $1 + 1 }, nil),
]

private let solverFaults: [(String, EnsembleSubject, String?)] = [
  (
    "one eigenvalue repeated",
    solved { v in v.count < 2 ? v : [v[0]] + v.dropLast(1) }, nil
  ),
  ("the least dropped for zero", solved { v in ([0] + v.dropFirst()).sorted() }, nil),
  ("descending", solved { $0.reversed() }, nil),
  ("magnitudes", solved { $0.map(\.magnitude).sorted() }, nil),
  ("NaN for the greatest", solved { $0.dropLast() + [.nan] }, nil),
  (
    "neighbours merged",
    solved { v in
      var v = v
      for k in v.indices.dropLast() where v[k + 1] - v[k] < 0.3 { v[k + 1] = v[k] }
      return v
    }, nil
  ),
  (
    "levels at the law's quantiles",
    solved { v in
      guard v.count > 50 else { return v }
      let law = SemicircleLaw(radius: 2 * Double(v.count).squareRoot())
      return v.indices.map { law.quantile((Double($0) + 0.5) / Double(v.count)) }
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

/// The core's ensembles, in the units that the laws are stated in.
private func core(
  _ ensemble: EnsembleSubject.Ensemble, _ sampler: RandomMatrixEnsemble,
  scale: @escaping @Sendable (Int) -> Double
) -> EnsembleSubject {
  EnsembleSubject(
    ensemble,
    matrix: { n, seed in
      var rng = RandomStream(seed: seed)
      return try sampler.matrix(order: n, using: &rng).asRows.map { $0.map { scale(n) * $0 } }
    },
    spectrum: { n, seed in
      var rng = RandomStream(seed: seed)
      return try sampler.spectrum(order: n, using: &rng).map { scale(n) * $0 }
    })
}

private let controls: [(String, EnsembleSubject)] = [
  ("plain loops", plain()),
  ("GOE", core(.goe, .goe) { Double($0).squareRoot() }),
  // As a matrix it is tridiagonal, and no GOE matrix.
  ("β-Hermite, β = 1", core(.goe, .betaHermite(beta: 1)) { Double($0).squareRoot() }.spectraAlone),
  ("Rademacher", core(.wigner, .wigner(.rademacher)) { Double($0).squareRoot() }),
  ("uniform", core(.wigner, .wigner(.uniform)) { Double($0).squareRoot() }),
  ("Laplace", core(.wigner, .wigner(.laplace)) { Double($0).squareRoot() }),
  ("Wishart", core(.wishart(degrees: 800), .wishart(degrees: 800)) { _ in 800 }),
  ("spiked Wigner", core(.spikedWigner(strength: 2), .spikedWigner(strengths: [2])) { _ in 1 }),
  ("Wishart in plain loops", wishart(400, drawn: 400)),
  ("a spike in plain loops", spiked(2) { _ in 2 }),
  ("χ in plain loops", tridiagonal { $0 - $1 }),
]

let ensembleMutants: [EnsembleMutant] =
  controls.map { EnsembleMutant(sampler: $0.0, fault: nil, subject: $0.1) }
  + samplerFaults.map {
    EnsembleMutant(sampler: "sampler", fault: $0.0, subject: $0.1, reasonForOne: $0.2)
  }
  + solverFaults.map {
    EnsembleMutant(sampler: "solver", fault: $0.0, subject: $0.1, reasonForOne: $0.2)
  }
