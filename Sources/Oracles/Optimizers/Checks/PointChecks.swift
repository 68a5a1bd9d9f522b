extension OptimizerOracle {
  /// All other checks send back the point that the optimizer answered with, which one that keeps
  /// its own copy of the parameters need not read.
  static let stepsFromPoint = OptimizerOracle(
    "steps from the point that it is sent",
    law: """
      Where another point comes than it answered with last, as after a projection, the next step \
      begins there: it moves as it does without that, but for decay of θ, where all that its rule \
      keeps is made of gradients; goes along with the point, at least half of the way, where \
      velocities may be kept as differences of places; and is a fresh run's where nothing is kept.
      """
  ) { (trial) throws(OptimizerViolation) in
    var worst: Double?
    for case .reference(let rule) in trial.declarations where trial.kind == .firstOrder {
      switch rule.footing {
      case .unknown: continue
      case .point: worst = max(worst ?? 0, try followMoved(trial, rule))
      case .velocity:
        try requireAlong(trial)
        worst = worst ?? 0
      }
    }
    if trial.declares({ if case .memoryless = $0 { true } else { false } }), !trial.isNoisy {
      try requireFreshAfterMoves(trial)
      worst = worst ?? 0
    }
    return worst.map { .passed(margin: $0) } ?? .notDeclared
  }

  /// θ_{t+1} = (1 − ηλ)p − ηu_t from whatever point p comes with step t, where u_t is of gradients
  /// alone and so the same in both of two runs, however it is summed and right or wrong: they stay as
  /// far apart as the rule's decay leaves them. Put apart in the first steps, in the middle, and
  /// twice in a row.
  private static func followMoved(
    _ trial: OptimizerTrial, _ rule: ReferenceRule
  ) throws(OptimizerViolation) -> Double {
    var agreement = Agreement("a step from another point is the same step from there")
    var generator = trial.generator
    var history = trial.history(dimension: 4, steps: 24, using: &generator)
    let steady = rule.path(history)
    var apart: [Int: [Double]] = [:]
    for step in [2, 5, 6, 13, 20] {
      let distance = elsewhere(trial, 4, using: &generator)
      apart[step] = distance
      history.placed[step] = zip(steady[step - 2], distance).map { $0 + $1 }
    }
    let moved = rule.path(history)
    var plain = try trial.begin(at: history.start, agreement.property)
    var run = try trial.begin(at: history.start, agreement.property)
    var largest = history.start.map(\.magnitude)
    for step in 1...history.gradients.count {
      if let distance = apart[step] {
        run.move(to: trial.held(zip(plain.point, distance).map { $0 + $1 }))
      }
      for i in largest.indices {
        largest[i] = max(largest[i], run.point[i].magnitude, plain.point[i].magnitude)
      }
      let function = StepFunction(gradient: history.gradients[step - 1])
      try plain.advance(on: function)
      try run.advance(on: function)
      for i in largest.indices {
        largest[i] = max(largest[i], run.point[i].magnitude, plain.point[i].magnitude)
      }
      try agreement.require(
        zip(run.point, plain.point).map { $0 - $1 },
        zip(moved[step - 1], steady[step - 1]).map { $0 - $1 },
        within: largest.map { trial.tolerance(1e-10) * $0 }, step: step,
        "what a run that was put elsewhere before steps \(apart.keys.sorted()) is away from one "
          + "that was not")
    }
    return agreement.worst
  }

  /// Two runs that differ in the last point alone: one goes along with it. 1 times as far where the
  /// velocity is of gradients, 1 + μ times where it is a difference of places.
  private static func requireAlong(_ trial: OptimizerTrial) throws(OptimizerViolation) {
    let property = "a step goes along with the point that it is taken from"
    var generator = trial.generator
    let history = trial.history(dimension: 4, steps: 9, using: &generator)
    let path = try trial.path(along: .gradients(history), property)
    for step in [2, 5, 9] {
      var run = try trial.begin(at: history.start, property)
      for k in 1..<step { try run.advance(on: StepFunction(gradient: history.gradients[k - 1])) }
      // Far beyond what any rounding of the place is.
      let far = elsewhere(trial, 4, using: &generator).map { (1 + $0.magnitude) }
      let size = path[step].reduce(1) { max($0, $1.magnitude) }
      let point = trial.held(zip(run.point, far).map { $0 + size * $1 })
      run.move(to: point)
      try run.advance(on: StepFunction(gradient: history.gradients[step - 1]))
      for i in point.indices {
        let least = path[step][i] + (point[i] - path[step - 1][i]) / 2
        guard run.point[i] >= least else {
          throw OptimizerViolation(
            property: property, step: step, coordinate: i, expected: least, got: run.point[i],
            detail: "sent \(point[i]) where its last answer was \(path[step - 1][i])")
        }
      }
    }
  }

  /// What keeps nothing steps from anywhere as a fresh run does, bit for bit.
  private static func requireFreshAfterMoves(_ trial: OptimizerTrial) throws(OptimizerViolation) {
    let property = "a step from another point is a fresh run's from there"
    var generator = trial.generator
    let course = trial.course(dimension: 4, steps: 8, using: &generator)
    var run = try trial.begin(at: course.start, property)
    for step in 1...course.steps {
      if step > 1, !step.isMultiple(of: 3) {
        run.move(to: elsewhere(trial, 4, using: &generator))
      }
      var fresh = try trial.begin(at: run.point, property)
      try fresh.advance(on: course.function(step))
      try run.advance(on: course.function(step))
      try Agreement(property).requireIdentical(run.point, fresh.point, step: step)
    }
  }

  private static func elsewhere(
    _ trial: OptimizerTrial, _ dimension: Int, using generator: inout SplitMix64
  ) -> [Double] {
    trial.held(Draw.normals(dimension, using: &generator).map { 3 * $0 })
  }
}
