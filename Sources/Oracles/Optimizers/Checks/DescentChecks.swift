extension OptimizerOracle {
  static let neverRises = OptimizerOracle(
    "never rises",
    law: """
      No step ends higher than it began, but for 32 roundings of the value; and thirty steps end \
      lower.
      """
  ) { (trial) throws(OptimizerViolation) in
    guard trial.declares({ if case .neverRises = $0 { true } else { false } }) else {
      return .notDeclared
    }
    let property = "no step ends higher than it began"
    var generator = trial.generator
    var agreement = Agreement(property)
    let landscapes = [
      .rosenbrock(), .beale, .himmelblau, .sixHumpCamel,
      Landscape.logCosh(dimension: 5, isConvex: true, using: &generator),
      Landscape.logCosh(dimension: 5, isConvex: false, using: &generator),
    ]
    for landscape in landscapes {
      let start = trial.held(Draw.normals(landscape.dimension, using: &generator))
      let path = try trial.path(along: Course(start: start, steps: 30, on: landscape), property)
      let values = path.map(landscape.value)
      for step in 1..<values.count where values[step] > values[step - 1] {
        try agreement.require(
          [values[step]], [values[step - 1]],
          within: trial.roundings(64) * max(1, values[step - 1].magnitude), step: step, landscape.name)
      }
      guard values[30] < values[0] else {
        throw OptimizerViolation(
          property: "thirty steps end lower", step: 30, expected: values[0], got: values[30],
          detail: landscape.name)
      }
    }
    return .passed(margin: agreement.worst)
  }

  static let keepsNothing = OptimizerOracle(
    "keeps nothing in mind",
    law: "From any point on its way the next step is that of a fresh run, bit for bit."
  ) { (trial) throws(OptimizerViolation) in
    guard trial.declares({ if case .memoryless = $0 { true } else { false } }) else {
      return .notDeclared
    }
    let property = "its steps depend on the point alone"
    var generator = trial.generator
    for _ in 0..<2 {
      let course = trial.course(dimension: 4, steps: 24, using: &generator)
      let path = try trial.path(along: course, property)
      for step in 1...course.steps {
        var fresh = try trial.begin(at: path[step - 1], property)
        try fresh.advance(on: course.function(step))
        try Agreement(property).requireIdentical(fresh.point, path[step], step: step)
      }
    }
    return .passed(margin: 0)
  }
}
