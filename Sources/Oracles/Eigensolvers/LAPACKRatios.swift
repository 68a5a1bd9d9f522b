/// LAPACK's own measures of an eigensolver's quality (TESTING/EIG: `dsyt21`, `dsyt22`, `dstech`).
///
/// Each is an error in units of what rounding allows; LAPACK passes a solver below 60. Norms are
/// 1-norms, ‖A‖ is floored at the underflow threshold, and anything that is not a
/// number counts as infinite, so NaN never passes. Plain loops.
public enum LAPACKRatios {
  /// LAPACK's threshold.
  public static let threshold = 60.0
  /// Double precision's; who tests a solver in single gives 2^-23.
  public static let ulp = 0x1p-52

  /// ‖A − UΛUᵀ‖ / (n ‖A‖ ulp).
  ///
  /// - Parameters:
  ///   - rows: A, n × n.
  ///   - values: n eigenvalues.
  ///   - vectors: `vectors[k]` is the k-th eigenvector, of n components.
  public static func residual(
    _ rows: [[Double]], values: [Double], vectors: [[Double]], ulp: Double = LAPACKRatios.ulp
  ) -> Double {
    let n = rows.count
    requireShapes(n, values: values, vectors: vectors, count: n)
    guard n > 0 else { return 0 }
    var difference = rows
    for i in 0..<n {
      for j in 0..<n {
        var sum = 0.0
        for k in 0..<n { sum += values[k] * vectors[k][i] * vectors[k][j] }
        difference[i][j] -= sum
      }
    }
    return ratio(oneNorm(difference), over: flooredNorm(rows), count: n, ulp)
  }

  /// ‖I − UUᵀ‖ / (n ulp), for n vectors of n components.
  public static func orthogonality(
    _ vectors: [[Double]], ulp: Double = LAPACKRatios.ulp
  ) -> Double {
    let n = vectors.count
    requireShapes(n, values: [Double](repeating: 0, count: n), vectors: vectors, count: n)
    guard n > 0 else { return 0 }
    var difference = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n {
      for j in 0..<n {
        var sum = i == j ? -1.0 : 0
        for k in 0..<n { sum += vectors[k][i] * vectors[k][j] }
        difference[i][j] = sum
      }
    }
    return ratio(oneNorm(difference), over: 1, count: n, ulp)
  }

  /// ‖UᵀAU − Λ‖ / (m ‖A‖ ulp), for m of the n pairs.
  ///
  /// - Parameters:
  ///   - rows: A, n × n.
  ///   - values: m eigenvalues, m ≤ n.
  ///   - vectors: m vectors of n components.
  public static func partialResidual(
    _ rows: [[Double]], values: [Double], vectors: [[Double]], ulp: Double = LAPACKRatios.ulp
  ) -> Double {
    let n = rows.count
    let m = values.count
    requireShapes(n, values: values, vectors: vectors, count: m)
    guard m > 0 else { return 0 }
    let images = vectors.map { v in rows.map { dot($0, v) } }
    var difference = [[Double]](repeating: [Double](repeating: 0, count: m), count: m)
    for i in 0..<m {
      for j in 0..<m { difference[i][j] = dot(vectors[i], images[j]) - (i == j ? values[i] : 0) }
    }
    return ratio(oneNorm(difference), over: flooredNorm(rows), count: m, ulp)
  }

  /// max |D1 − D2| / (max(|D1|, |D2|) ulp): values with vectors against values without.
  public static func values(_ first: [Double], _ second: [Double]) -> Double {
    precondition(first.count == second.count, "\(first.count) values against \(second.count)")
    var worst = 0.0
    var largest = 0.0
    for (a, b) in zip(first, second) {
      let difference = (a - b).magnitude
      guard difference.isFinite else { return .infinity }
      worst = max(worst, difference)
      largest = max(largest, a.magnitude, b.magnitude)
    }
    return ratio(worst, over: max(largest, Double.leastNormalMagnitude), count: 1, ulp)
  }

  /// The largest column sum of magnitudes; +∞ if any entry is NaN.
  static func oneNorm(_ rows: [[Double]]) -> Double {
    var sums = [Double](repeating: 0, count: rows.first?.count ?? 0)
    for row in rows {
      for (j, entry) in row.enumerated() { sums[j] += entry.magnitude }
    }
    return sums.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
  }

  private static func flooredNorm(_ rows: [[Double]]) -> Double {
    max(oneNorm(rows), Double.leastNormalMagnitude)
  }

  // Divided one by one: the product ‖A‖·ulp would underflow for the smallest matrices.
  private static func ratio(
    _ norm: Double, over scale: Double, count: Int, _ ulp: Double
  ) -> Double {
    let result = norm / scale / (Double(count) * ulp)
    return result.isNaN ? .infinity : result
  }

  private static func requireShapes(
    _ order: Int, values: [Double], vectors: [[Double]], count: Int
  ) {
    precondition(
      values.count == count && vectors.count == count,
      "\(values.count) values and \(vectors.count) vectors where \(count) of each are needed")
    for (k, vector) in vectors.enumerated() {
      precondition(
        vector.count == order, "vector \(k) has \(vector.count) components, not \(order)")
    }
  }
}
