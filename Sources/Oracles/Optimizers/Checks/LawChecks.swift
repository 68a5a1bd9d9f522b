extension OptimizerOracle {
  static let obeysItsLaw = OptimizerOracle(
    "steps by its law",
    law: """
      On smooth functions in 1 to 33 coordinates, convex and not, and on concave ones that turn \
      convex in 1 to 257 (33 of what takes curvature), about the limits that a law has itself, and \
      where a search's first trial falls by a little more or less than enough or has no value, every \
      step is what its law says of it, by the oracle's own values, gradients and Hessians and its own \
      memory of the steps before.
      """
  ) { (trial) throws(OptimizerViolation) in
    var worst: Double?
    for case .law(let law) in trial.declarations {
      var generator = trial.generator
      for course in courses(of: law, trial, using: &generator) {
        worst = max(worst ?? 0, try walk(trial, law, course).worst)
      }
    }
    return worst.map { .passed(margin: $0) } ?? .notDeclared
  }

  static let obeysItsLawLong = OptimizerOracle(
    "steps by its law for 33,000 steps",
    law: """
      On functions that change at random every step is what its law says of it, for 33,000 steps, saved \
      and reloaded at random ones and about 2⁸ and 2¹⁵; in one run, but where rounding decides a step \
      and another begins.
      """, isLong: true
  ) { (trial) throws(OptimizerViolation) in
    var worst: Double?
    for case .law(let law) in trial.declarations where law.courses == nil && law.holds(3) {
      var generator = trial.generator
      let course = changing(steps: 33_000, trial, using: &generator)
      var reloads: Set<Int> = [254, 255, 256, 257, 32_766, 32_767, 32_768]
      for _ in 0..<20 { reloads.insert(1 + Draw.integer(below: course.steps - 2, using: &generator)) }
      var walked = Walk(point: course.start)
      while walked.steps < course.steps {
        let part = try walk(
          trial, law, course.from(walked.steps, at: walked.point), reloadingAfter: reloads)
        worst = max(worst ?? 0, part.worst)
        walked = Walk(point: part.point, steps: walked.steps + max(part.steps, 1))
      }
    }
    return worst.map { .passed(margin: $0) } ?? .notDeclared
  }

  private static func courses(
    of law: StepLaw, _ trial: OptimizerTrial, using generator: inout SplitMix64
  ) -> [Course] {
    if let own = law.courses {
      return (OptimizerTrial.smallDimensions + [64]).filter(law.holds).flatMap {
        own($0, &generator)
      }
    }
    var courses: [Course] = []
    for n in OptimizerTrial.smallDimensions where law.holds(n) {
      for isConvex in [true, false] {
        let landscape = Landscape.logCosh(dimension: n, isConvex: isConvex, using: &generator)
        let start = trial.held(Draw.normals(n, using: &generator).map { 2 * $0 })
        courses.append(Course(start: start, steps: n < 7 ? 12 : 30, on: landscape))
      }
    }
    // Where a law wants the whole Hessian's modes, wide ones cost more than they show.
    let widest = trial.kind == .secondOrder ? 33 : 257
    for n in OptimizerTrial.dimensions where n <= widest && law.holds(n) {
      courses.append(turning(n, using: &generator))
      courses += law.besides(n, &generator)
    }
    return courses
  }

  /// Functions that change at every step, the first concave: what is kept of it must not be used.
  private static func turning(_ n: Int, using generator: inout SplitMix64) -> Course {
    let center = Draw.normals(n, using: &generator)
    let slopes = (0..<n).map { _ in Draw.uniform(0.5, 3, using: &generator) }
    let concave = StepFunction.quadratic(curvatures: slopes.map { -0.2 * $0 }, center: center)
    let bowl = StepFunction.quadratic(curvatures: slopes, center: center)
    return Course(start: center.map { ($0 + 2).rounded() }, steps: 4) { $0 == 1 ? concave : bowl }
  }

  /// One of sixteen functions at each step, in three coordinates: a method never comes to rest.
  private static func changing(
    steps: Int, _ trial: OptimizerTrial, using generator: inout SplitMix64
  ) -> Course {
    let functions = (0..<16).map { _ in
      StepFunction(Landscape.logCosh(dimension: 3, using: &generator))
    }
    // Never the same one twice in a row, on which a good method would come to rest.
    var order = [0]
    while order.count < steps {
      let others = 1 + Draw.integer(below: functions.count - 1, using: &generator)
      order.append((order[order.count - 1] + others) % functions.count)
    }
    let drawn = order
    return Course(start: trial.held([1, -2, 0.5]), steps: steps) { functions[drawn[$0 - 1]] }
  }

  /// How far a course was followed, and by what part of its tolerance a step was off at most.
  private struct Walk {
    var point: [Double]
    var steps = 0
    var worst = 0.0
  }

  /// Along a course, up to where it ends, or rounding decides.
  private static func walk(
    _ trial: OptimizerTrial, _ law: StepLaw, _ course: Course, reloadingAfter reloads: Set<Int> = []
  ) throws(OptimizerViolation) -> Walk {
    var run = try trial.begin(at: course.start, law.name)
    var witness = law.witness(course.start.count)
    var walk = Walk(point: course.start)
    for step in 1...course.steps {
      let before = run.point
      let function = course.function(step)
      let seen = norm(function.gradient(before))
      // So near the end rounding decides.
      let least = trial.precision == .single ? 1e-3 : 1e-9
      guard seen * seen > least * max(1, function.value(before).magnitude) else { break }
      try run.advance(on: function)
      walk.point = run.point
      walk.steps = step
      let finding: StepFinding
      do throws(OracleError) {
        finding = try witness.judge(
          SeenStep(from: before, to: run.point, on: function, in: trial.precision))
      } catch {
        throw OptimizerViolation(property: law.name, step: step, detail: "\(error)")
      }
      switch finding {
      case .right(let margin): walk.worst = max(walk.worst, margin)
      case .wrong(let detail, let ratio):
        throw OptimizerViolation(
          property: law.name, step: step, ratio: ratio,
          detail: "\(detail), in \(before.count) coordinates at \(before.prefix(4))")
      case .undecided: return walk
      }
      if reloads.contains(step) { run = try reloaded(run, trial) }
    }
    return walk
  }

  /// A fresh run with the memory of another, which goes on where that stands.
  static func reloaded(
    _ run: ObservedRun, _ trial: OptimizerTrial
  ) throws(OptimizerViolation) -> ObservedRun {
    let memory = try run.memory()
    var fresh = try trial.begin(at: run.point, run.property)
    try fresh.load(memory)
    fresh.count(from: run.step)
    return fresh
  }
}
