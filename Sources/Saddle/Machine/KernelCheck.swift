/// Whether BLAS multiplies rightly with the kernels that it runs.
///
/// A kernel that this processor was never tried with may compute wrong products: OpenBLAS 0.3.20
/// did so with those of Cooper Lake on Sapphire Rapids (OpenBLAS issue 5267).
package enum KernelCheck {
  /// Sizes on both sides of the blocks that kernels work in, small and large enough for the paths
  /// with and without packed factors; few elements, since each program that mends its kernels waits
  /// for this.
  private static let shapes = [
    (1, 1, 1), (3, 5, 7), (17, 33, 65), (64, 64, 64), (120, 129, 110), (8, 200, 100),
  ]

  /// The first product that is wrong, in words; nil where all are right.
  ///
  /// The factors are small integers, so that products are exact in both precisions, and C = A·B
  /// is checked by C·x = A·(B·x) for an integer vector x (Freivalds 1977), which is exact as well.
  package static func fault() -> String? { fault(Double.self) ?? fault(Float.self) }

  private static func fault<T: Scalar>(_: T.Type) -> String? {
    var generator = RandomStream(seed: 1, name: "kernels")
    for (m, n, k) in shapes {
      for (aIsTransposed, bIsTransposed) in [(false, false), (false, true), (true, false), (true, true)] {
        let adding: T = aIsTransposed == bIsTransposed ? 0 : 1
        let a = layout(m, k, isTransposed: aIsTransposed)
        let b = layout(k, n, isTransposed: bIsTransposed)
        let left = integers(m * k, below: 5, using: &generator)
        let right = integers(k * n, below: 5, using: &generator)
        let vector = integers(n, below: 9, using: &generator)
        let product = product(
          left.map { T($0) }, a, right.map { T($0) }, b, adding: adding,
          Layout(rows: m, columns: n))
        let inner = times(right, k, n, isTransposed: bIsTransposed, vector)
        let expected = times(left, m, k, isTransposed: aIsTransposed, inner)
        let added = adding == 0 ? 0 : vector.reduce(0, +)
        for i in 0..<m {
          let row = (0..<n).reduce(0.0) { $0 + Double(product[i * n + $1]) * Double(vector[$1]) }
          if row != Double(expected[i] + added) {
            return "\(m) × \(k) times \(k) × \(n) in \(T.self), row \(i)"
          }
        }
      }
    }
    return nil
  }

  /// A·B, plus `adding` in each element.
  private static func product<T: Scalar>(
    _ a: [T], _ aLayout: Layout, _ b: [T], _ bLayout: Layout, adding: T, _ layout: Layout
  ) -> [T] {
    var product = [T](repeating: 1, count: layout.rows * layout.columns)
    var target = product.mutableSpan
    multiply(a.span, aLayout, b.span, bLayout, adding: adding, into: &target, layout)
    return product
  }

  private static func layout(_ rows: Int, _ columns: Int, isTransposed: Bool) -> Layout {
    isTransposed
      ? Layout(rows: columns, columns: rows).transposed : Layout(rows: rows, columns: columns)
  }

  private static func integers(
    _ count: Int, below bound: Int, using generator: inout RandomStream
  ) -> [Int] {
    (0..<count).map { _ in generator.index(below: 2 * bound - 1) - bound + 1 }
  }

  /// A rows × columns matrix times a vector.
  private static func times(
    _ matrix: [Int], _ rows: Int, _ columns: Int, isTransposed: Bool, _ vector: [Int]
  ) -> [Int] {
    (0..<rows).map { i in
      (0..<columns).reduce(0) { sum, j in
        sum + matrix[isTransposed ? j * rows + i : i * columns + j] * vector[j]
      }
    }
  }
}
