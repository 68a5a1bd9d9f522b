import RealModule

/// What MINRES made of A·x = b, with the true residuals.
public struct MINRESSolution: Codable, Equatable, Sendable {
  public enum Ending: String, Codable, Sendable {
    /// ‖b − Ax‖ ≤ residualTolerance·‖b‖.
    case solved
    /// ‖A(b − Ax)‖ ≤ leastSquaresTolerance·‖A‖·‖b − Ax‖: no x does better, b is not in A's range.
    case leastSquares
    case budgetSpent
  }

  /// x, n elements.
  public let solution: [Double]
  public let ending: Ending
  /// Steps, each of them one product with A; two more make the residuals.
  public let iterations: Int
  /// ‖b − Ax‖, from a product with x.
  public let residual: Double
  /// ‖A(b − Ax)‖, from a product with the residual.
  public let normalResidual: Double
  /// ‖Ax‖.
  public let imageNorm: Double
  /// The largest ‖Aq‖ over the Lanczos vectors q: a lower bound of ‖A‖₂, and its scale.
  public let operatorScale: Double
  /// ‖T‖_F of the tridiagonal matrix T = QᵀAQ: a lower bound of ‖A‖_F.
  public let projectedNorm: Double
}

/// Minimizes ‖b − Ax‖ over Krylov spaces of a symmetric A, definite or not, singular or not.
///
/// `LanczosRecurrence` of A from b, its tridiagonal matrix turned upper triangular by one rotation a
/// step (Paige and Saunders 1975). From x = 0 the residual never grows. Where b is not
/// in A's range, MINRES ends at a least-squares solution that may hold a multiple of the residual
/// r, which A sends to zero: x ← x − (rᵀx/rᵀr)·r then gives the shortest one, A⁺b (Liu, Milzarek
/// and Roosta 2023, arXiv 2309.17096).
///
/// - Accuracy: endings are judged by the recurrence's residual, which the true one, reported,
///   can exceed by a multiple of ulp·κ(A)·‖b‖ (Sleijpen, van der Vorst and Modersitzki 2000).
/// - Note: no reorthogonalization; a clustered spectrum costs no more steps than it has clusters,
///   a badly conditioned one may cost more than n.
public struct MINRES: Codable, Equatable, Sendable {
  public let residualTolerance: Double
  public let leastSquaresTolerance: Double
  /// The most steps.
  public let budget: Int

  /// - Throws: `KrylovError.invalid` for tolerances outside [0, 1) or a budget below 1.
  public init(
    residualTolerance: Double = 1e-12, leastSquaresTolerance: Double = 1e-12, budget: Int
  ) throws(KrylovError) {
    try KrylovError.requireTolerance("residualTolerance", residualTolerance)
    try KrylovError.requireTolerance("leastSquaresTolerance", leastSquaresTolerance)
    try KrylovError.requireBudget(budget)
    self.residualTolerance = residualTolerance
    self.leastSquaresTolerance = leastSquaresTolerance
    self.budget = budget
  }

  /// - Parameters:
  ///   - a: of order n.
  ///   - b: n elements, finite.
  /// - Throws: `KrylovError.productNotFinite`; `.badVectors` where b is not finite.
  public func solve(
    _ a: some LinearOperator<Double>, _ b: [Double]
  ) throws(KrylovError) -> MINRESSolution {
    let size = try requireRightHandSide(b, a.dimension)
    var course = Course(b, norm: size)
    var ending = MINRESSolution.Ending.budgetSpent
    while true {
      // The residual that the recurrence carries, |φ|; x = 0 solves A·x = 0.
      if course.residual <= residualTolerance * size {
        ending = .solved
        break
      }
      guard course.steps < budget else { break }
      try course.expand(a)
      // ‖A·r‖ of the x so far, known once its next Lanczos vector is (Choi, Paige, Saunders 2011).
      if course.normalRatio
        <= max(leastSquaresTolerance, 4 * .ulpOfOne) * course.scale
      {
        ending = .leastSquares
        break
      }
      course.update()
    }
    return try course.solution(a, b, ending)
  }
}

