import Foundation
import Oracles
import Saddle

/// Samplers in plain loops from one seed, solved by LAPACK, with a place for a fault each.
extension EnsembleSubject {
  static func plain(
    _ ensemble: Ensemble = .goe,
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

  /// GOE with another law of the entries.
  static func entries(
    _ ensemble: Ensemble = .goe,
    _ entry: @escaping @Sendable (_ isDiagonal: Bool, inout SplitMix64) -> Double
  ) -> EnsembleSubject {
    plain(ensemble, rows: { n, rng in symmetric(n) { entry($0, &rng) } })
  }

  /// A symmetric matrix of entries below the diagonal and on it.
  private static func symmetric(
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

  static func solved(
    _ ensemble: Ensemble = .goe, _ change: @escaping @Sendable ([Double]) -> [Double]
  ) -> EnsembleSubject {
    plain(ensemble, solve: { change(try Matrix($0).eigenvalues()) })
  }

  /// Levels n/4 … 3n/4 in new places between the first and the last of them, which stay.
  static func bulk(
    _ change: @escaping @Sendable (_ spacings: [Double], inout SplitMix64) -> [Double]
  ) -> EnsembleSubject {
    solved { v in
      guard v.count > 12 else { return v }
      let inner = v[v.count / 4...3 * v.count / 4]
      var rng = SplitMix64(seed: v[0].bitPattern)
      let spacings = change(zip(inner.dropFirst(), inner).map { $0 - $1 }, &rng)
      var (result, level) = (v, inner[inner.startIndex])
      for (k, spacing) in zip(inner.indices.dropFirst().dropLast(), spacings) {
        level += spacing
        // The last sum may round beyond the level that stays.
        result[k] = min(level, inner[inner.endIndex - 1])
      }
      return result
    }
  }

  static func wishart(
    _ degrees: Int, drawn: Int, scale: Double = 1,
    _ change: @escaping @Sendable ([Double]) -> [Double] = { $0 }
  ) -> EnsembleSubject {
    EnsembleSubject(.wishart(degrees: degrees)) { n, seed in
      var rng = SplitMix64(seed: seed)
      let x = Matrix((0..<n).map { _ in Draw.normals(drawn, using: &rng) })
      return change(try (x * x.transpose).symmetrized().eigenvalues().map { scale * $0 })
    }
  }

  /// GOE/√n with a strength added to the first element, said to be 2.
  static func spiked(
    by strength: Double,
    noise: @escaping @Sendable (Int) -> Double = { 1 / Double($0).squareRoot() },
    spike: @escaping @Sendable (Eigensystem<Double>) -> Spike = {
      (EnsembleSubject.axis(0, of: $0.values.count), $0.vectors.asRows[$0.values.count - 1])
    }
  ) -> EnsembleSubject {
    @Sendable func rows(_ n: Int, _ seed: UInt64) -> [[Double]] {
      var rng = SplitMix64(seed: seed)
      var rows = RandomMatrix.goe(order: n, using: &rng).map { $0.map { noise(n) * $0 } }
      rows[0][0] += strength
      return rows
    }
    return EnsembleSubject(
      .spikedWigner(strength: 2), matrix: rows,
      spike: { spike(try Matrix(rows($0, $1)).eigensystem()) },
      spectrum: { try Matrix(rows($0, $1)).eigenvalues() })
  }

  static func axis(_ k: Int, of n: Int) -> [Double] { (0..<n).map { $0 == k ? 1 : 0 } }

  static func tridiagonal(
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

  /// Hermitian matrices by their real form [[A, −B], [B, A]], which has every eigenvalue twice.
  static func hermitian(_ ensemble: Ensemble) -> EnsembleSubject {
    EnsembleSubject(ensemble) { n, seed in
      var rng = SplitMix64(seed: seed)
      let a = RandomMatrix.goe(order: n, using: &rng)
      let b = RandomMatrix.goe(order: n, using: &rng)
      let root = 0.5.squareRoot()
      let rows = (0..<2 * n).map { i in
        (0..<2 * n).map { j in
          let (row, column) = (i % n, j % n)
          if i < n && j < n || i >= n && j >= n { return root * a[row][column] }
          if row == column { return 0.0 }
          return ((row < column) == (i < n) ? root : -root) * b[row][column]
        }
      }
      return try Matrix(rows).eigenvalues().enumerated().filter { $0.offset.isMultiple(of: 2) }
        .map(\.element)
    }
  }

  /// The core's ensembles, in the units that the laws are stated in.
  static func core(
    _ ensemble: Ensemble, _ sampler: RandomMatrixEnsemble,
    scale: @escaping @Sendable (Int) -> Double = { Double($0).squareRoot() }
  ) -> EnsembleSubject {
    @Sendable func matrix(_ n: Int, _ seed: UInt64) throws -> Matrix<Double> {
      var rng = RandomStream(seed: seed)
      return try sampler.matrix(order: n, using: &rng)
    }
    @Sendable func spike(_ n: Int, _ seed: UInt64) throws -> Spike {
      (axis(0, of: n), try matrix(n, seed).eigensystem().vectors.asRows[n - 1])
    }
    var isSpiked = false
    if case .spikedWigner = sampler { isSpiked = true }
    return EnsembleSubject(
      ensemble,
      matrix: { n, seed in try matrix(n, seed).asRows.map { $0.map { scale(n) * $0 } } },
      spike: isSpiked ? spike : nil,
      spectrum: { n, seed in
        var rng = RandomStream(seed: seed)
        return try sampler.spectrum(order: n, using: &rng).map { scale(n) * $0 }
      })
  }

  /// Without its matrices.
  var spectraAlone: EnsembleSubject { EnsembleSubject(ensemble, spectrum: spectrum) }
}
