extension CriticalPointSearch {
  /// c of the backtracking search.
  private static var decrease: Double { 1e-4 }
  /// α goes down to 2⁻⁶⁰: where the gradient is flat, a Newton step can be that much too long.
  private static var halvings: Int { 60 }

  /// The relative residual of the next Newton step: 0.1 at first, then 0.9·(‖g_k‖/‖g_{k−1}‖)²
  /// (Eisenstat and Walker 1996, choice 2), and not below `stepTolerance`.
  ///
  /// Where critical points form a manifold, as a network's do, the part of g along it is of second
  /// order in the distance and so is its curvature of first: solved for exactly, it leads far away.
  /// A residual that falls no faster than the distance leaves it alone.
  private func forcingTerm(_ state: State) -> Double {
    guard let last = state.trajectory.last, last.gradientNorm > 0 else {
      return max(0.1, stepTolerance)
    }
    let ratio = state.gradientNorm / last.gradientNorm
    return max(stepTolerance, min(0.1, 0.9 * ratio * ratio))
  }

  /// - Returns: false where no shorter gradient was found along the step.
  func takeNewtonStep<Function: Objective<Double>>(
    _ state: inout State, on objective: Function
  ) throws(CriticalPointError) -> Bool {
    let size = state.gradientNorm
    let solver = try MINRES(
      residualTolerance: forcingTerm(state), leastSquaresTolerance: 1e-10,
      budget: innerBudget(dimension: state.point.count))
    let newton = try solver.solve(
      objective.linearized(at: state.point), state.gradient.scaled(by: -1))
    state.curvatureScale = max(state.curvatureScale, newton.operatorScale)
    let reach = newton.solution.norm
    let residual = newton.residual / (newton.projectedNorm * reach + size)

    // ‖Hp‖/‖g‖: what a whole step would take away if H did not change.
    let share = min(newton.imageNorm / size, 1)
    var α = 1.0
    for _ in 0...Self.halvings {
      let trial = state.point.adding(α, times: newton.solution)
      let (value, gradient) = objective.gradient(at: trial)
      // NaN is not less than anything.
      if value.isFinite, gradient.norm < size,
        gradient.norm <= size * (1 - 2 * Self.decrease * α * share * share).squareRoot()
      {
        state.trajectory.append(
          Step(
            gradientNorm: size, length: α * reach, innerIterations: newton.iterations,
            residual: residual))
        (state.point, state.value, state.gradient) = (trial, value, gradient)
        return true
      }
      α /= 2
    }
    state.trajectory.append(
      Step(
        gradientNorm: size, length: 0, innerIterations: newton.iterations, residual: residual))
    return false
  }

  /// The unit of length is the step along −Hg to the minimum of ‖g + H·Δθ‖: L-BFGS begins with a
  /// step of length 1, which would leave the neighbourhood that the point is to be refined in.
  func prepare<Function: Objective<Double>>(
    _ state: inout State, on objective: Function
  ) throws(CriticalPointError) {
    let hessian = objective.linearized(at: state.point)
    let image = hessian.apply(state.gradient)
    let second = hessian.apply(image)
    if let at = firstNotFinite(image) ?? firstNotFinite(second) {
      throw .productNotFinite(coordinate: at)
    }
    let (length, growth) = (image.norm, second.norm / max(image.norm, .leastNormalMagnitude))
    if state.gradientNorm > 0 { state.curvatureScale = length / state.gradientNorm }
    state.curvatureScale = max(state.curvatureScale, growth)
    // ‖Hg‖²/‖H·Hg‖² times ‖Hg‖.
    let cauchy = length / (growth * growth)
    state.unit = cauchy.isNormal ? cauchy : 1
    state.quasiNewton = try quasiNewton().initialState(dimension: state.point.count)
  }

  /// - Returns: false where two steps in a row found no shorter gradient: the second one goes along
  ///   −Hg.
  func takeQuasiNewtonStep<Function: Objective<Double>>(
    _ state: inout State, on objective: Function
  ) throws(CriticalPointError) -> Bool {
    guard var memory = state.quasiNewton else { throw .foreignState }
    let size = state.gradientNorm
    var model = GradientNormModel(objective, origin: state.point, unit: state.unit)
    var u = [Double](repeating: 0, count: state.point.count)
    let optimizer = try quasiNewton()
    do throws(OptimizerError) {
      try optimizer.step(&u, on: &model, state: &memory)
    } catch {
      throw .gradientNotFinite(coordinate: nil)
    }
    state.quasiNewton = memory
    state.trajectory.append(
      Step(
        gradientNorm: size, length: state.unit * u.norm, innerIterations: model.evaluations,
        residual: nil))
    guard u.contains(where: { $0 != 0 }) else {
      return !(state.trajectory.dropLast().last?.length == 0)
    }
    if let last = model.last, last.coordinates == u {
      (state.point, state.value, state.gradient) = (last.point, last.objective, last.gradient)
      let curvature = last.image.norm / (state.unit * state.gradientNorm)
      if curvature.isFinite { state.curvatureScale = max(state.curvatureScale, curvature) }
    } else {
      state.point = state.point.adding(state.unit, times: u)
      (state.value, state.gradient) = objective.gradient(at: state.point)
    }
    return true
  }

  private func quasiNewton() throws(CriticalPointError) -> LBFGS<Double> {
    do throws(OptimizerError) {
      return try LBFGS()
    } catch {
      throw .invalidSetting(name: "L-BFGS", value: "\(error)", expected: "its defaults")
    }
  }
}
