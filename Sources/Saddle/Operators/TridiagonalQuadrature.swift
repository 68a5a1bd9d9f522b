import RealModule

/// Eigenvalues of a symmetric tridiagonal matrix with the first and the last component of each
/// eigenvector: what a Gauss rule needs, in O(k²) where all eigenvectors take O(k³).
///
/// Implicit QL with Wilkinson's shift, the rotations applied to two rows of the identity only
/// (Golub, Welsch 1969; Parlett 1998, §8.11–8.14).
///
/// - Accuracy: eigenvalues within some k·ulp·‖T‖; components within the same over their gap.
struct TridiagonalQuadrature {
  /// Ascending.
  private(set) var values: [Double]
  private(set) var first: [Double]
  private(set) var last: [Double]

  /// - Parameters:
  ///   - diagonal: k ≥ 1 finite numbers.
  ///   - offDiagonal: the k − 1 beside them, finite.
  init(diagonal: [Double], offDiagonal: [Double]) throws(SpectralEstimateError) {
    let k = diagonal.count
    precondition(k > 0 && offDiagonal.count == k - 1, "\(k) beside \(offDiagonal.count)")
    let largest = (diagonal + offDiagonal).reduce(0) { max($0, $1.magnitude) }
    let exponent = largest > 0 ? Int(largest.exponent) + 1 : 0
    func scaled(_ x: Double, by exponent: Int) -> Double {
      Double(sign: .plus, exponent: exponent, significand: x)
    }
    values = diagonal.map { scaled($0, by: -exponent) }
    var beside = offDiagonal.map { scaled($0, by: -exponent) } + [0]
    first = values.map { _ in 0 }
    last = first
    first[0] = 1
    last[k - 1] = 1

    for l in 0..<k {
      var sweeps = 0
      while true {
        let m = Self.blockEnd(from: l, values, beside)
        if m == l { break }
        sweeps += 1
        guard sweeps <= 90 else { throw .noConvergence(eigenvalue: l) }
        sweep(l, m, &beside)
      }
    }
    let order = values.indices.sorted { values[$0] < values[$1] }
    (values, first, last) = (
      order.map { scaled(values[$0], by: exponent) }, order.map { first[$0] },
      order.map { last[$0] }
    )
  }

  /// The end of the unreduced block that begins at l. Entries are at most 1, so that what is below
  /// ulp² beside zeros is nothing.
  private static func blockEnd(from l: Int, _ values: [Double], _ beside: [Double]) -> Int {
    var m = l
    while m < values.count - 1 {
      let size = values[m].magnitude + values[m + 1].magnitude
      if beside[m].magnitude <= Double.ulpOfOne * max(size, Double.ulpOfOne) { break }
      m += 1
    }
    return m
  }

  /// One implicit QL step on the block l…m: the shift is the eigenvalue of the leading 2 × 2 block
  /// that is closer to its first entry, and rotations chase the bulge from the bottom to the top.
  private mutating func sweep(_ l: Int, _ m: Int, _ beside: inout [Double]) {
    let half = (values[l + 1] - values[l]) / (2 * beside[l])
    let root = Double.hypot(half, 1)
    let shift = values[l] - beside[l] / (half + (half < 0 ? -root : root))
    var (sine, cosine, carried) = (1.0, 1.0, 0.0)
    var bulge = values[m] - shift
    for i in stride(from: m - 1, through: l, by: -1) {
      let outer = sine * beside[i]
      let inner = cosine * beside[i]
      let length = Double.hypot(outer, bulge)
      beside[i + 1] = length
      if length == 0 {
        // The block has come apart by itself.
        values[i + 1] -= carried
        beside[m] = 0
        return
      }
      sine = outer / length
      cosine = bulge / length
      let rest = values[i + 1] - carried
      let mixed = (values[i] - rest) * sine + 2 * cosine * inner
      carried = sine * mixed
      values[i + 1] = rest + carried
      bulge = cosine * mixed - inner
      Self.rotate(&first, i, cosine, sine)
      Self.rotate(&last, i, cosine, sine)
    }
    values[l] -= carried
    beside[l] = bulge
    beside[m] = 0
  }

  private static func rotate(_ row: inout [Double], _ i: Int, _ cosine: Double, _ sine: Double) {
    let (a, b) = (row[i], row[i + 1])
    row[i] = cosine * a - sine * b
    row[i + 1] = sine * a + cosine * b
  }
}
