extension OptimizerOracle {
  static let restsAtZeroGradient = OptimizerOracle(
    "rests where the gradient is zero",
    law: """
      From an empty memory a zero gradient moves nothing, unless the optimizer declares noise or a \
      move without gradient, and never gives NaN.
      """
  ) { (trial) throws(OptimizerViolation) in
    let property = "a zero gradient moves nothing"
    var generator = trial.generator
    let start = trial.held(Draw.normals(4, using: &generator))
    let mayMove = trial.isNoisy || trial.movesAtZeroGradient
    // A zero gradient anywhere, or the minimum of ½‖x − start‖².
    let function =
      trial.kind == .firstOrder
      ? StepFunction(gradient: [0, 0, 0, 0])
      : StepFunction(
        value: { x in
          let d = moved(x, by: -1, along: start)
          return 0.5 * dot(d, d)
        }, gradient: { moved($0, by: -1, along: start) }, hessianVectorProduct: { _, v in v })
    var run = try trial.begin(at: start, property)
    for step in 1...5 {
      try run.advance(on: function)
      if !mayMove { try Agreement(property).requireIdentical(run.point, start, step: step) }
    }
    return .passed(margin: 0)
  }

  static let firstStepDownhill = OptimizerOracle(
    "begins downhill",
    law: """
      The first step Δ from an empty memory goes against the gradient g, gᵀΔ < 0, whatever the \
      sizes of its coordinates, unless the optimizer declares noise. A second-order method may \
      reject up to 50 steps before it takes one.
      """
  ) { (trial) throws(OptimizerViolation) in
    let property = "the first step goes against the gradient"
    if trial.isNoisy { return .notDeclared }
    var generator = trial.generator
    let scales =
      trial.kind != .firstOrder
      ? [0.01, 1, 1e4]
      : trial.precision == .single
        ? [1e-12, 1e-6, 1, 1e6, 1e12] : [1e-150, 1e-30, 1e-6, 1, 1e6, 1e30, 1e100]
    for scale in scales {
      for _ in 0..<3 {
        // From the origin, where no step is lost to rounding and decay moves nothing.
        let start = [Double](repeating: 0, count: 5)
        let (function, gradient) = Self.slope(trial.kind, scale, using: &generator)
        var run = try trial.begin(at: start, property)
        try run.advance(on: function)
        while trial.kind == .secondOrder, run.point == start, run.step < 50 {
          try run.advance(on: function)
        }
        // Both scaled to 1, so that the products do not under- or overflow.
        let product = dot(unitScaled(gradient), unitScaled(run.point))
        guard product < 0 else {
          throw OptimizerViolation(
            property: property, step: run.step, expected: -1, got: product,
            detail: "g = \(gradient), Δ = \(run.point)")
        }
      }
    }
    return .passed(margin: 0)
  }

  /// A function with a gradient of the given size at the origin.
  private static func slope(
    _ kind: Kind, _ scale: Double, using generator: inout SplitMix64
  ) -> (StepFunction, [Double]) {
    if kind == .firstOrder {
      let history = Course.history(dimension: 5, steps: 2, scale: scale, using: &generator)
      // One of the two is all zero.
      let gradient = history.gradients.first { $0.contains { $0 != 0 } } ?? [scale, 0, 0, 0, 0]
      return (StepFunction(gradient: gradient), gradient)
    }
    let landscape = Landscape.logCosh(dimension: 5, using: &generator)
    let function = StepFunction(landscape).scaled(by: scale)
    return (function, function.gradient([0, 0, 0, 0, 0]))
  }

  private static func unitScaled(_ v: [Double]) -> [Double] {
    let largest = v.reduce(0) { max($0, $1.magnitude) }
    return largest > 0 ? v.map { $0 / largest } : v
  }

  static let everySize = OptimizerOracle(
    "takes gradients of every size",
    law: """
      Gradients spread over 11 e-folds, all of size 1e-150, all of size 1e+100, or now the one and \
      now the other, give finite steps; of size 1e±15 in single precision.
      """
  ) { (trial) throws(OptimizerViolation) in
    let property = "a finite gradient gives a finite step"
    var generator = trial.generator
    let (small, large) = trial.precision == .single ? (1e-15, 1e15) : (1e-150, 1e100)
    for scales in [[1], [small], [large], [large, small], [small, 1, large]] {
      if trial.kind == .firstOrder {
        let history = Course.history(dimension: 4, steps: 12, using: &generator)
        var run = try trial.begin(at: history.start, property)
        for (t, gradient) in history.gradients.enumerated() {
          let scale = scales[t % scales.count]
          try run.advance(on: StepFunction(gradient: gradient.map { $0 * scale }))
        }
      } else {
        try walkScaled(trial, scales, property, using: &generator)
      }
    }
    return .passed(margin: 0)
  }

  /// On a function of the given sizes a method of fixed step may leave the finite numbers by
  /// growth alone, and is then refused; what it must not do is give NaN.
  private static func walkScaled(
    _ trial: OptimizerTrial, _ scales: [Double], _ property: String,
    using generator: inout SplitMix64
  ) throws(OptimizerViolation) {
    let landscape = StepFunction(Landscape.logCosh(dimension: 4, using: &generator))
    var run = try trial.begin(at: Draw.normals(4, using: &generator), property)
    var point = run.point
    for step in 1...6 {
      let function = landscape.scaled(by: scales[step % scales.count])
      let error = try refusal(property, at: step) { try run.run.step(&point, on: function) }
      if let error {
        if scales != [1] { return }
        throw OptimizerViolation(
          property: property, step: step, detail: "it took no step: \(error)")
      }
      if let i = point.firstIndex(where: \.isNaN) {
        throw OptimizerViolation(
          property: property, step: step, coordinate: i, got: .nan,
          detail: "a function of size \(scales[step % scales.count])")
      }
    }
  }
}
