extension StepLaw {
  /// −η·∇f(θ + ρg/‖g‖) (Foret et al. 2021, eq. 2 and 3), which no history of gradients decides.
  public static func sharpness(rate: Double, radius: Double) -> StepLaw {
    StepLaw("−η∇f(θ + ρg/‖g‖)") { _ in SharpnessWitness(rate: rate, radius: radius) }
  }

  /// −η·g where ‖g‖ > ε_g; else, with (ρ, v) the least eigenpair, 2|ρ|/L₂ along v, downhill, where
  /// ρ < −ε_H, and −η·g elsewhere (Xu, Jin, Yang 2018; Allen-Zhu, Li 2018).
  static func negativeCurvature(
    rate: Double, gradientThreshold: Double, curvatureThreshold: Double, lipschitz: Double
  ) -> StepLaw {
    let rule = NegativeCurvatureRule(
      rate: rate, gradientThreshold: gradientThreshold, curvatureThreshold: curvatureThreshold,
      lipschitz: lipschitz)
    return StepLaw(
      "−ηg, and 2|ρ|/L₂ along v where ‖g‖ ≤ ε_g and ρ < −ε_H",
      courses: { n, generator in rule.courses(n, using: &generator) }
    ) { _ in rule }
  }
}

private struct SharpnessWitness: StepWitness {
  let rate, radius: Double

  func judge(_ step: SeenStep) -> StepFinding {
    let worst = moved(step.before, by: radius / norm(step.gradient), along: step.gradient)
    return step.held(
      to: step.function.gradient(worst).map { -rate * $0 }, within: 1e-9,
      "−η∇f at the worst point")
  }
}

private struct NegativeCurvatureRule: StepWitness, Sendable {
  let rate, gradientThreshold, curvatureThreshold, lipschitz: Double

  /// Two steps each, on quadratics of two curvatures, so that a Krylov space of two is all there is:
  /// gradients on both sides of their threshold, the same once more where the first step should lead,
  /// and curvatures on both sides of theirs.
  func courses(_ n: Int, using generator: inout SplitMix64) -> [Course] {
    var courses: [Course] = []
    for share in [0.3, 0.9, 1.1, 3] {
      for factor in [0.6, 1.6, 20] {
        let steepest = factor * curvatureThreshold
        let place = Draw.integer(below: n, using: &generator)
        var curvatures = [Double](repeating: 0.7, count: n)
        curvatures[place] = -steepest
        let center = Draw.normals(n, using: &generator)
        let u = Draw.direction(n, using: &generator)
        let gradient = u.map { share * gradientThreshold * $0 }
        let offset = zip(gradient, curvatures).map { $0 / $1 }
        let start = moved(center, by: 1, along: offset)
        let escapes = share < 1 && factor > 1
        var next = moved(start, by: escapes ? 0 : -rate, along: gradient)
        if escapes { next[place] -= (u[place] < 0 ? -2 : 2) * steepest / lipschitz }
        let centers = [center, moved(next, by: -1, along: offset)]
        courses.append(
          Course(start: start, steps: 2) {
            .quadratic(curvatures: curvatures, center: centers[$0 - 1])
          })
      }
    }
    return courses
  }

  func judge(_ step: SeenStep) throws(OracleError) -> StepFinding {
    let descent = step.gradient.map { -rate * $0 }
    let ratio = norm(step.gradient) / gradientThreshold
    if (ratio - 1).magnitude < 1e-6 { return .undecided }
    if ratio > 1 {
      return step.held(to: descent, within: 1e-9, "−ηg where the gradient is large")
    }
    let (values, modes) = try GSL.eigensystem(step.hessian)
    guard let least = values.indices.min(by: { values[$0] < values[$1] }) else {
      return .undecided
    }
    let (ρ, v) = (values[least], modes[least])
    if (ρ + curvatureThreshold).magnitude < 1e-6 * curvatureThreshold { return .undecided }
    guard ρ < -curvatureThreshold else {
      return step.held(to: descent, within: 1e-9, "−ηg where the curvature is above −ε_H")
    }
    let along = v.map { 2 * -ρ / lipschitz * $0 }
    let slope = dot(step.gradient, v)
    if slope.magnitude < 1e-9 * norm(step.gradient) { return .undecided }
    return step.held(
      to: slope < 0 ? along : along.map { -$0 }, within: 1e-6,
      "2|ρ|/L₂ along negative curvature, downhill")
  }
}
