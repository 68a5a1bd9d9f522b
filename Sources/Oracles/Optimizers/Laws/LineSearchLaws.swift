extension StepLaw {
  /// L-BFGS: θ + α·d with d = −H·g, H the dense inverse BFGS matrix rebuilt from the last m pairs on
  /// H₀ = (sᵀy/yᵀy)·I of the last one (Nocedal, Wright 2006, eq. 7.17 and 7.20), α by a strong Wolfe
  /// search that begins at 1, and at 1/‖g‖ without pairs. Only pairs with sᵀy > ε‖s‖‖y‖ are kept.
  static func quasiNewton(memory: Int, _ wolfe: WolfeConditions) -> StepLaw {
    StepLaw(
      "L-BFGS by its dense matrix, of \(memory) pairs",
      besides: SearchCourses(decrease: wolfe.decrease).drawn
    ) { _ in
      QuasiNewtonWitness(memory: memory, wolfe: wolfe)
    }
  }

  /// Nonlinear conjugate gradients, Polak–Ribière with β cut at zero (Nocedal, Wright 2006, eq. 5.45),
  /// begun anew after n steps and where d does not descend; the search begins where the change of
  /// first order is the last step's (§3.5), and at 1/‖g‖.
  static func conjugateGradients(_ wolfe: WolfeConditions) -> StepLaw {
    StepLaw(
      "Polak–Ribière's directions, and Wolfe's conditions",
      besides: SearchCourses(decrease: wolfe.decrease).drawn
    ) { _ in ConjugateWitness(wolfe: wolfe) }
  }

  /// θ − α·g by a strong Wolfe search that begins at a rate.
  static func steepest(rate: Double, _ wolfe: WolfeConditions) -> StepLaw {
    StepLaw(
      "along −g, and Wolfe's conditions",
      besides: SearchCourses(decrease: wolfe.decrease, rate: rate).drawn
    ) { _ in SteepestWitness(rate: rate, wolfe: wolfe) }
  }

  /// θ − ηρᵏ·g, k the least with f(θ − ηρᵏg) ≤ f(θ) − c·ηρᵏ‖g‖² (Armijo 1966).
  static func armijo(rate: Double, decrease: Double, backtracking: Double) -> StepLaw {
    StepLaw(
      "the first of η, ρη, ρ²η, … that falls enough",
      besides: SearchCourses(decrease: decrease, rate: rate).drawn
    ) { _ in
      ArmijoWitness(rate: rate, decrease: decrease, backtracking: backtracking)
    }
  }
}

/// φ(α) ≤ φ(0) + c₁αφ′(0) and |φ′(α)| ≤ c₂|φ′(0)|.
struct WolfeConditions {
  let decrease, curvature: Double

  /// A move must lie along d, meet the conditions, and be the first trial's where that does.
  func judge(_ step: SeenStep, along d: [Double], first: Double) -> (
    finding: StepFinding, α: Double, gradient: [Double]
  ) {
    let slope = dot(step.gradient, d)
    let α = dot(step.move, d) / dot(d, d)
    let gradient = step.function.gradient(step.after)
    let rounding = 256 * step.unit * max(1, step.value.magnitude)
    let relative = step.tolerance(1e-7)
    func isGood(at α: Double, _ value: Double, _ gradient: [Double], slack: Double) -> Bool {
      value <= step.value + decrease * α * slope + slack * rounding
        && dot(gradient, d).magnitude
          <= -curvature * slope * (1 + slack * relative) + slack * 256 * step.unit * norm(gradient) * norm(d)
    }
    guard α > 0 else {
      return (.wrong("no step along d, α = \(α)", ratio: .infinity), α, gradient)
    }
    let finding = step.held(to: d.map { α * $0 }, within: 1e-6, "it lies along d")
    // Where the first trial clearly does, no other is tried.
    let trial = moved(step.before, by: first, along: d)
    if isGood(at: first, step.function.value(trial), step.function.gradient(trial), slack: -1),
      (α - first).magnitude > step.tolerance(1e-6) * first
    {
      return (
        finding.and(
          .wrong(
            "α = \(α) though the first trial \(first) is good",
            ratio: (α / first - 1).magnitude / step.tolerance(1e-6))), α, gradient
      )
    }
    // A search may end at a thousand times its first trial, where f falls without end.
    let isFar = α >= 999 * first
    let value = step.function.value(step.after)
    guard isFar || isGood(at: α, value, gradient, slack: 1) else {
      let excess = (value - step.value - decrease * α * slope) / rounding
      let steepness = dot(gradient, d).magnitude / (-curvature * slope)
      return (
        finding.and(
          .wrong(
            "α = \(α) does not meet Wolfe's conditions: f \(step.value) → "
              + "\(value), slope \(slope) → \(dot(gradient, d))",
            ratio: value.isNaN ? .infinity : max(excess, steepness))), α, gradient
      )
    }
    return (finding, α, gradient)
  }
}

