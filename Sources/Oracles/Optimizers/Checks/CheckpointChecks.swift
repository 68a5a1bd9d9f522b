extension OptimizerOracle {
  static let resumable = OptimizerOracle(
    "saves and loads",
    law: """
      A memory that was saved and loaded into another run goes on bit for bit and is saved as the \
      same; saving disturbs nothing; a memory of another dimension or another rule, and rubbish, are \
      refused.
      """
  ) { (trial) throws(OptimizerViolation) in
    let property = "a loaded memory goes on as the saved one"
    var generator = trial.generator
    let course = trial.course(dimension: 4, steps: 20, using: &generator)
    let detour = trial.course(dimension: 4, steps: 3, using: &generator)
    let saved = 1 + Draw.integer(below: course.steps - 1, using: &generator)
    let path = try trial.path(along: course, property)

    // Saved and loaded by the run itself after every step.
    var steady = try trial.begin(at: course.start, property)
    var memories = [try steady.memory()]
    for step in 1...course.steps {
      try steady.load(memories[step - 1])
      try steady.advance(on: course.function(step))
      try Agreement(property).requireIdentical(
        steady.point, path[step], step: step, "saved and loaded after every step")
      memories.append(try steady.memory())
    }

    // Into a fresh run, and into one that had been elsewhere.
    for (name, history) in [("a fresh run", 0), ("a run that had been elsewhere", detour.steps)] {
      for start in [0, saved] {
        var resumed = try trial.begin(at: path[start], property)
        for step in 0..<history { try resumed.advance(on: detour.function(step + 1)) }
        resumed.move(to: path[start])
        try resumed.load(memories[start])
        let detail = "saved after step \(start), loaded into \(name)"
        try Agreement("what is loaded is saved as the same").requireSameMemory(
          resumed.memory(), memories[start], step: start, detail)
        for step in (start + 1)...course.steps {
          try resumed.advance(on: course.function(step))
          try Agreement(property).requireIdentical(resumed.point, path[step], step: step, detail)
        }
        try Agreement("what is loaded is saved as the same").requireSameMemory(
          resumed.memory(), memories[course.steps], step: course.steps, detail + ", at the end")
      }
    }
    try refuseForeign(trial, memory: memories[saved], step: saved, along: course, path: path)
    return .passed(margin: 0)
  }

  /// A memory of one coordinate more, where the memory holds the dimension; one of another rule;
  /// and text that is none.
  private static func refuseForeign(
    _ trial: OptimizerTrial, memory: String, step saved: Int, along course: Course,
    path: [[Double]]
  ) throws(OptimizerViolation) {
    let property = "a memory that is not the run's is refused"
    var foreign = [
      (name: "text that is no JSON", memory: "{\"step\": no number"),
      ("an empty text", ""), ("a memory that breaks off", String(memory.dropLast())),
    ]
    var generator = trial.generator
    let wider = trial.course(
      dimension: course.start.count + 1, steps: saved, using: &generator)
    var other = try trial.begin(at: wider.start, property)
    for step in 1...saved { try other.advance(on: wider.function(step)) }
    let otherMemory = try other.memory()
    if let a = MemoryValue(otherMemory), let b = MemoryValue(memory), !a.hasShape(of: b),
      a.holdsVectors(of: wider.start.count)
    {
      foreign.append(("a memory of another dimension", otherMemory))
    }
    if let own = MemoryValue(memory), let other = memoryOfAnother(own, course.start.count) {
      foreign.append(("a memory of another rule", other))
    }
    for (name, text) in foreign {
      var run = try trial.begin(at: path[saved], property)
      try run.load(memory)
      guard try refusal(property, at: saved, of: { try run.run.load(text) }) != nil else {
        throw OptimizerViolation(
          property: property, step: saved, detail: "\(name) was loaded: \(text.prefix(200))")
      }
      for step in (saved + 1)...course.steps {
        try run.advance(on: course.function(step))
        try Agreement("a refused memory leaves the run as it was").requireIdentical(
          run.point, path[step], step: step, name)
      }
    }
  }

  /// One vector, by a name that the run's own memory does not have; nil for a rule that keeps no
  /// vectors, to which every memory is as good as none.
  ///
  /// A part of the run's own memory would not do: what is left out of it may be a zero.
  private static func memoryOfAnother(_ own: MemoryValue, _ dimension: Int) -> String? {
    guard own.holdsVectors(of: dimension) else { return nil }
    let vector = (1...dimension).map { "\($0).0" }.joined(separator: ",")
    let names = ["velocity", "buffer_of_another_rule"]
    return names.first { !own.hasMember($0) }.map { "{\"\($0)\":[\(vector)]}" }
  }
}
