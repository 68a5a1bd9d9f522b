import Foundation

extension ClosedFormMatrix {
  /// The Laplacian of a cycle of n ≥ 3: 2 − 2cos(2πk/n), k = 0 … n−1.
  public static func cycleLaplacian(order n: Int) -> ClosedFormMatrix {
    precondition(n >= 3, "a cycle of \(n)")
    return ClosedFormMatrix(
      name: "cycle Laplacian, n = \(n)",
      rows: laplacian(order: n) { i, j in i - j == 1 || i - j == n - 1 },
      eigenvalues: (0..<n).map { chord(2 * Double.pi * Double($0) / Double(n)) })
  }

  /// The Laplacian of the complete graph: 0 once, n with multiplicity n − 1.
  public static func completeLaplacian(order n: Int) -> ClosedFormMatrix {
    ClosedFormMatrix(
      name: "complete graph's Laplacian, n = \(n)",
      rows: laplacian(order: n) { _, _ in true },
      eigenvalues: (0..<n).map { $0 == 0 ? 0 : Double(n) })
  }

  /// The Laplacian of a star of n ≥ 2 vertices: 0, 1 with multiplicity n − 2, n.
  public static func starLaplacian(order n: Int) -> ClosedFormMatrix {
    precondition(n >= 2, "a star of \(n)")
    return ClosedFormMatrix(
      name: "star Laplacian, n = \(n)",
      rows: laplacian(order: n) { _, j in j == 0 },
      eigenvalues: (0..<n).map { $0 == 0 ? 0 : ($0 == n - 1 ? Double(n) : 1) })
  }

  /// The Laplacian of the hypercube of d dimensions, order 2ᵈ: 2k with multiplicity C(d, k).
  public static func hypercubeLaplacian(dimension d: Int) -> ClosedFormMatrix {
    ClosedFormMatrix(
      name: "hypercube Laplacian, d = \(d)",
      rows: laplacian(order: 1 << d) { i, j in (i ^ j).nonzeroBitCount == 1 },
      // Its characters are the subsets of coordinates: a subset of k gives 2k.
      eigenvalues: (0..<(1 << d)).map { Double(2 * $0.nonzeroBitCount) })
  }

  /// The Laplacian of an m × n grid, a Kronecker sum: sums of the two paths' eigenvalues.
  public static func gridLaplacian(_ m: Int, _ n: Int) -> ClosedFormMatrix {
    let paths = (pathLaplacian(order: m).eigenvalues, pathLaplacian(order: n).eigenvalues)
    return ClosedFormMatrix(
      name: "grid Laplacian, \(m) × \(n)",
      rows: laplacian(order: m * n) { i, j in
        (i / n - j / n).magnitude + (i % n - j % n).magnitude == 1
      },
      eigenvalues: paths.0.flatMap { a in paths.1.map { a + $0 } })
  }

  /// D − A of the graph with an edge between i and j (j < i) where `isEdge`.
  static func laplacian(order n: Int, isEdge: (Int, Int) -> Bool) -> [[Double]] {
    var rows = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n {
      for j in 0..<i where isEdge(i, j) {
        rows[i][j] = -1
        rows[j][i] = -1
        rows[i][i] += 1
        rows[j][j] += 1
      }
    }
    return rows
  }
}