private struct SteepestWitness: StepWitness {
  let rate: Double
  let wolfe: WolfeConditions

  func judge(_ step: SeenStep) -> StepFinding {
    wolfe.judge(step, along: step.gradient.map { -$0 }, first: rate).finding
  }
}

private struct ArmijoWitness: StepWitness {
  let rate, decrease, backtracking: Double

  func judge(_ step: SeenStep) -> StepFinding {
    let square = dot(step.gradient, step.gradient)
    var α = rate
    for _ in 0..<200 {
      let value = step.function.value(moved(step.before, by: -α, along: step.gradient))
      let gap = value - (step.value - decrease * α * square)
      if gap.magnitude <= 256 * step.unit * max(1, step.value.magnitude) { return .undecided }
      if gap < 0 {
        return step.held(to: step.gradient.map { -α * $0 }, within: 1e-9, "the first that falls enough")
      }
      α *= backtracking
    }
    return .undecided
  }
}

private struct QuasiNewtonWitness: StepWitness {
  let memory: Int
  let wolfe: WolfeConditions
  /// s and y, the oldest first.
  private var pairs: [(s: [Double], y: [Double])] = []

  init(memory: Int, wolfe: WolfeConditions) {
    self.memory = memory
    self.wolfe = wolfe
  }

  mutating func judge(_ step: SeenStep) -> StepFinding {
    let g = step.gradient
    var d = direction(g)
    if !(dot(d, g) < 0) {
      pairs = []
      d = g.map { -$0 }
    }
    // A search that finds nothing lower, by rounding, begins anew.
    if step.isRest { return .undecided }
    let (finding, _, gradient) = wolfe.judge(step, along: d, first: pairs.isEmpty ? 1 / norm(g) : 1)
    let (s, y) = (step.move, moved(gradient, by: -1, along: g))
    let curvature = dot(s, y) / (norm(s) * norm(y))
    if curvature.magnitude < 1e4 * step.unit || curvature.isNaN { return finding.and(.undecided) }
    if curvature > 0 {
      pairs.append((s, y))
      if pairs.count > memory { pairs.removeFirst() }
    }
    return finding
  }

  /// −H·g.
  private func direction(_ g: [Double]) -> [Double] {
    guard let last = pairs.last else { return g.map { -$0 } }
    let n = g.count
    let γ = dot(last.s, last.y) / dot(last.y, last.y)
    var h = (0..<n).map { i in (0..<n).map { $0 == i ? γ : 0 } }
    for (s, y) in pairs {
      // (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ.
      let ρ = 1 / dot(s, y)
      let hy = h.map { dot($0, y) }
      let size = ρ * ρ * dot(y, hy) + ρ
      for i in 0..<n {
        for j in 0..<n { h[i][j] += size * s[i] * s[j] - ρ * (hy[i] * s[j] + s[i] * hy[j]) }
      }
    }
    return h.map { -dot($0, g) }
  }
}

private struct ConjugateWitness: StepWitness {
  let wolfe: WolfeConditions
  private var last: (gradient: [Double], direction: [Double], change: Double)?
  private var cycle = 0

  init(wolfe: WolfeConditions) { self.wolfe = wolfe }

  mutating func judge(_ step: SeenStep) -> StepFinding {
    let g = step.gradient
    var d = g.map { -$0 }
    if let last, cycle > 0, cycle < g.count {
      let β = dot(g, moved(g, by: -1, along: last.gradient)) / dot(last.gradient, last.gradient)
      let conjugate = moved(d, by: max(0, β), along: last.direction)
      if dot(conjugate, g) < 0 { d = conjugate } else { cycle = 0 }
    } else {
      cycle = 0
    }
    if step.isRest { return .undecided }
    let slope = dot(d, g)
    let scaled = cycle > 0 ? (last?.change ?? 0) / slope : 0
    let (finding, α, _) = wolfe.judge(
      step, along: d, first: scaled > 0 && scaled.isFinite ? scaled : 1 / norm(g))
    cycle += 1
    last = (g, d, α * slope)
    return finding
  }
}
