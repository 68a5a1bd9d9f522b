extension StepLaw {
  /// −η·|H + …|⁻¹g: every mode u of curvature ρ by −η·u(uᵀg)/(|ρ| + α) (Dauphin et al. 2014,
  /// algorithm 1), from GSL's eigensystem; a mode whose |ρ| + α is nothing but rounding stays.
  static func saddleFree(
    rate: Double, damping: Double, holds: @escaping @Sendable (Int) -> Bool = { _ in true }
  ) -> StepLaw {
    StepLaw("each mode by −ηuᵀg/(|ρ| + α)", holds: holds) { _ in
      SaddleFreeWitness(rate: rate, damping: damping)
    }
  }

  /// (H + μI)s = −g with H + μI positive definite, μ raised by ν until it is; s is taken where f falls
  /// by more than 1e-4 of what the model foretells, μ grows by ν below ¼ of it and falls above ¾.
  static func marquardt(damping: Double, factor: Double) -> StepLaw {
    StepLaw("(H + μI)s = −g, and μ by how far the model holds") { _ in
      MarquardtWitness(damping: damping, factor: factor)
    }
  }

  /// (H + λI)s = −g with λ = M‖s‖/2 and H + λI ⪰ 0, which is the model's global minimizer (Nesterov,
  /// Polyak 2006, §5); s is taken where f falls by 0.1 of what the model foretells or more, M doubles
  /// below that and halves above 0.9.
  static func cubic(
    regularization: Double, holds: @escaping @Sendable (Int) -> Bool
  ) -> StepLaw {
    StepLaw("(H + λI)s = −g, λ = M‖s‖/2, H + λI ⪰ 0", holds: holds) { _ in
      CubicWitness(regularization: regularization)
    }
  }

  /// Steihaug's conjugate gradients in ‖s‖ ≤ Δ to ‖Hs + g‖ ≤ min(½, √‖g‖)‖g‖ (Nocedal, Wright 2006,
  /// algorithm 7.2), and Δ by their algorithm 4.1.
  static func trustRegion(radius: Double, maximum: Double, iterations: Int) -> StepLaw {
    StepLaw("Steihaug's step in Δ, and Δ by how far the model holds") { _ in
      TrustRegionWitness(radius: radius, maximum: maximum, iterations: iterations)
    }
  }
}

/// How far f fell over what a model foretold, with ten roundings of f added to both.
private func agreement(_ step: SeenStep, along s: [Double], predicted: Double) -> Double {
  let value = step.function.value(moved(step.before, by: 1, along: s))
  guard value.isFinite else { return -.infinity }
  let rounding = 20 * step.unit * step.value.magnitude
  return (step.value - value + rounding) / (predicted + rounding)
}

/// Whether a ratio is so near a limit that rounding decides.
private func isNear(_ ratio: Double, _ limits: Double...) -> Bool {
  limits.contains { (ratio - $0).magnitude <= 1e-7 }
}

/// −gᵀs − ½sᵀHs.
private func fall(_ g: [Double], _ hessian: [[Double]], _ s: [Double]) -> Double {
  -dot(g, s) - dot(s, hessian.map { dot($0, s) }) / 2
}

private struct SaddleFreeWitness: StepWitness {
  let rate, damping: Double

  func judge(_ step: SeenStep) throws(OracleError) -> StepFinding {
    let (values, modes) = try GSL.eigensystem(step.hessian)
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    var expected = step.before.map { _ in 0.0 }
    for (ρ, u) in zip(values, modes) {
      let size = ρ.magnitude + damping
      // Neither clearly rounding nor clearly more.
      if size > 1e-16 * largest, size < 1e-9 * largest { return .undecided }
      guard size > 1e-12 * largest else { continue }
      expected = moved(expected, by: -rate * dot(u, step.gradient) / size, along: u)
    }
    return step.held(to: expected, within: 1e-6, "each mode by its curvature")
  }
}

private struct MarquardtWitness: StepWitness {
  private var damping: Double
  private let factor: Double

  init(damping: Double, factor: Double) {
    self.damping = damping
    self.factor = factor
  }

  mutating func judge(_ step: SeenStep) throws(OracleError) -> StepFinding {
    let hessian = step.hessian
    let (values, modes) = try GSL.eigensystem(hessian)
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    guard let least = values.min() else { return .undecided }
    while least + damping <= 0 { damping *= factor }
    guard (least + damping) > 1e-9 * largest else { return .undecided }
    var s = step.before.map { _ in 0.0 }
    for (ρ, u) in zip(values, modes) {
      s = moved(s, by: -dot(u, step.gradient) / (ρ + damping), along: u)
    }
    let ratio = agreement(step, along: s, predicted: fall(step.gradient, hessian, s))
    if isNear(ratio, 1e-4, 0.25, 0.75) { return .undecided }
    let isTaken = ratio > 1e-4
    let finding = step.held(
      to: isTaken ? s : s.map { _ in 0 }, within: 1e-6,
      isTaken ? "(H + μI)s = −g, μ = \(damping)" : "what the model is wrong about is refused")
    if ratio < 0.25 { damping *= factor } else if ratio > 0.75 { damping /= factor }
    return finding
  }
}

private struct CubicWitness: StepWitness {
  private var m: Double

  init(regularization: Double) { m = regularization }

