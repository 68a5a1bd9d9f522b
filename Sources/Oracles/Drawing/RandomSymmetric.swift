/// A random symmetric matrix of a random family: what a property of all symmetric matrices is
/// tried on.
public struct RandomSymmetric: Sendable {
  public enum Family: String, Sendable, CaseIterable, Codable {
    case goe, uniform, prescribed, graded, clustered, lowRank, tridiagonal
    /// About one draw in ten: zero, the identity, a diagonal, one corner alone, subnormal entries,
    /// entries near 1e±154, a repeated eigenvalue.
    case edge
  }

  public let family: Family
  /// What was drawn, in words, for a failure's message.
  public let name: String
  /// n × n, exactly symmetric and finite.
  public let rows: [[Double]]
  public var order: Int { rows.count }

  /// A matrix of order 0 … `maximumOrder`, small orders as likely as large ones.
  ///
  /// - Parameter family: drawn where nil; edge cases once in ten.
  public static func draw(
    maximumOrder: Int, family: Family? = nil, using generator: inout some RandomNumberGenerator
  ) -> RandomSymmetric {
    let n = Draw.integer(below: maximumOrder + 1, using: &generator)
    return draw(order: n, family: family, using: &generator)
  }

  /// A matrix of the given order.
  public static func draw(
    order n: Int, family: Family? = nil, using generator: inout some RandomNumberGenerator
  ) -> RandomSymmetric {
    let plain = Family.allCases.filter { $0 != .edge }
    let isEdge = Draw.once(in: 10, using: &generator)
    let drawn = plain[Draw.integer(below: plain.count, using: &generator)]
    let family = family ?? (isEdge ? .edge : drawn)

    let rows: [[Double]]
    switch family {
    case .goe: rows = RandomMatrix.goe(order: n, using: &generator)
    case .uniform: rows = RandomMatrix.uniform(order: n, using: &generator)
    case .tridiagonal: rows = RandomMatrix.tridiagonal(order: n, using: &generator)
    case .prescribed:
      rows = RandomMatrix.symmetric(
        spectrum: Draw.normals(n, using: &generator), using: &generator)
    case .graded:
      rows = RandomMatrix.symmetric(
        spectrum: RandomSpectrum.graded(count: n, using: &generator), using: &generator)
    case .clustered:
      rows = RandomMatrix.symmetric(
        spectrum: RandomSpectrum.clustered(count: n, using: &generator), using: &generator)
    case .lowRank:
      let rank = Draw.integer(below: n + 1, using: &generator)
      rows = RandomMatrix.symmetric(
        spectrum: RandomSpectrum.lowRank(count: n, rank: rank, using: &generator),
        using: &generator)
    case .edge:
      let edge = edgeCase(order: n, using: &generator)
      return RandomSymmetric(family: .edge, name: "\(edge.name), n = \(n)", rows: edge.rows)
    }
    return RandomSymmetric(family: family, name: "\(family.rawValue), n = \(n)", rows: rows)
  }

  private static func edgeCase(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) -> (name: String, rows: [[Double]]) {
    let scales = [0x1p-1060, 1e-154, 1e154]
    let scale = scales[Draw.integer(below: scales.count, using: &generator)]
    switch Draw.integer(below: 6, using: &generator) {
    case 0: return ("zero", RandomMatrix.symmetric(order: n) { _, _ in 0 })
    case 1: return ("identity", RandomMatrix.symmetric(order: n) { i, j in i == j ? 1 : 0 })
    case 2:
      let d = Draw.normals(n, using: &generator)
      return ("diagonal", RandomMatrix.symmetric(order: n) { i, j in i == j ? d[i] : 0 })
    case 3:
      let corner = RandomMatrix.symmetric(order: n) { i, j in j == 0 && i == n - 1 ? 1 : 0 }
      return ("corner alone", corner)
    case 4:
      let ones = (0..<n).map { $0 < n / 2 ? -1.0 : 1 }
      return ("eigenvalues ±1", RandomMatrix.symmetric(spectrum: ones, using: &generator))
    default:
      let rows = RandomMatrix.uniform(order: n, using: &generator)
      return ("uniform × \(scale)", rows.map { $0.map { $0 * scale } })
    }
  }
}
