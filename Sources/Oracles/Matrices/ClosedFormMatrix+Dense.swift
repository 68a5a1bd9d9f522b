import Foundation

extension ClosedFormMatrix {
  /// min(i, j), i, j = 1 … n: 1/(4 sin²((2k−1)π/(4n+2))), the inverse of a second difference.
  public static func minimum(order n: Int) -> ClosedFormMatrix {
    ClosedFormMatrix(
      name: "min(i, j), n = \(n)",
      rows: RandomMatrix.symmetric(order: n) { i, j in Double(min(i, j) + 1) },
      eigenvalues: (0..<n).map {
        1 / chord(Double(2 * $0 + 1) * .pi / Double(2 * n + 1))
      })
  }

  /// αI + βJ: α with multiplicity n − 1, and α + nβ.
  public static func shiftedOnes(
    order n: Int, diagonal α: Double, constant β: Double
  ) -> ClosedFormMatrix {
    ClosedFormMatrix(
      name: "\(α)·I + \(β)·J, n = \(n)",
      rows: RandomMatrix.symmetric(order: n) { i, j in β + (i == j ? α : 0) },
      eigenvalues: (0..<n).map { $0 == 0 ? α + Double(n) * β : α })
  }

  /// The reflection I − 2uuᵀ/(uᵀu) with u = (1, 2, …, n): −1 once, else 1.
  public static func reflection(order n: Int) -> ClosedFormMatrix {
    let square = Double(n * (n + 1) * (2 * n + 1) / 6)
    return ClosedFormMatrix(
      name: "reflection, n = \(n)",
      rows: RandomMatrix.symmetric(order: n) { i, j in
        (i == j ? 1 : 0) - 2 * Double((i + 1) * (j + 1)) / square
      },
      eigenvalues: (0..<n).map { $0 == 0 ? -1 : 1 })
  }

  /// Sylvester's Hadamard matrix of order n = 2ᵏ: ±√n, half of each (n = 1: 1).
  public static func hadamard(exponent k: Int) -> ClosedFormMatrix {
    let n = 1 << k
    let root = Double(n).squareRoot()
    return ClosedFormMatrix(
      name: "Hadamard, n = \(n)",
      rows: RandomMatrix.symmetric(order: n) { i, j in
        (i & j).nonzeroBitCount % 2 == 0 ? 1 : -1
      },
      eigenvalues: (0..<n).map { n > 1 && $0 < n / 2 ? -root : root })
  }

  /// [[0, D], [D, 0]] with a diagonal D: ±each entry, the shape of a saddle's Hessian.
  public static func bordered(sides: [Double]) -> ClosedFormMatrix {
    let n = sides.count
    return ClosedFormMatrix(
      name: "bordered \(sides)",
      rows: RandomMatrix.symmetric(order: 2 * n) { i, j in i - j == n ? sides[j] : 0 },
      eigenvalues: sides.map { -$0.magnitude } + sides.map(\.magnitude))
  }

  /// Hilbert's matrix of order 8, 1/(i + j − 1): eigenvalues over ten decades, from 40-digit
  /// arithmetic. Its entries are rounded, so the values hold to an ulp of the largest.
  public static let hilbert8 = ClosedFormMatrix(
    name: "Hilbert, n = 8",
    rows: RandomMatrix.symmetric(order: 8) { i, j in 1 / Double(i + j + 1) },
    eigenvalues: [
      1.1115389663724424e-10, 1.7988737458175767e-8, 1.2943320918728115e-6,
      5.4369433697499424e-5, 0.0014676881177418673, 0.026212843578119048, 0.29812521131693071,
      1.6959389969219495,
    ])
}
