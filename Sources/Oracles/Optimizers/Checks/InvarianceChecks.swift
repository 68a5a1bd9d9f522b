extension OptimizerOracle {
  /// How much clearer than its tolerance a path must miss what it is declared not to follow.
  private static let clear = 1e3

  static func follows(_ invariance: Invariance) -> OptimizerOracle {
    OptimizerOracle(
      "follows \(invariance.rawValue) or not, as it says",
      law: """
        Where it holds \(invariance.rawValue), the path on the changed problem is the changed \
        path, to 1e-12 times the path's own sensitivity and what rounding of the values gives a \
        method that searches by them; where it breaks it, the paths differ by 1000 times that.
        """
    ) { (trial) throws(OptimizerViolation) in
      let holds = trial.holds(invariance)
      let breaks = trial.declarations.contains {
        if case .breaks(invariance) = $0 { true } else { false }
      }
      guard holds || breaks else { return .notDeclared }
      var generator = trial.generator
      var worst = Deviation()
      for number in 0..<4 {
        let landscape = Landscape.logCosh(
          dimension: 5, isConvex: number % 2 == 0, using: &generator)
        let change = Change.draw(invariance, dimension: 5, number: number, using: &generator)
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
    _ trial: OptimizerTrial, _ landscape: Landscape, _ change: Change, _ invariance: Invariance,
    using generator: inout SplitMix64
  ) throws(OptimizerViolation) -> Deviation {
    let steps = 10
    let property = "a path for \(invariance.rawValue)"
    let image = Draw.normals(5, using: &generator)
    let start = change.applied(to: image)
    let path = try trial.path(along: Course(start: start, steps: steps, on: landscape), property)
    // How far the path itself carries a small error at its start: in every direction, since one
    // drawn at random may miss the worst.
    let nudge = 1e-9
    var neighbours: [[[Double]]] = []
    for i in start.indices {
      var nudged = start
      nudged[i] += nudge
      neighbours.append(
        try trial.path(along: Course(start: nudged, steps: steps, on: landscape), property))
    }
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
      sensitivity = max(sensitivity, spread(neighbours) / nudge)
      scale = max(scale, norm(path[step]), norm(got))
      let bound = (1e-12 * scale + noise) * sensitivity * change.condition
      for i in got.indices {
        let ratio = (got[i] - path[step][i]).magnitude / bound
        if ratio > worst.ratio {
          worst = Deviation(
            ratio: ratio, step: step, coordinate: i, expected: path[step][i], got: got[i])
        }
        // The first step at which a law that holds would be broken is the one to tell.
        if trial.holds(invariance), ratio > 1 { return worst }
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

  func violation(_ property: String, on invariance: Invariance) -> OptimizerViolation {
    OptimizerViolation(
      property: property, step: step, coordinate: coordinate, expected: expected, got: got,
      ratio: ratio, detail: "\(invariance.law) on a random smooth function of five variables")
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

/// f becomes s·f(Az + c).
private struct Change {
  /// A, n × n.
  let matrix: [[Double]]
  /// c.
  let shift: [Double]
  /// s.
  let factor: Double
  /// What A multiplies rounding errors by.
  let condition: Double

  func applied(to z: [Double]) -> [Double] {
    matrix.indices.map { dot(matrix[$0], z) + shift[$0] }
  }

  func direction(_ v: [Double]) -> [Double] { matrix.map { dot($0, v) } }

  /// Aᵀg.
  func pulledBack(_ g: [Double]) -> [Double] {
    matrix.indices.map { j in
      var sum = 0.0
      for i in matrix.indices { sum += matrix[i][j] * g[i] }
      return sum
    }
  }

  static func draw(
    _ invariance: Invariance, dimension n: Int, number: Int, using generator: inout SplitMix64
  ) -> Change {
    let identity = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
    let zero = [Double](repeating: 0, count: n)
    switch invariance {
    case .translation:
      return Change(
        matrix: identity, shift: Draw.normals(n, using: &generator), factor: 1, condition: 1)
    case .permutation:
      // A turn by one place or more leaves no coordinate where it was.
      let turn = 1 + Draw.integer(below: n - 1, using: &generator)
      let rows = (0..<n).map { identity[($0 + turn) % n] }
      return Change(matrix: rows, shift: zero, factor: 1, condition: 1)
    case .rotation:
      return Change(
        matrix: RandomMatrix.orthogonal(order: n, using: &generator), shift: zero, factor: 1,
        condition: 1)
    case .affine:
      // UDV with singular values between ½ and 2.
      let u = RandomMatrix.orthogonal(order: n, using: &generator)
      let v = RandomMatrix.orthogonal(order: n, using: &generator)
      let d = (0..<n).map { _ in Draw.uniform(0.5, 2, using: &generator) }
      let rows = (0..<n).map { i in
        (0..<n).map { j in
          var sum = 0.0
          for k in 0..<n { sum += u[i][k] * d[k] * v[k][j] }
          return sum
        }
      }
      // κ(A)² for what is solved with AᵀHA.
      return Change(matrix: rows, shift: zero, factor: 1, condition: 16)
    case .gradientScale:
      // Small enough for a usual ε to be felt, and large.
      let factor = number < 2 ? 1.3e-6 : 7e3
      return Change(matrix: identity, shift: zero, factor: factor, condition: 1)
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

  fileprivate func changed(by change: Change) -> StepFunction {
    StepFunction(
      value: { change.factor * value(change.applied(to: $0)) },
      gradient: { z in
        change.pulledBack(gradient(change.applied(to: z))).map { change.factor * $0 }
      },
      hessianVectorProduct: { z, v in
        let product = hessianVectorProduct(change.applied(to: z), change.direction(v))
        return change.pulledBack(product).map { change.factor * $0 }
      })
  }
}
