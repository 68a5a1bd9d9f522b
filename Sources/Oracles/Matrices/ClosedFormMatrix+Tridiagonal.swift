import Foundation

extension ClosedFormMatrix {
  /// Tridiagonal (b, a, b): a + 2b·cos(kπ/(n+1)), k = 1 … n.
  public static func toeplitz(
    order n: Int, diagonal a: Double, offDiagonal b: Double
  ) -> ClosedFormMatrix {
    ClosedFormMatrix(
      name: "Toeplitz (\(b), \(a), \(b)), n = \(n)",
      rows: RandomMatrix.symmetric(order: n) { i, j in i == j ? a : (i - j == 1 ? b : 0) },
      eigenvalues: (0..<n).map { a + 2 * b * cos(Double($0 + 1) * .pi / Double(n + 1)) })
  }

  /// The Laplacian of a path: 2 − 2cos(πk/n), k = 0 … n−1.
  public static func pathLaplacian(order n: Int) -> ClosedFormMatrix {
    ClosedFormMatrix(
      name: "path Laplacian, n = \(n)",
      rows: laplacian(order: n) { i, j in i - j == 1 },
      eigenvalues: (0..<n).map { chord(Double.pi * Double($0) / Double(n)) })
  }

  /// Clement and Kac: off-diagonal √(i(n−i)), spectrum −(n−1), −(n−3), …, n−1 (Clement 1959).
  public static func clementKac(order n: Int) -> ClosedFormMatrix {
    ClosedFormMatrix(
      name: "Clement–Kac, n = \(n)",
      rows: RandomMatrix.symmetric(order: n) { i, j in
        i - j == 1 ? Double(i * (n - i)).squareRoot() : 0
      },
      eigenvalues: (0..<n).map { Double(2 * $0 - (n - 1)) })
  }

  /// Wilkinson's W21⁺: |10|, |9|, …, |−10| beside ones, with pairs that agree to 14 digits
  /// (Wilkinson 1965, p. 308). Eigenvalues from 40-digit arithmetic.
  public static let wilkinson21 = ClosedFormMatrix(
    name: "Wilkinson 21",
    rows: RandomMatrix.symmetric(order: 21) { i, j in
      i == j ? Double(10 - i).magnitude : (i - j == 1 ? 1 : 0)
    },
    eigenvalues: [
      -1.12544152211998422, 0.253805817096678168, 0.947534367529293279, 1.78932135269508141,
      2.13020921936250599, 2.96105888418572669, 3.04309929257882374, 3.99604820138362503,
      4.00435402344085674, 4.99978247774290186, 5.00024442500191301, 6.00021752225709814,
      6.00023403158416702, 7.00395179861637497, 7.00395220952867567, 8.03894111581427331,
      8.03894112282902324, 9.21067864730491859, 9.21067864736133211, 10.7461941829033218,
      10.7461941829033934,
    ])

  /// 2 − 2cos φ without cancellation.
  static func chord(_ angle: Double) -> Double {
    let s = sin(angle / 2)
    return 4 * s * s
  }
}
