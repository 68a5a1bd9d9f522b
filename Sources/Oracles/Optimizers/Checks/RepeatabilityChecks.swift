extension OptimizerOracle {
  static let deterministic = OptimizerOracle(
    "repeats itself",
    law: "Two runs of the same history are the same bit for bit, in parameters and in memory."
  ) { (trial) throws(OptimizerViolation) in
    let property = "two runs of the same history are the same"
    var generator = trial.generator
    let course = trial.course(dimension: 5, steps: 23, using: &generator)
    var first = try trial.begin(at: course.start, property)
    for step in 1...course.steps { try first.advance(on: course.function(step)) }
    try requireSame(trial.begin(at: course.start, property), as: first, along: course, trial)
    return .passed(margin: 0)
  }

  static let deterministicLong = OptimizerOracle(
    "repeats itself for 7,000 steps",
    law: """
      Two runs of 3,500 steps, or as far as they are within 1e90, are the same bit for bit: one step in \
      a thousand that goes its own way, by an ulp, is seen with a probability of \
      1 − (1 − 10⁻³)⁷⁰⁰⁰ = 0.999.
      """, isLong: true
  ) { (trial) throws(OptimizerViolation) in
    let property = "two long runs of the same history are the same"
    var generator = trial.generator
    let steps = 3500
    let course: Course
    if trial.kind == .firstOrder {
      course = trial.course(dimension: 5, steps: steps, using: &generator)
    } else {
      // Functions that change, so that no run comes to rest.
      let functions = (0..<5).map { _ in
        StepFunction(Landscape.logCosh(dimension: 2, using: &generator))
      }
      course = Course(start: trial.held([1, -2]), steps: steps) { functions[$0 % 5] }
    }
    var first = try trial.begin(at: course.start, property)
    while first.step < steps, first.point.allSatisfy({ $0.magnitude < 1e90 }) {
      try first.advance(on: course.function(first.step + 1))
    }
    let walked = Course(start: course.start, steps: first.step, function: course.function)
    try requireSame(trial.begin(at: course.start, property), as: first, along: walked, trial)
    return .passed(margin: 0)
  }

  static let anotherProcess = OptimizerOracle(
    "is the same in another process",
    law: """
      In another process the optimizer takes the same path and has the same memory, bit for bit; \
      and what is saved in the middle of a run in one process goes on in the other as in the first.
      """
  ) { (trial) throws(OptimizerViolation) in
    let property = "another process gives the same path"
    let others = trial.declarations.compactMap {
      if case .anotherProcess(let other) = $0 { other } else { nil }
    }
    var generator = trial.generator
    for other in others {
      let course = trial.course(dimension: 5, steps: 23, using: &generator)
      var here = try trial.begin(at: course.start, property)
      for step in 1...course.steps { try here.advance(on: course.function(step)) }
      try requireSame(
        trial.begin(at: course.start, property, on: other), as: here, along: course, trial)
      // Another course than the one that the other process has walked, of which it may have kept
      // the memories that it gave.
      try requireResumed(
        in: other, trial.course(dimension: 4, steps: 17, using: &generator),
        after: 2 + Draw.integer(below: 12, using: &generator), trial)
    }
    return others.isEmpty ? .notDeclared : .passed(margin: 0)
  }

  /// A memory that is saved in one process is all there is of a run: it goes on with it in another.
  private static func requireResumed(
    in other: any OptimizerSubject, _ course: Course, after saved: Int, _ trial: OptimizerTrial
  ) throws(OptimizerViolation) {
    let property = "a memory goes on in another process as in the first"
    let agreement = Agreement(property)
    let path = try trial.path(along: course, property)
    var here = try trial.begin(at: course.start, property)
    for step in 1...saved { try here.advance(on: course.function(step)) }
    let memory = try here.memory()
    var there = try trial.begin(at: path[saved], property, on: other)
    try there.load(memory)
    there.count(from: saved)
    let detail = "saved after step \(saved), loaded in another process"
    try agreement.requireSameMemory(there.memory(), memory, step: saved, detail)
    for step in (saved + 1)...course.steps {
      try here.advance(on: course.function(step))
      try there.advance(on: course.function(step))
      try agreement.requireIdentical(there.point, path[step], step: step, detail)
    }
    try agreement.requireSameMemory(
      there.memory(), here.memory(), step: course.steps, detail + ", at the end")
  }

  /// Walks a course again.
  private static func requireSame(
    _ second: consuming ObservedRun, as first: ObservedRun, along course: Course,
    _ trial: OptimizerTrial
  ) throws(OptimizerViolation) {
    var again = second
    let agreement = Agreement(again.property)
    let path = try trial.path(along: course, again.property)
    for step in 1...course.steps {
      try again.advance(on: course.function(step))
      try agreement.requireIdentical(again.point, path[step], step: step)
    }
    try agreement.requireIdentical(first.point, path[course.steps], step: course.steps)
    try agreement.requireSameMemory(
      again.memory(), first.memory(), step: course.steps, "after the last step")
  }

  static let independent = OptimizerOracle(
    "keeps runs apart",
    law: """
      Two runs whose steps take turns go as each alone, bit for bit: they share no memory; and a run \
      that is begun again under its number begins with an empty one.
      """
  ) { (trial) throws(OptimizerViolation) in
    let property = "a run goes as it does alone"
    var generator = trial.generator
    let courses = [
      trial.course(dimension: 4, steps: 12, using: &generator),
      trial.course(dimension: 4, steps: 12, using: &generator),
    ]
    var alone = [[[Double]]]()
    for course in courses { alone.append(try trial.path(along: course, property)) }
    let agreement = Agreement(property)
    var first = try trial.begin(at: courses[0].start, property)
    var second = try trial.begin(at: courses[1].start, property)
    for step in 1...courses[0].steps {
      try first.advance(on: courses[0].function(step))
      try second.advance(on: courses[1].function(step))
      try agreement.requireIdentical(
        first.point, alone[0][step], step: step, "the first of two runs that take turns")
      try agreement.requireIdentical(
        second.point, alone[1][step], step: step, "the second of two runs that take turns")
    }
    try requireAnew(first, along: courses[0], as: alone[0])
    return .passed(margin: 0)
  }

  /// Begins a run again that has walked a course, where runs have names, and walks it again.
  private static func requireAnew(
    _ walked: consuming ObservedRun, along course: Course, as path: [[Double]]
  ) throws(OptimizerViolation) {
    var run = walked
    guard try run.restart(at: course.start) else { return }
    for step in 1...course.steps {
      try run.advance(on: course.function(step))
      try Agreement("a run that is begun again has an empty memory").requireIdentical(
        run.point, path[step], step: step, "begun again under its number after \(course.steps) steps")
    }
  }
}
