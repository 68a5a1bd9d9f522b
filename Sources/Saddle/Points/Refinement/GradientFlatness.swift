/// Whether the gradient at a point lies where the Hessian sends it to zero, so that no Newton step
/// makes it smaller: what stops searches for critical points elsewhere than at them.
///
/// With p the shortest step that minimizes ‖Hp + g‖ when eigenvalues |λ| ≤ τ·σ count as zero, Frye
/// et al. 2021 ("Critical point-finding methods reveal gradient-flat regions of deep network
/// losses", Neural Computation 33) take
///
///     r = ‖Hp + g‖ / (‖H‖_F·‖p‖ + ‖g‖)
///
/// and call the point gradient-flat where r > 0.9. By the triangle inequality 0 ≤ r ≤ 1; r = 0
/// where g is in H's range, r = 1 where Hg = 0. A step of 0 would give r = 1 anywhere: the figure
/// means something only together with `isLeastSquares`.
public struct GradientFlatness: Codable, Equatable, Sendable {
  /// p, P elements.
  public let step: [Double]
  /// ‖g‖.
  public let gradientNorm: Double
  /// ‖Hp + g‖.
  public let residual: Double
  /// ‖H(Hp + g)‖.
  public let normalResidual: Double
  /// ‖H‖_F.
  public let hessianNorm: Double
  /// The standard error of `hessianNorm`; 0 where it is exact.
  public let hessianNormError: Double
  /// σ, what H's eigenvalues are held against: the largest ‖Hq‖, ‖q‖ = 1, that was met here or on
  /// the way here. In one dimension, say, H alone has no scale.
  public let curvatureScale: Double
  /// The point where it was met; nil for this one.
  public let scalePoint: [Double]?
  /// τ: curvature up to τ·`curvatureScale` counts as none.
  public let tolerance: Double

  /// The limit of Frye et al.
  public static let limit = 0.9
  /// The default τ: where the derivative along g of ‖g‖² vanishes to about the square root of the
  /// rounding unit, its minimum cannot be located any closer.
  public static let standardTolerance = 1e-6

  public init(
    step: [Double], gradientNorm: Double, residual: Double, normalResidual: Double,
    hessianNorm: Double, hessianNormError: Double, curvatureScale: Double,
    scalePoint: [Double]? = nil, tolerance: Double
  ) {
    self.step = step
    self.gradientNorm = gradientNorm
    self.residual = residual
    self.normalResidual = normalResidual
    self.hessianNorm = hessianNorm
    self.hessianNormError = hessianNormError
    self.curvatureScale = curvatureScale
    self.scalePoint = scalePoint
    self.tolerance = tolerance
  }

  /// Frye's r.
  public var relativeResidual: Double {
    let largest = hessianNorm * step.norm + gradientNorm
    return largest > 0 ? residual / largest : 0
  }

  /// Whether no step makes ‖Hp + g‖ smaller, up to curvature that counts as none. False where the
  /// Krylov space was too small to say.
  public var isLeastSquares: Bool {
    normalResidual <= 1.01 * tolerance * curvatureScale * residual
  }

  public var isFlat: Bool { isLeastSquares && relativeResidual > Self.limit }
}

/// The largest curvature that a search has met, and where.
struct CurvatureScale: Codable, Equatable, Sendable {
  var size = 0.0
  var point: [Double] = []

  mutating func include(_ other: Double, at place: [Double]) {
    guard other.isFinite, other > size else { return }
    (size, point) = (other, place)
  }
}

extension GradientFlatness {
  /// The step comes from `CurvatureModes`. MINRES would not do: modes of almost no curvature enter
  /// its steps before its residual shows that they should not.
  ///
  /// - Parameters:
  ///   - gradient: ∇L(θ), P elements.
  ///   - scale: the largest curvature met on the way, if any.
  ///   - generator: draws the probes of ‖H‖_F where P is too large for the exact figure.
  /// - Throws: `CriticalPointError.krylov`.
  init(
    of objective: some Objective<Double>, at point: [Double], gradient: [Double],
    scale: CurvatureScale, tolerance: Double, using generator: inout some RandomNumberGenerator
  ) throws(CriticalPointError) {
    let hessian = objective.linearized(at: point)
    let modes = try CurvatureModes(of: hessian, aroundGradient: gradient)
    let σ = max(modes.scale, scale.size)
    let step = modes.newtonStep(against: gradient, above: tolerance * σ).step
    let (rest, image): ([Double], [Double])
    do throws(KrylovError) {
      rest = try hessian.finiteProduct(step, after: modes.values.count).adding(1, times: gradient)
      image = try hessian.finiteProduct(rest, after: modes.values.count + 1)
    } catch {
      throw .krylov(error)
    }
    let (norm, error) = frobeniusNorm(of: hessian, using: &generator)
    self.init(
      step: step, gradientNorm: gradient.norm, residual: rest.norm, normalResidual: image.norm,
      hessianNorm: norm, hessianNormError: error, curvatureScale: σ,
      scalePoint: scale.size > modes.scale ? scale.point : nil, tolerance: tolerance)
  }
}

/// ‖A‖_F with its standard error: exact, from the products with all unit vectors, up to an order of
/// 2048; beyond, from 64 products with random signs z, since E‖Az‖² = ‖A‖_F² (Hutchinson 1990 on
/// A²).
private func frobeniusNorm(
  of a: some LinearOperator<Double>, using generator: inout some RandomNumberGenerator
) -> (norm: Double, error: Double) {
  let n = a.dimension
  let isExact = n <= 2048
  let (count, block) = (isExact ? n : 64, 32)
  var squares: [Double] = []
  for start in stride(from: 0, to: count, by: block) {
    var vectors = Matrix<Double>(rows: min(block, count - start), columns: n)
    for i in 0..<vectors.rows {
      if isExact {
        vectors[i, start + i] = 1
      } else {
        for j in 0..<n { vectors[i, j] = generator.next() >> 63 == 0 ? 1 : -1 }
      }
    }
    let products = a.apply(vectors)
    for i in 0..<vectors.rows {
      let row = products.row(i)
      squares.append(row.dot(row))
    }
  }
  let sum = squares.reduce(0, +)
  guard !isExact else { return (sum.squareRoot(), 0) }
  let mean = sum / Double(count)
  let variance =
    squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count * (count - 1))
  // d√x = dx/2√x.
  return (mean.squareRoot(), mean > 0 ? variance.squareRoot() / (2 * mean.squareRoot()) : 0)
}
