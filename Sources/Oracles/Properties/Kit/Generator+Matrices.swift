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

  /// Positive definite matrices of order 1 … `order`, with condition numbers up to 10^`decades`.
  ///
  /// They shrink to principal submatrices, which stay definite, and to their diagonals.
  public static func positiveDefinite(order: Int, decades: Double = 6) -> Generator {
    precondition(order >= 1, "definite matrices of order up to \(order)")
    return Generator(
      show: showMatrix,
      simpler: { rows in
        var simpler = (0..<rows.count).filter { _ in rows.count > 1 }.map { without($0, rows) }
        let diagonal = keepingDiagonal(rows)
        if diagonal != rows { simpler.append(diagonal) }
        return simpler
      },
      { size, rng in
        let n = 1 + Draw.integer(below: max(1, order * min(max(size, 0), 100) / 100), using: &rng)
        let spectrum = (0..<n).map { _ in power(10, -Draw.uniform(0, decades, using: &rng)) }
        return RandomMatrix.symmetric(spectrum: spectrum, using: &rng)
      })
  }

  /// Symmetric matrices with so many negative, zero and positive eigenvalues: Q·D·Qᵀ. They do not
  /// shrink: to leave a row out changes the inertia.
  public static func symmetric(negative: Int, zero: Int, positive: Int) -> Generator {
    precondition(min(negative, zero, positive) >= 0, "counts below zero")
    return Generator(
      show: showMatrix, simpler: { _ in [] },
      { _, rng in
        func magnitudes(_ count: Int) -> [Double] {
          (0..<count).map { _ in Draw.uniform(0.5, 2, using: &rng) }
        }
        let below = magnitudes(negative).map { -$0 }
        let spectrum = below + [Double](repeating: 0, count: zero) + magnitudes(positive)
        return RandomMatrix.symmetric(spectrum: spectrum, using: &rng)
      })
  }
}

private func without(_ index: Int, _ rows: [[Double]]) -> [[Double]] {
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
