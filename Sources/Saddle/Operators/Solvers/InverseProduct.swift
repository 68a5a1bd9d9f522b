/// A⁻¹b for a symmetric A, by products with A alone, and how far it is from solving A·x = b.
public struct InverseProduct: Codable, Equatable, Sendable {
  public enum Ending: String, Codable, Sendable {
    /// ‖b − Ax‖ ≤ tolerance·‖b‖.
    case solved
    /// A direction d with dᵀAd ≤ 0: A is not positive definite.
    case notDefinite
    /// The residual has grown beyond ‖b‖ a million times: the series does not converge.
    case diverged
    case budgetSpent
  }

  /// x, n elements.
  public let solution: [Double]
  public let ending: Ending
  /// Steps, each of them one product with A; one more makes the residual.
  public let iterations: Int
  /// ‖b − Ax‖, from a product with x.
  public let residual: Double
  /// ‖b − Ax‖/‖b‖; 0 for b = 0.
  public let relativeResidual: Double

  init(
    _ solution: [Double], _ ending: Ending, iterations: Int, of a: some LinearOperator<Double>,
    _ b: [Double]
  ) throws(KrylovError) {
    self.solution = solution
    self.ending = ending
    self.iterations = iterations
    let image = try a.finiteProduct(solution, after: iterations)
    residual = b.adding(-1, times: image).norm
    relativeResidual = b.norm > 0 ? residual / b.norm : 0
  }

  /// ‖x − A⁻¹b‖ is at most this where all |λ| are at least `least`: ‖r‖/`least`, of the residual that
  /// was measured.
  public func errorBound(leastMagnitude least: Double) -> Double { residual / least }
}

/// Conjugate gradients for a positive definite A (Hestenes, Stiefel 1952), with a preconditioner where
/// one is given: `KroneckerCurvature.inverse`, say.
public struct ConjugateGradients: Codable, Equatable, Sendable {
  public let tolerance: Double
  /// The most steps.
  public let budget: Int

  /// - Parameter tolerance: ends at ‖b − Ax‖ ≤ tolerance·‖b‖, by the recurrence's residual.
  /// - Throws: `KrylovError.invalid` for a tolerance outside [0, 1) or a budget below 1.
  public init(tolerance: Double = 1e-10, budget: Int) throws(KrylovError) {
    try KrylovError.requireTolerance("tolerance", tolerance)
    try KrylovError.requireBudget(budget)
    self.tolerance = tolerance
    self.budget = budget
  }

  /// - Parameters:
  ///   - a: of order n.
  ///   - b: n elements, finite.
  ///   - preconditioner: M ≈ A⁻¹, positive definite.
  /// - Throws: `KrylovError.productNotFinite`; `.badVectors` where b is not finite.
  public func solve(
    _ a: some LinearOperator<Double>, _ b: [Double],
    preconditioner: (any LinearOperator<Double>)? = nil
  ) throws(KrylovError) -> InverseProduct {
    let size = try requireRightHandSide(b, a.dimension)
    var x = [Double].zeros(b.count)
    var residual = b
    func preconditioned() -> [Double] { preconditioner?.apply(residual) ?? residual }
    var z = preconditioned()
    var direction = z
    var product = residual.dot(z)
    var steps = 0
    var ending = InverseProduct.Ending.budgetSpent
    while true {
      if residual.norm <= tolerance * size {
        ending = .solved
        break
      }
      guard steps < budget else { break }
      let image = try a.finiteProduct(direction, after: steps)
      steps += 1
      let curvature = direction.dot(image)
      guard curvature > 0, product > 0 else {
        ending = .notDefinite
        break
      }
      let α = product / curvature
      x = x.adding(α, times: direction)
      residual = residual.adding(-α, times: image)
      z = preconditioned()
      let next = residual.dot(z)
      direction = z.adding(next / product, times: direction)
      product = next
    }
    return try InverseProduct(x, ending, iterations: steps, of: a, b)
  }
}

/// Neumann's series x = α Σₖ (I − αA)ᵏ b, which converges where all eigenvalues lie in (0, 2/α)
/// (Lorraine, Vicol, Duvenaud 2020, §4): a step is one product, and a few steps are a damped inverse.
public struct NeumannSeries: Codable, Equatable, Sendable {
  /// α.
  public let step: Double
  public let tolerance: Double
  /// The most terms.
  public let budget: Int

  /// - Parameter tolerance: ends at ‖b − Ax‖ ≤ tolerance·‖b‖.
  /// - Throws: `KrylovError.invalid` for a step that is not above 0, a tolerance outside [0, 1) or a
  ///   budget below 1.
  public init(step: Double, tolerance: Double = 0, budget: Int) throws(KrylovError) {
    try KrylovError.require("step", step, "above 0", step > 0 && step.isFinite)
    try KrylovError.requireTolerance("tolerance", tolerance)
    try KrylovError.requireBudget(budget)
    self.step = step
    self.tolerance = tolerance
    self.budget = budget
  }

  /// - Throws: `KrylovError.productNotFinite`; `.badVectors` where b is not finite.
  public func solve(
    _ a: some LinearOperator<Double>, _ b: [Double]
  ) throws(KrylovError) -> InverseProduct {
    let size = try requireRightHandSide(b, a.dimension)
    var x = b.scaled(by: step)
    var term = x
    var terms = 1
    var ending = InverseProduct.Ending.budgetSpent
    // The residual of the terms so far is the next term over α.
    var isSolved = size == 0
    while !isSolved {
      guard terms < budget else { break }
      let image = try a.finiteProduct(term, after: terms - 1)
      term = term.adding(-step, times: image)
      let residual = term.norm / step
      if residual <= tolerance * size {
        isSolved = true
        break
      }
      if !(residual <= 1e6 * size) {
        ending = .diverged
        break
      }
      x = x.adding(1, times: term)
      terms += 1
    }
    if isSolved { ending = .solved }
    return try InverseProduct(x, ending, iterations: terms, of: a, b)
  }
}

/// ‖b‖ of a right-hand side, which must be finite.
func requireRightHandSide(_ b: [Double], _ order: Int) throws(KrylovError) -> Double {
  precondition(b.count == order, "\(b.count) elements for an operator of order \(order)")
  let size = b.norm
  guard size.isFinite else { throw .badVectors("the right-hand side is not finite") }
  return size
}
