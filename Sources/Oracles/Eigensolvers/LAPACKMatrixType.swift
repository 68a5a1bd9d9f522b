/// The matrices that LAPACK tests its symmetric eigensolvers on: types 1 … 21 of TESTING/EIG
/// (`dchkst`), and ScaLAPACK's type 22, clusters of sizes 1, 2, 4, ….
///
/// Scaled types use √overflow and √underflow themselves: at 1e±150 the squares of entries still
/// are numbers, and a solver that forgot to scale would pass.
public struct LAPACKMatrixType: Sendable {
  public let number: Int
  /// n × n, symmetric bit for bit.
  public let rows: [[Double]]
  /// The eigenvalues that it was made from, ascending, where it was made from some: right up to
  /// rounding of order n·ulp·‖A‖.
  public let eigenvalues: [Double]?

  public static let numbers = 1...22
  public static let orders = [0, 1, 2, 3, 5, 20, 33]

  private enum Grading { case arithmetic, geometric, clustered }

  public init(_ number: Int, order n: Int, using rng: inout SplitMix64) {
    precondition(Self.numbers.contains(number), "LAPACK has no matrix type \(number)")
    let (overflow, underflow) = (0x1p512, 0x1p-511)
    var values: [Double]?
    var isRotated = false
    var entries: [[Double]]?
    switch number {
    case 1: values = [Double](repeating: 0, count: n)
    case 2: values = [Double](repeating: 1, count: n)
    case 3: values = Self.signed(.arithmetic, n, &rng)
    case 4: values = Self.signed(.geometric, n, &rng)
    case 5: values = Self.signed(.clustered, n, &rng)
    case 6: values = Self.signed(.arithmetic, n, &rng).map { $0 * overflow }
    case 7: values = Self.signed(.arithmetic, n, &rng).map { $0 * underflow }
    case 8: (values, isRotated) = (Self.signed(.arithmetic, n, &rng), true)
    case 9: (values, isRotated) = (Self.signed(.geometric, n, &rng), true)
    case 10: (values, isRotated) = (Self.signed(.clustered, n, &rng), true)
    case 11: (values, isRotated) = (Self.signed(.arithmetic, n, &rng), true)
    case 12: (values, isRotated) = (Self.signed(.arithmetic, n, &rng), true)
    case 13, 14, 15: entries = RandomMatrix.uniform(order: n, using: &rng)
    case 16, 19, 20: (values, isRotated) = (Self.magnitudes(.arithmetic, n), true)
    case 17: (values, isRotated) = (Self.magnitudes(.geometric, n), true)
    case 18: (values, isRotated) = (Self.magnitudes(.clustered, n), true)
    case 21:
      let diagonal = Self.magnitudes(.geometric, n)
      entries = RandomMatrix.symmetric(order: n) { i, j in
        // At most half of √(dᵢdⱼ), so that the matrix stays definite.
        i == j
          ? diagonal[i]
          : i == j + 1
            ? Draw.uniform(-0.5, 0.5, using: &rng) * (diagonal[i] * diagonal[j]).squareRoot() : 0
      }
    default: (values, isRotated) = (RandomSpectrum.clustered(count: n, using: &rng), true)
    }
    let scale = [11, 14, 19].contains(number) ? overflow : [12, 15, 20].contains(number) ? underflow : 1
    let unscaled: [[Double]]
    if let entries {
      unscaled = entries
    } else {
      let values = values ?? []
      unscaled =
        isRotated
        ? RandomMatrix.symmetric(spectrum: values, using: &rng)
        : RandomMatrix.symmetric(order: n) { $0 == $1 ? values[$0] : 0 }
    }
    self.number = number
    rows = unscaled.map { $0.map { $0 * scale } }
    eigenvalues = values.map { $0.map { $0 * scale }.sorted() }
  }

  private static func signed(_ grading: Grading, _ n: Int, _ rng: inout SplitMix64) -> [Double] {
    magnitudes(grading, n).map { Draw.sign(using: &rng) * $0 }
  }

  /// From 1 down to ulp.
  private static func magnitudes(_ grading: Grading, _ n: Int) -> [Double] {
    (0..<n).map { k in
      let part = n > 1 ? Double(k) / Double(n - 1) : 0
      switch grading {
      case .arithmetic: return 1 - part * (1 - LAPACKRatios.ulp)
      case .geometric: return power(LAPACKRatios.ulp, part)
      case .clustered: return k == 0 ? 1 : LAPACKRatios.ulp
      }
    }
  }
}