extension MINRES {
  /// The recurrences' memory.
  private struct Course {
    var steps = 0
    var residual: Double
    /// ‖A·r‖/‖r‖ of the last x.
    var normalRatio = Double.infinity
    var scale = 0.0
    var squares = 0.0
    private var x: [Double]
    private var recurrence: LanczosRecurrence<Double>
    // Of the recurrence: multiples of v_{k−1} and v_k, which make way for v_{k+1} and v_k, and A·v_k.
    private var previous, current, product: Matrix<Double>
    private var vector: [Double]
    private var older, newer: [Double]
    private var φ: Double
    // β_k, β_{k+1}, and the rotations k−2 and k−1.
    private var β = 0.0
    private var βNext = 0.0
    private var (cosineOld, sineOld, cosine, sine) = (1.0, 0.0, 1.0, 0.0)
    // Column k of R: ε, δ and the diagonal before its own rotation.
    private var (ε, δ, γ) = (0.0, 0.0, 0.0)

    init(_ b: [Double], norm: Double) {
      let zero = [Double](repeating: 0, count: b.count)
      (x, older, newer) = (zero, zero, zero)
      let unit = norm > 0 ? b.map { $0 / norm } : zero
      vector = unit
      recurrence = LanczosRecurrence(unit.span)
      current = Matrix(rows: 1, columns: b.count, elements: unit)
      previous = Matrix(rows: 1, columns: b.count)
      product = previous
      φ = norm
      residual = norm
    }

    /// One Lanczos step, and column k of T turned by the rotations before.
    mutating func expand(_ a: some LinearOperator<Double>) throws(KrylovError) {
      let length = recurrence.norm
      vector = current.elements.scaled(by: 1 / length)
      try a.applyFinite(current, into: &product, after: steps)
      scale = max(scale, product.elements.norm / length)
      let α: Double
      (α, βNext) = try advance()
      squares += α * α + 2 * βNext * βNext
      // An invariant space leaves only rounding behind.
      if βNext <= 4 * Double.ulpOfOne * scale { βNext = 0 }
      ε = sineOld * β
      let δBefore = cosineOld * β
      δ = cosine * δBefore + sine * α
      γ = cosine * α - sine * δBefore
      normalRatio = Double.hypot(γ, cosine * βNext)
    }

    /// α_k and β_{k+1}; `previous` becomes a multiple of v_{k+1}.
    private mutating func advance() throws(KrylovError) -> (α: Double, β: Double) {
      // A span of one buffer locks all of `self`: what is read is referred to twice, and what is
      // written is taken out meanwhile.
      let (vector, image) = (current, product)
      var (next, lanczos) = (Matrix<Double>(rows: 0, columns: 0), recurrence)
      swap(&next, &previous)
      var target = next.elements.mutableSpan
      let step = lanczos.advance(vector.elements.span, product: image.elements.span, &target)
      guard let step else { throw .notFinite(image.elements, order: image.columns, number: steps + 1) }
      (previous, recurrence) = (next, lanczos)
      return (step.alpha, step.beta)
    }

    /// The next rotation, and x moved along d_k.
    mutating func update() {
      let length = Double.hypot(γ, βNext)
      (cosineOld, sineOld) = (cosine, sine)
      (cosine, sine) = (γ / length, βNext / length)
      let direction = vector.adding(-δ, times: newer).adding(-ε, times: older)
        .scaled(by: 1 / length)
      x = x.adding(cosine * φ, times: direction)
      φ *= -sine
      residual = φ.magnitude
      (older, newer) = (newer, direction)
      β = βNext
      swap(&current, &previous)
      steps += 1
    }

    func solution(
      _ a: some LinearOperator<Double>, _ b: [Double], _ ending: MINRESSolution.Ending
    ) throws(KrylovError) -> MINRESSolution {
      let image = try a.finiteProduct(x, after: steps)
      let rest = b.adding(-1, times: image)
      let product = try a.finiteProduct(rest, after: steps + 1)
      var shortest = x
      let square = rest.dot(rest)
      if ending == .leastSquares, square > 0, square.isFinite {
        shortest = x.adding(-rest.dot(x) / square, times: rest)
      }
      return MINRESSolution(
        solution: shortest, ending: ending, iterations: steps, residual: rest.norm,
        normalResidual: product.norm, imageNorm: image.norm, operatorScale: scale,
        projectedNorm: squares.squareRoot())
    }
  }
}
