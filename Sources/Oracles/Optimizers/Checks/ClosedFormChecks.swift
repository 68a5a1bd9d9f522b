extension OptimizerOracle {
  static let knownPath = OptimizerOracle(
    "takes its known paths",
    law: "On each problem whose path is known in closed form it takes that path."
  ) { (trial) throws(OptimizerViolation) in
    var worst = 0.0
    var wasDeclared = false
    for case .knownPath(let known) in trial.declarations
    where !(known.needsDouble && trial.precision == .single) {
      wasDeclared = true
      var agreement = Agreement(known.name)
      var run = try trial.begin(at: known.start, known.name)
      var largest = known.start.reduce(0) { max($0, $1.magnitude) }
      for step in 1...known.steps {
        try run.advance(on: known.function(step))
        let expected = known.position(step)
        largest = expected.reduce(largest) { max($0, $1.magnitude) }
        try agreement.require(
          run.point, expected, within: trial.tolerance(known.tolerance) * largest, step: step, known.why)
      }
      worst = max(worst, agreement.worst)
    }
    return wasDeclared ? .passed(margin: worst) : .notDeclared
  }

  static let contraction = OptimizerOracle(
    "contracts at its rate",
    law: """
      On ½Σλᵢxᵢ² each coordinate follows a recurrence x⁺⁺ = a·x⁺ + b·x whose largest spectral \
      radius is the declared factor, to 1e-6.
      """
  ) { (trial) throws(OptimizerViolation) in
    var worst = 0.0
    var wasDeclared = false
    for case .contraction(let curvatures, let factor) in trial.declarations {
      wasDeclared = true
      let property = "its error shrinks by the declared factor a step"
      let start = [Double](repeating: 1, count: curvatures.count)
      let function = StepFunction.quadratic(
        curvatures: curvatures, center: [Double](repeating: 0, count: curvatures.count))
      let path = try trial.path(
        along: Course(start: start, steps: 16) { _ in function }, property)
      var radius = 0.0
      for i in curvatures.indices {
        let iterates = path.map { $0[i] }
        radius = max(
          radius,
          try TwoTermRecurrence(
            fitting: iterates, coordinate: i, tolerance: trial.tolerance(1e-8),
            rounding: trial.roundings(9)
          ).spectralRadius)
      }
      var agreement = Agreement(property)
      try agreement.require(
        [radius], [factor], within: trial.tolerance(1e-6), step: path.count - 1, "curvatures \(curvatures)")
      worst = max(worst, agreement.worst)
    }
    return wasDeclared ? .passed(margin: worst) : .notDeclared
  }

  static let escape = OptimizerOracle(
    "leaves saddles as it says",
    law: "From each start it is outside the radius around the saddle after the declared steps."
  ) { (trial) throws(OptimizerViolation) in
    var wasDeclared = false
    for case .escape(let promise) in trial.declarations {
      wasDeclared = true
      try requireEscape(trial, promise)
    }
    return wasDeclared ? .passed(margin: 0) : .notDeclared
  }

  private static func requireEscape(
    _ trial: OptimizerTrial, _ promise: EscapePromise
  ) throws(OptimizerViolation) {
    let limit: Int
    switch promise.steps {
    case .exactly(let steps), .within(let steps), .notWithin(let steps): limit = steps
    }
    let function = StepFunction(promise.landscape)
    var run = try trial.begin(at: promise.start, promise.name)
    var escaped: Int?
    while run.step < limit, escaped == nil {
      try run.advance(on: function)
      if norm(moved(run.point, by: -1, along: promise.saddle)) >= promise.radius {
        escaped = run.step
      }
    }
    func violation(_ detail: String) -> OptimizerViolation {
      OptimizerViolation(
        property: promise.name, step: run.step, expected: Double(limit),
        got: escaped.map(Double.init) ?? .infinity,
        detail: "\(detail), at \(run.point) on \(promise.landscape.name)")
    }
    switch promise.steps {
    case .exactly:
      if escaped == nil { throw violation("still inside radius \(promise.radius)") }
      if escaped != limit { throw violation("out too early") }
    case .within:
      if escaped == nil { throw violation("still inside radius \(promise.radius)") }
    case .notWithin:
      if escaped != nil { throw violation("it must not leave") }
    }
  }

  static let publishedFailure = OptimizerOracle(
    "fails as published",
    law: "Where a published counterexample says that the rule goes wrong, or right, it does."
  ) { (trial) throws(OptimizerViolation) in
    var worst = 0.0
    var wasDeclared = false
    for case .publishedFailure(let failure) in trial.declarations {
      wasDeclared = true
      var agreement = Agreement(failure.name)
      var run = try trial.begin(at: failure.start, failure.name)
      for step in 1...failure.steps {
        try run.advance(on: failure.function(step))
        run.move(to: failure.projection(run.point))
        if step > failure.steps - failure.ending.count {
          let expected = failure.ending[step - 1 - failure.steps + failure.ending.count]
          try agreement.require(run.point, expected, within: trial.tolerance(failure.tolerance), step: step)
        }
      }
      worst = max(worst, agreement.worst)
    }
    return wasDeclared ? .passed(margin: worst) : .notDeclared
  }
}
