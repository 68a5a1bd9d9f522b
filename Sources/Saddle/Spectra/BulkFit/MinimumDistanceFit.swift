/// A law fitted to a sample by minimum Cramér–von Mises distance.
///
/// Maximum likelihood is not taken: at a square-root edge it hangs on the outermost eigenvalues
/// (its score is not square integrable there), one eigenvalue beyond the edge makes the likelihood
/// zero, and eigenvalues are not independent anyway. The distance is bounded in every eigenvalue,
/// smooth in the parameters, and goes with shift and scale, so that a test of the semicircle fitted
/// by it has a null distribution without parameters (Parr, Schucany 1980).
struct MinimumDistanceFit: Sendable {
  let parameters: BulkLawParameters
  /// Σ (F(xᵢ) − (i − ½)/n)².
  let squares: Double
  /// Whether the last step changed nothing that matters.
  let isConverged: Bool

  /// Fits from several starts, and keeps the best.
  ///
  /// - Parameter sorted: ascending, its quartiles apart.
  init(_ family: BulkLawFamily, to sorted: ArraySlice<Double>) {
    let starts = BulkLawParameters.startingShapes(family)
      .map { shape -> (BulkLawParameters, Double) in
        let start = BulkLawParameters(family, shape: shape, matching: sorted)
        return (start, Self.squares(start.law, sorted))
      }
      .sorted { $0.1 < $1.1 }
    self =
      starts.prefix(3).map { Self(from: $0.0, to: sorted) }
      .reduce(into: Self?.none) { best, fit in
        if fit.squares < best?.squares ?? .infinity { best = fit }
      } ?? Self(parameters: starts[0].0, squares: starts[0].1, isConverged: false)
  }

  private init(parameters: BulkLawParameters, squares: Double, isConverged: Bool) {
    self.parameters = parameters
    self.squares = squares
    self.isConverged = isConverged
  }

  /// Fits from one start by the method of Levenberg and Marquardt, with steps kept in the box.
  init(from start: BulkLawParameters, to sorted: ArraySlice<Double>) {
    var parameters = start
    var squares = Self.squares(start.law, sorted)
    var damping = 1e-3
    for _ in 0..<Self.stepLimit {
      let system = NormalEquations(at: parameters, sorted)
      var isBetter = false
      while damping < 1e12 {
        let candidate = parameters.moved(by: system.step(damping: damping))
        let value = Self.squares(candidate.law, sorted)
        if value < squares {
          let gain = squares - value
          (parameters, squares, isBetter) = (candidate, value, true)
          damping = max(damping / 10, 1e-12)
          if gain <= 1e-9 * squares {
            self.init(parameters: parameters, squares: squares, isConverged: true)
            return
          }
          break
        }
        damping *= 10
      }
      // No step however short goes down: a minimum to rounding.
      if !isBetter {
        self.init(parameters: parameters, squares: squares, isConverged: true)
        return
      }
    }
    self.init(parameters: parameters, squares: squares, isConverged: false)
  }

  private static let stepLimit = 100

  static func squares(_ law: BulkLaw, _ sorted: ArraySlice<Double>) -> Double {
    let n = Double(sorted.count)
    var sum = 0.0
    var rank = 0.5
    for x in sorted {
      let residual = law.cumulative(x) - rank / n
      sum += residual * residual
      rank += 1
    }
    return sum
  }
}

/// JᵀJ and Jᵀr of the residuals F(xᵢ) − (i − ½)/n.
private struct NormalEquations {
  private var matrix: [[Double]]
  private var right: [Double]

  init(at parameters: BulkLawParameters, _ sorted: ArraySlice<Double>) {
    let count = parameters.values.count
    let law = parameters.law
    let mean = parameters.values[0]
    // The shape's derivatives by central differences: their error, 1e-10, only slows the descent.
    let sides = (2..<count).map { i -> (low: BulkLaw, high: BulkLaw, width: Double) in
      var unit = [Double](repeating: 0, count: count)
      unit[i] = 1e-4
      let high = parameters.moved(by: unit)
      unit[i] = -1e-4
      let low = parameters.moved(by: unit)
      return (low.law, high.law, high.values[i] - low.values[i])
    }
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var right = [Double](repeating: 0, count: count)
    var row = right
    let n = Double(sorted.count)
    var rank = 0.5
    for x in sorted {
      let residual = law.cumulative(x) - rank / n
      rank += 1
      let density = law.density(x)
      row[0] = -density
      row[1] = -density * (x - mean)
      for (i, side) in sides.enumerated() {
        row[2 + i] = (side.high.cumulative(x) - side.low.cumulative(x)) / side.width
      }
      for i in 0..<count {
        right[i] += row[i] * residual
        for j in 0...i { matrix[i][j] += row[i] * row[j] }
      }
    }
    self.matrix = matrix
    self.right = right
  }

  /// −(JᵀJ + damping·diag)⁻¹·Jᵀr by Cholesky's factorization.
  func step(damping: Double) -> [Double] {
    let count = right.count
    var factor = matrix
    var x = right.map { -$0 }
    for i in 0..<count {
      // A parameter that nothing depends on stays where it is.
      factor[i][i] += damping * matrix[i][i] + .leastNormalMagnitude
      for j in 0...i {
        for k in 0..<j { factor[i][j] -= factor[i][k] * factor[j][k] }
        if j < i {
          factor[i][j] /= factor[j][j]
        } else {
          factor[i][i] = max(factor[i][i], 1e-14 * matrix[i][i] + .leastNormalMagnitude)
            .squareRoot()
        }
      }
    }
    for i in 0..<count {
      for k in 0..<i { x[i] -= factor[i][k] * x[k] }
      x[i] /= factor[i][i]
    }
    for i in (0..<count).reversed() {
      for k in (i + 1)..<max(count, i + 1) { x[i] -= factor[k][i] * x[k] }
      x[i] /= factor[i][i]
    }
    return x
  }
}
