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

  /// α below this is little of a Newton step.
  private static var shortStep: Double { 1.0 / 16 }
  /// Curvature, as parts of the largest, below which modes are left out of further steps.
  private static var cuts: [Double] { [1e-6, 1e-4, 1e-2] }

  /// A place along a step with a shorter gradient.
  private struct Trial {
    let α, length: Double
    let point, gradient: [Double]
    let value, gradientNorm: Double
  }

  /// Takes the Newton step, or as much of it as shortens the gradient.
  ///
  /// Near a θ with a singular H that is no critical point, Newton steps are long, α must be short,
  /// and the search would crawl to a halt where other modes still could do better (Powell 1970).
  /// There, steps without the modes of little curvature are tried too, and the one that leaves the
  /// shortest gradient is taken.
  ///
  /// - Returns: false where no shorter gradient was found along any.
  func takeNewtonStep<Function: Objective<Double>>(
    _ state: inout State, on objective: Function
  ) throws(CriticalPointError) -> Bool {
    let size = state.gradientNorm
    let hessian = objective.linearized(at: state.point)
    let newton: MINRESSolution
    do throws(KrylovError) {
      newton = try MINRES(
        residualTolerance: forcingTerm(state), leastSquaresTolerance: 1e-10,
        budget: innerBudget(dimension: state.point.count)
      ).solve(hessian, state.gradient.scaled(by: -1))
    } catch {
      throw .krylov(error)
    }
    state.curvature.include(newton.operatorScale, at: state.point)
    var best = backtrack(
      along: newton.solution, gain: newton.imageNorm * newton.imageNorm, from: state, on: objective)
    if !(best?.α ?? 0 >= Self.shortStep) {
      let modes = try CurvatureModes(of: hessian, aroundGradient: state.gradient)
      for cut in Self.cuts {
        let (step, gain) = modes.newtonStep(
          against: state.gradient, above: cut * max(modes.scale, state.curvature.size))
        let found = backtrack(along: step, gain: gain, from: state, on: objective)
        if let found, found.gradientNorm < best?.gradientNorm ?? size { best = found }
      }
    }
    state.trajectory.append(
      Step(
        gradientNorm: size, length: best?.length ?? 0, innerIterations: newton.iterations,
        residual: newton.residual / (newton.projectedNorm * newton.solution.norm + size)))
    guard let best else { return false }
    (state.point, state.value, state.gradient) = (best.point, best.value, best.gradient)
    return true
  }

  /// - Parameter gain: −gᵀHp = ‖Hp‖², half the rate at which ‖g‖² falls along p at first.
  private func backtrack<Function: Objective<Double>>(
    along step: [Double], gain: Double, from state: State, on objective: Function
  ) -> Trial? {
    let (size, reach) = (state.gradientNorm, step.norm)
    guard gain > 0, reach > 0 else { return nil }
    // What a whole step would take away if H did not change.
    let share = min(gain.squareRoot() / size, 1)
    var α = 1.0
    for _ in 0...Self.halvings {
      let point = state.point.adding(α, times: step)
      let (value, gradient) = objective.gradient(at: point)
      let norm = gradient.norm
      // NaN is not less than anything.
      if value.isFinite, norm < size,
        norm <= size * (1 - 2 * Self.decrease * α * share * share).squareRoot()
      {
        return Trial(
          α: α, length: α * reach, point: point, gradient: gradient, value: value,
          gradientNorm: norm)
      }
      α /= 2
    }
    return nil
  }

  /// The unit of length is the step along −Hg to the minimum of ‖g + H·Δθ‖: L-BFGS begins with a
  /// step of length 1, which would leave the neighbourhood that the point is to be refined in.
  func prepare<Function: Objective<Double>>(
    _ state: inout State, on objective: Function
  ) throws(CriticalPointError) {
    let hessian = objective.linearized(at: state.point)
    let (image, second): ([Double], [Double])
    do throws(KrylovError) {
      image = try hessian.finiteProduct(state.gradient)
      second = try hessian.finiteProduct(image, after: 1)
    } catch {
      throw .krylov(error)
    }
    let (length, growth) = (image.norm, second.norm / max(image.norm, .leastNormalMagnitude))
    state.curvature.include(length / state.gradientNorm, at: state.point)
    state.curvature.include(growth, at: state.point)
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
      state.curvature.include(
        last.image.norm / (state.unit * state.gradientNorm), at: state.point)
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
