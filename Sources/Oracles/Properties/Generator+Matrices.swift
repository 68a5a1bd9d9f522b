import Foundation

/// x to the power of y.
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

extension Generator where Value == [[Double]] {
  /// Symmetric matrices of all of `RandomSymmetric`'s families, of order up to `order`: about one
  /// in ten is an edge case.
  ///
  /// They shrink, symmetric bit for bit, to fewer rows, to a diagonal, and to entries of 0, ±1 and
  /// powers of two.
  public static func symmetric(order: Int, family: RandomSymmetric.Family? = nil) -> Generator {
    Generator(
      show: showMatrix, simpler: simplerSymmetric,
      { size, rng in
        let most = max(1, order * min(max(size, 0), 100) / 100)
        return RandomSymmetric.draw(
          maximumOrder: min(most, order), family: family, using: &rng
        ).rows
      })
  }

  /// QΛQᵀ of the drawn spectra, Q from Haar measure; they shrink to a diagonal and as their spectra
  /// do, so that inertia, rank, clusters or grading are kept.
  public static func symmetric(spectrum: Generator<[Double]>) -> Generator {
    Generator(show: showMatrix) { size, rng in
      let values = spectrum.draw(size, &rng)
      let seed = rng.next()
      let isDiagonal = Shrinkable(false) { [Shrinkable(true)] }
      return isDiagonal.with(values).map { isDiagonal, values in
        if isDiagonal {
          return RandomMatrix.symmetric(order: values.count) { $0 == $1 ? values[$0] : 0 }
        }
        var rotation = SplitMix64(seed: seed)
        return RandomMatrix.symmetric(spectrum: values, using: &rotation)
      }
    }
  }

  /// Positive definite matrices of order 1 … `order`, with condition numbers up to 10^`decades`.
  public static func positiveDefinite(order: Int, decades: Double = 6) -> Generator {
    precondition(order >= 1, "definite matrices of order up to \(order)")
    return symmetric(
      spectrum: Generator<[Double]>.spectrum(count: order, decades: decades)
        .map { $0.map(\.magnitude) })
  }

  /// Symmetric matrices with so many negative, zero and positive eigenvalues.
  public static func symmetric(negative: Int, zero: Int, positive: Int) -> Generator {
    precondition(min(negative, zero, positive) >= 0, "counts below zero")
    return symmetric(
      spectrum: .spectrum(negative: negative, zero: zero, positive: positive))
  }

  /// Symmetric matrices of order 1 … `order` with `bandwidth` diagonals beside the main one, which
  /// stay within it as they shrink like other symmetric ones.
  public static func banded(order: Int, bandwidth: Int) -> Generator {
    precondition(order >= 1 && bandwidth >= 0, "order \(order), bandwidth \(bandwidth)")
    return Generator(
      show: showMatrix, simpler: { simplerSymmetric($0).filter { !$0.isEmpty } },
      { size, rng in
        let n = 1 + Draw.integer(below: max(1, order * min(max(size, 0), 100) / 100), using: &rng)
        return RandomMatrix.symmetric(order: n) { i, j in
          i - j <= bandwidth ? Draw.uniform(-1, 1, using: &rng) : 0
        }
      })
  }

  /// Orthogonal matrices of order 1 … `order` from Haar measure; they shrink to lower orders and to
  /// the identity.
  public static func orthogonal(order: Int) -> Generator {
    precondition(order >= 1, "orthogonal matrices of order up to \(order)")
    return Generator(show: showMatrix) { size, rng in
      let most = max(1, order * min(max(size, 0), 100) / 100)
      let n = Generator<Int>.integer(in: 1...most).draw(size, &rng)
      let seed = rng.next()
      let isIdentity = Shrinkable(false) { [Shrinkable(true)] }
      return isIdentity.with(n).map { isIdentity, n in
        if isIdentity { return RandomMatrix.symmetric(order: n) { $0 == $1 ? 1 : 0 } }
        var rotation = SplitMix64(seed: seed)
        return RandomMatrix.orthogonal(order: n, using: &rotation)
      }
    }
  }
}

func without(_ index: Int, _ rows: [[Double]]) -> [[Double]] {
  rows.enumerated().filter { $0.offset != index }.map { row in
    row.element.enumerated().filter { $0.offset != index }.map(\.element)
  }
}

private func keepingDiagonal(_ rows: [[Double]]) -> [[Double]] {
  rows.enumerated().map { i, row in row.enumerated().map { i == $0 ? $1 : 0 } }
}

/// Half of the rows, one row less; the diagonal alone; a simpler entry and its mirror image.
@Sendable private func simplerSymmetric(_ rows: [[Double]]) -> [[[Double]]] {
  let n = rows.count
  var simpler: [[[Double]]] = []
  if n > 2 {
    simpler.append(rows[..<(n / 2)].map { Array($0[..<(n / 2)]) })
    simpler.append(rows[(n / 2)...].map { Array($0[(n / 2)...]) })
  }
  for i in 0..<n { simpler.append(without(i, rows)) }
  let diagonal = keepingDiagonal(rows)
  if diagonal != rows { simpler.append(diagonal) }
  for i in 0..<n {
    for j in 0...i {
      for entry in simplerReals(rows[i][j]) {
        var changed = rows
        changed[i][j] = entry
        changed[j][i] = entry
        simpler.append(changed)
      }
    }
  }
  return simpler
}

/// A matrix with a row a line, or its corner where it is large.
@Sendable public func showMatrix(_ rows: [[Double]]) -> String {
  let shown = 8
  let columns = rows.first?.count ?? 0
  let texts = rows.prefix(shown).map { $0.prefix(shown).map { "\($0)" } }
  let width = texts.joined().map(\.count).max() ?? 0
  let lines = texts.map { row in
    "  " + row.map { String(repeating: " ", count: width - $0.count) + $0 }.joined(separator: "  ")
      + (columns > shown ? "  …" : "")
  }
  return (["\(rows.count) × \(columns)"] + lines + (rows.count > shown ? ["  …"] : []))
    .joined(separator: "\n")
}