  mutating func judge(_ step: SeenStep) throws(OracleError) -> StepFinding {
    let hessian = step.hessian
    let (values, modes) = try GSL.eigensystem(hessian)
    let shares = modes.map { dot($0, step.gradient) }
    guard let least = values.min(), let s = minimizer(values, modes, shares, least) else {
      return .undecided
    }
    let size = norm(s)
    let ratio = agreement(
      step, along: s, predicted: fall(step.gradient, hessian, s) - m / 6 * size * size * size)
    if isNear(ratio, 0.1, 0.9) { return .undecided }
    let isTaken = ratio >= 0.1
    let finding = step.held(
      to: isTaken ? s : s.map { _ in 0 }, within: 1e-6,
      isTaken
        ? "(H + λI)s = −g, λ = \(m / 2 * size)" : "what the model is wrong about is refused"
    ).and(isTaken ? optimality(step, hessian, least) : .right(margin: 0))
    if ratio < 0.1 { m *= 2 } else if ratio > 0.9 { m /= 2 }
    return finding
  }

  /// The conditions themselves, of the move as it is.
  private func optimality(_ step: SeenStep, _ hessian: [[Double]], _ least: Double) -> StepFinding {
    let s = step.move
    let λ = m / 2 * norm(s)
    let rest = s.indices.map { dot(hessian[$0], s) + λ * s[$0] + step.gradient[$0] }
    let scale = norm(hessian.map(norm)) + λ
    let part = step.tolerance(1e-6)
    let bound = part * norm(step.gradient) + scale * (part * norm(s) + step.rounding)
    guard norm(rest) <= bound else {
      return .wrong("(H + λI)s + g = \(norm(rest))", ratio: norm(rest) / bound)
    }
    guard least + λ >= -part * scale else {
      return .wrong("H + λI has the eigenvalue \(least + λ)", ratio: .infinity)
    }
    return .right(margin: norm(rest) / bound)
  }

  /// By bisection of λ, which ‖s(λ)‖ falls with; nil near the hard case.
  private func minimizer(
    _ values: [Double], _ modes: [[Double]], _ shares: [Double], _ least: Double
  ) -> [Double]? {
    func coefficients(_ λ: Double) -> [Double] { zip(values, shares).map { -$1 / ($0 + λ) } }
    let lowest = max(0, -least)
    var low = lowest
    var high = lowest + (m * norm(shares)).squareRoot() + m
    while norm(coefficients(high)) > 2 * high / m { high *= 2 }
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if norm(coefficients(middle)) > 2 * middle / m { low = middle } else { high = middle }
    }
    guard high - lowest > 1e-9 * (1 + high) else { return nil }
    var s = shares.map { _ in 0.0 }
    for (c, u) in zip(coefficients(high), modes) { s = moved(s, by: c, along: u) }
    return s
  }
}

private struct TrustRegionWitness: StepWitness {
  private var radius: Double
  private let maximum: Double
  private let iterations: Int

  init(radius: Double, maximum: Double, iterations: Int) {
    self.radius = radius
    self.maximum = maximum
    self.iterations = iterations
  }

  mutating func judge(_ step: SeenStep) -> StepFinding {
    let hessian = step.hessian
    guard let (s, isOnBoundary) = steihaug(hessian, step.gradient) else { return .undecided }
    let ratio = agreement(step, along: s, predicted: fall(step.gradient, hessian, s))
    if isNear(ratio, 1e-4, 0.25, 0.75) { return .undecided }
    let isTaken = ratio > 1e-4
    let finding = step.held(
      to: isTaken ? s : s.map { _ in 0 }, within: 1e-6,
      isTaken ? "Steihaug's step, Δ = \(radius)" : "what the model is wrong about is refused")
    if ratio < 0.25 { radius /= 4 }
    if ratio > 0.75, isOnBoundary { radius = min(2 * radius, maximum) }
    return finding
  }

  /// nil where rounding decides how it ends.
  private func steihaug(
    _ hessian: [[Double]], _ g: [Double]
  ) -> (step: [Double], isOnBoundary: Bool)? {
    let size = norm(g)
    let tolerance = min(0.5, size.squareRoot()) * size
    var (s, r) = (g.map { _ in 0.0 }, g)
    var d = g.map { -$0 }
    for _ in 0..<iterations {
      let rest = norm(r)
      if (rest - tolerance).magnitude < 1e-7 * tolerance { return nil }
      guard rest > tolerance else { break }
      let hd = hessian.map { dot($0, d) }
      let curvature = dot(d, hd)
      if curvature.magnitude < 1e-9 * norm(d) * norm(hd) { return nil }
      let next = moved(s, by: rest * rest / curvature, along: d)
      if (norm(next) - radius).magnitude < 1e-7 * radius { return nil }
      if curvature < 0 || norm(next) > radius {
        // τ ≥ 0 with ‖s + τd‖ = Δ.
        let (a, b, c) = (dot(d, d), dot(s, d), dot(s, s) - radius * radius)
        let root = (b * b - a * c).squareRoot()
        return (moved(s, by: b > 0 ? -c / (b + root) : (root - b) / a, along: d), true)
      }
      s = next
      r = moved(r, by: rest * rest / curvature, along: hd)
      d = moved(r.map { -$0 }, by: dot(r, r) / (rest * rest), along: d)
    }
    return (s, false)
  }
}
