extension OptimizerOracle {
  /// How much clearer than its tolerance a path must miss what it is declared not to follow.
  private static let clear = 1e3

  static func follows(_ invariance: Invariance) -> OptimizerOracle {
    OptimizerOracle(
      "follows \(invariance.rawValue) or not, as it says",
      law: """
        Where it holds \(invariance.rawValue), the path on the changed problem is the changed \
        path, to 1e-12 times the path's own sensitivity and what rounding of the values gives a \
        method that searches by them; where it breaks it, the paths differ by 1000 times that. In 1 \
        to 1,000 coordinates, of methods that search or take curvature in 1 to 17.
        """
    ) { (trial) throws(OptimizerViolation) in
      let holds = trial.holds(invariance)
      // A short path in single precision hides what it breaks.
      let breaks =
        trial.precision == .double
        && trial.declares { if case .breaks(invariance) = $0 { true } else { false } }
      guard holds || breaks else { return .notDeclared }
      var generator = trial.generator
      var worst = Deviation()
      let others = OptimizerTrial.dimensions.filter { trial.kind == .firstOrder || $0 <= 17 }
      for (number, n) in ([5, 5, 5, 5] + others).enumerated() {
        // One coordinate has no other place.
        guard n > 1 || invariance != .permutation else { continue }
        let landscape = Landscape.logCosh(
          dimension: n, isConvex: number % 2 == 0, ridges: min(2 * n, 32), using: &generator)
        let change = ProblemChange.draw(invariance, dimension: n, number: number, using: &generator)
        let found = try deviation(trial, landscape, change, invariance, using: &generator)
        if found.ratio > worst.ratio { worst = found }
      }
      if holds, !(worst.ratio <= 1) {
        throw worst.violation("it follows \(invariance.rawValue)", on: invariance)
      }
      if breaks, !(worst.ratio > clear) {
        var violation = worst.violation(
          "it follows \(invariance.rawValue) though it says it does not", on: invariance)
        violation.ratio = clear / worst.ratio
        throw violation
      }
      return .passed(margin: holds ? worst.ratio : clear / worst.ratio)
    }
  }

  /// Where the path on g(z) = s·f(Az + c) differs most from the path on f.
  private static func deviation(
    _ trial: OptimizerTrial, _ landscape: Landscape, _ change: ProblemChange,
    _ invariance: Invariance, using generator: inout SplitMix64
  ) throws(OptimizerViolation) -> Deviation {
    let steps = 10
    let n = landscape.dimension
    let property = "a path for \(invariance.rawValue)"
    let image = trial.held(Draw.normals(n, using: &generator))
    let start = change.applied(to: image)
    let path = try trial.path(along: Course(start: start, steps: steps, on: landscape), property)
    // How far the path itself carries a small error at its start: in every direction, since one
    // drawn at random may miss the worst; of many directions in eight.
    let nudge = trial.precision == .single ? 1e-4 : 1e-9
    let isEach = n <= 8
    var neighbours: [[[Double]]] = []
    for i in 0..<min(n, 8) {
      let along =
        isEach
        ? start.indices.map { $0 == i ? 1.0 : 0 } : Draw.direction(n, using: &generator)
      let nudged = moved(start, by: nudge, along: along)
      neighbours.append(
        try trial.path(along: Course(start: nudged, steps: steps, on: landscape), property))
    }
    let share = isEach ? 1 : (Double(n) / 8).squareRoot()
    let changed = StepFunction(landscape).changed(by: change)
    let other = try trial.path(
      along: Course(start: image, steps: steps) { _ in changed }, property)
    // How far rounding of the values carries a method that searches by them.
    let shaking = 1e-10
    var unsteady: [[[Double]]] = []
    for number in 0..<(trial.kind == .firstOrder ? 0 : 4) {
      let shaken = StepFunction(landscape).shaken(by: shaking, number)
      unsteady.append(
        try trial.path(along: Course(start: start, steps: steps) { _ in shaken }, property))
    }
    var worst = Deviation()
    var (sensitivity, scale) = (1.0, norm(change.shift) + norm(image))
    var noise = 0.0
    for step in 1...steps {
      if trial.kind != .firstOrder {
        // Near the end all decisions are rounding's.
        let here = path[step - 1]
        let (f, slope) = (max(1, landscape.value(here).magnitude), norm(landscape.gradient(here)))
        if slope * slope < 1e-8 * f { break }
      }
      func spread(_ others: [[[Double]]]) -> Double {
        norm(others.map { norm(moved($0[step], by: -1, along: path[step])) })
      }
      noise = max(noise, 0x1p-48 / shaking * spread(unsteady))
      let got = change.applied(to: other[step])
      sensitivity = max(sensitivity, share * spread(neighbours) / nudge)
      scale = max(scale, norm(path[step]), norm(got))
      let bound = (trial.tolerance(1e-12) * scale + noise) * sensitivity * change.condition
      for i in got.indices {
        let ratio = (got[i] - path[step][i]).magnitude / bound
        if ratio > worst.ratio {
          worst = Deviation(
            ratio: ratio, step: step, coordinate: i, expected: path[step][i], got: got[i],
            dimension: n)
        }
        // The first step at which a law that holds would be broken is the one to tell.
        if ratio > 1, trial.holds(invariance) { return worst }
      }
    }
    return worst
  }
}

/// The largest distance of two paths, in tolerances.
private struct Deviation {
  var ratio = 0.0
  var step = 0
  var coordinate = 0
  var expected = 0.0
  var got = 0.0
  var dimension = 5

  func violation(_ property: String, on invariance: Invariance) -> OptimizerViolation {
    OptimizerViolation(
      property: property, step: step, coordinate: coordinate, expected: expected, got: got,
      ratio: ratio, detail: "\(invariance.law) on a random smooth function of \(dimension) variables")
  }
}

extension Invariance {
  fileprivate var law: String {
    switch self {
    case .translation: "f(x + c) from x₀ − c against f from x₀"
    case .permutation: "coordinates in another order"
    case .rotation: "f(Qx) from Qᵀx₀ against f from x₀"
    case .affine: "f(Ax) from A⁻¹x₀ against f from x₀"
    case .gradientScale: "c·f against f"
    }
  }
}

extension StepFunction {
  /// f(x)·(1 + δu(x)), u in [−1, 1) another for each x and number, the derivatives as they are.
  fileprivate func shaken(by size: Double, _ number: Int) -> StepFunction {
    StepFunction(
      value: { x in
        let bits = x.reduce(UInt64(number)) { ($0 &* 31) ^ $1.bitPattern }
        var generator = SplitMix64(seed: bits)
        return value(x) * (1 + size * Draw.uniform(-1, 1, using: &generator))
      },
      gradient: gradient, hessianVectorProduct: hessianVectorProduct)
  }

  fileprivate func changed(by change: ProblemChange) -> StepFunction {
    StepFunction(
      value: { change.factor * value(change.applied(to: $0)) },
      gradient: { z in
        change.linear.backward(gradient(change.applied(to: z))).map { change.factor * $0 }
      },
      hessianVectorProduct: { z, v in
        let product = hessianVectorProduct(change.applied(to: z), change.linear.forward(v))
        return change.linear.backward(product).map { change.factor * $0 }
      })
  }
}
