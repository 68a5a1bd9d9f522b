/// A point near θ at which ∇L is smaller than at any point of doubles: by Newton's steps with ∇L in
/// ball arithmetic and the Hessian as it is at θ, so that each wins a factor and none needs a new one.
struct PolishedPoint {
  /// x, exactly: P sums of two doubles.
  let location: [Ball]
  /// ‖∇L(x)‖ and how far off that may be.
  let gradientNorm: (value: Double, error: Double)
  /// A bound of ‖x − θ‖.
  let shift: Double

  private static let steps = 30

  /// - Parameters:
  ///   - gradient: ∇L(θ).
  ///   - hessian: at θ, whatever is to be solved with.
  /// - Returns: nil where no step makes ∇L half as small, and where steps lead further from θ than a
  ///   critical point may be that θ is called by.
  /// - Throws: `LinearAlgebraError` where LAPACK gives up.
  init?(
    of objective: some Objective<Double>, near θ: [Double], gradient: [Ball],
    hessian: Matrix<Double>
  ) throws {
    let factors = try SymmetricFactorization(hessian)
    var (x, slopes, norm) = (θ.map { Ball($0) }, gradient, gradient.norm)
    for _ in 0..<Self.steps {
      guard let step = try Self.step(factors, slopes) else { break }
      let next = zip(x, step).map { ($0 - Ball($1)).midpoint }
      guard let found = objective.gradientEnclosure(at: next) else { break }
      let reached = found.norm
      guard reached.value + reached.error < (norm.value + norm.error) / 2 else { break }
      (x, slopes, norm) = (next, found, reached)
    }
    let start = θ.map { Ball($0) }
    guard x != start else { return nil }
    (location, gradientNorm) = (x, norm)
    let moved = zip(x, start).map { $0 - $1 }.norm
    shift = (moved.value + moved.error) * Rounding.inflation
    guard shift <= PointLimits.criticalStep * θ.norm else { return nil }
  }

  /// nil where the matrix is singular.
  private static func step(
    _ factors: SymmetricFactorization<Double>, _ gradient: [Ball]
  ) throws(LinearAlgebraError) -> [Double]? {
    do throws(LinearAlgebraError) {
      return try factors.solve(gradient.map(\.high))
    } catch .singular {
      return nil
    }
  }

  /// The doubles nearest to x.
  var nearest: [Double] { location.map(\.high) }

  /// A bound of ‖x − nearest‖.
  var offset: Double { location.map(\.low).norm * Rounding.inflation }
}
