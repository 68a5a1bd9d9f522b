import Foundation

extension OptimizerOracle {
  static let reference = OptimizerOracle(
    "follows its reference rule",
    law: """
      After any history of gradients, sizes spread over 11 e-folds and some exactly zero, with a \
      save and a reload in the middle, it stands where its reference rule says, to 1e-10: in 1 to \
      1,000 coordinates, on both sides of 8, 16, 32 and 256, and at gradients of 1e12, 1e60 and, \
      where all it keeps is of gradients, 1e100; of 1e7 and 1e15 in single precision.
      """
  ) { (trial) throws(OptimizerViolation) in
    try overReferences(trial, "it stands where its reference rule says") {
      (rules, agreement) throws(OptimizerViolation) in
      var generator = trial.generator
      // From values and from zeros; the small gradients are of the size of a usual ε.
      let histories =
        [(1.0, 1.0), (1, 0), (1e-7, 0)].map { scale, startScale in
          trial.history(
            dimension: 6, steps: 40, scale: scale, startScale: startScale, using: &generator)
        }
        + OptimizerTrial.dimensions.map {
          trial.history(dimension: $0, steps: 12, using: &generator)
        }
        + largeHistories(trial, rules)
      for history in histories {
        let reload = 1 + Draw.integer(below: history.gradients.count - 2, using: &generator)
        try follow(trial, rules, history, reloadingAfter: [reload], &agreement)
      }
    }
  }

  /// Sizes of gradients far above those of any task, whose squares are numbers all the same: what
  /// is cut, or saturates, on the way is seen.
  ///
  /// Prodigy squares its gradients times an estimate of its own, which may be large as well: it has
  /// the largest size spared.
  private static func largeHistories(
    _ trial: OptimizerTrial, _ rules: [ReferenceRule]
  ) -> [OptimizerHistory] {
    let isOfGradients = rules.allSatisfy { $0.footing != .unknown }
    let (sizes, largest) =
      trial.precision == .single ? ([1e7], 1e15) : ([1e12, 1e60], 1e100)
    var generator = trial.generator
    return (isOfGradients ? sizes + [largest] : sizes).map {
      trial.history(dimension: 3, steps: 12, scale: $0, using: &generator)
    }
  }

  static let longReference = OptimizerOracle(
    "follows its reference rule for 66,000 steps",
    law: """
      It stands where its reference rule says, to 1e-10, at every one of 66,000 steps, saved and \
      reloaded at random ones and about 2⁸, 2¹⁵ and 2¹⁶; as long as that is within 1e90.
      """, isLong: true
  ) { (trial) throws(OptimizerViolation) in
    try overReferences(trial, "it stands where its reference rule says, however long it runs") {
      (rules, agreement) throws(OptimizerViolation) in
      var generator = trial.generator
      let steps = 66_000
      let history = trial.history(dimension: 3, steps: steps, using: &generator)
      var reloads: Set<Int> = [254, 255, 256, 257, 32_766, 32_767, 32_768, 65_534, 65_535, 65_536]
      for _ in 0..<20 { reloads.insert(1 + Draw.integer(below: steps - 2, using: &generator)) }
      try follow(trial, rules, history, reloadingAfter: reloads, &agreement)
    }
  }

  /// The worst margin of what is declared.
  private static func overReferences(
    _ trial: OptimizerTrial, _ property: String,
    _ body: ([ReferenceRule], inout Agreement) throws(OptimizerViolation) -> Void
  ) throws(OptimizerViolation) -> OptimizerVerdict.Outcome {
    let rules = trial.declarations.compactMap {
      if case .reference(let rule) = $0 { rule } else { nil }
    }
    guard !rules.isEmpty else { return .notDeclared }
    try requireGradients(trial, property)
    var agreement = Agreement(property)
    try body(rules, &agreement)
    return .passed(margin: agreement.worst)
  }

  /// Walks along a history, in a fresh run after each reload, and holds every step to the rules.
  private static func follow(
    _ trial: OptimizerTrial, _ rules: [ReferenceRule], _ history: OptimizerHistory,
    reloadingAfter reloads: Set<Int>, _ agreement: inout Agreement
  ) throws(OptimizerViolation) {
    let count = history.gradients.count
    let name = reloads.count == 1 ? "step \(reloads.min() ?? 0)" : "\(reloads.count) of the steps"
    var known = rules.map { FollowedRule($0, history, tolerance: trial.tolerance(1e-10)) }
    var run = try trial.begin(at: history.start, agreement.property)
    for step in 1...count {
      try run.advance(on: StepFunction(gradient: history.gradients[step - 1]))
      for r in known.indices {
        // A rule that may run away, Prodigy on gradients at random, say, is followed as far as
        // numbers go; but the run must have gone there too.
        if run.point.contains(where: { $0.magnitude > 1e80 }), known[r].isBeyond(at: step) {
          return
        }
        guard let (expected, bounds) = known[r].place(at: step, for: run.point) else { continue }
        try agreement.require(
          run.point, expected, within: bounds, step: step,
          "\(history.start.count) coordinates, saved and reloaded after \(name)")
      }
      if reloads.contains(step) { run = try reloaded(run, trial) }
    }
  }

  static let stepBound = OptimizerOracle(
    "keeps its step bound",
    law: "No coordinate moves further in a step than the optimizer declares."
  ) { (trial) throws(OptimizerViolation) in
    var worst = 0.0
    var wasDeclared = false
    for case .stepBound(let name, let bound) in trial.declarations {
      wasDeclared = true
      try requireGradients(trial, name)
      var generator = trial.generator
      var histories = [OptimizerHistory]()
      for _ in 0..<3 {
        histories.append(trial.history(dimension: 4, steps: 30, using: &generator))
      }
      // What drives adaptive methods to their bound: all one sign, and after a long rest a row of
      // jumps that grow by less than a tenth, where the mean has caught up and the square has not.
      let rest = [[Double]](repeating: [0, 0, 1e-6, -1e-6], count: 300)
      var jumps = [[Double]]()
      for k in 0..<30 {
        let size = pow(1.09, Double(k))
        jumps.append([size, -size, 10 * size, k == 0 ? 100 : 0])
      }
      let origin = [0.0, 0, 0, 0]
      histories += [
        OptimizerHistory(
          start: origin, gradients: [[Double]](repeating: [1, -2, 1e-3, 300], count: 30)),
        OptimizerHistory(start: origin, gradients: rest + jumps),
      ]
      for history in histories {
        worst = max(worst, try largestStep(trial, history, name, bound))
      }
    }
    return wasDeclared ? .passed(margin: worst) : .notDeclared
  }

  /// Over its bound.
  private static func largestStep(
    _ trial: OptimizerTrial, _ history: OptimizerHistory, _ name: String,
    _ bound: (OptimizerHistory) -> Double
  ) throws(OptimizerViolation) -> Double {
    let path = try trial.path(along: .gradients(history), name)
    var agreement = Agreement(name)
    for step in 1..<path.count {
      let prefix = OptimizerHistory(
        start: history.start, gradients: Array(history.gradients[..<step]))
      let limit = bound(prefix)
      let bounds = path[step].indices.map { i in
        limit * (1 + trial.tolerance(1e-10))
          + trial.roundings(4) * max(path[step][i].magnitude, path[step - 1][i].magnitude)
      }
      let moves = path[step].indices.map { path[step][$0] - path[step - 1][$0] }
      try agreement.require(
        moves, [Double](repeating: 0, count: moves.count), within: bounds, step: step,
        "the bound is \(limit)")
    }
    return agreement.worst
  }

  static let sameAs = OptimizerOracle(
    "takes the path of its equal",
    law: """
      It takes the same path as each subject that it declares to be the same: to 1e-10 on \
      gradients, to 1e-7 on functions, where rounding feeds back.
      """
  ) { (trial) throws(OptimizerViolation) in
    let isOfGradients = trial.kind == .firstOrder
    let steps = isOfGradients ? 25 : 10
    let tolerance = trial.tolerance(isOfGradients ? 1e-10 : 1e-7)
    var worst = 0.0
    var wasDeclared = false
    for case .sameAs(let name, let other) in trial.declarations {
      wasDeclared = true
      var generator = trial.generator
      var agreement = Agreement("it takes the path of \(name)")
      for dimension in [5, 17] {
        let course = trial.course(dimension: dimension, steps: steps, using: &generator)
        let path = try trial.path(along: course, agreement.property)
        let expected = try trial.path(along: course, agreement.property, on: other)
        let slack = slack(of: other, along: course, trial, expected)
        var largest = course.start.map(\.magnitude)
        for step in 1...course.steps {
          // So near the end a search is decided by rounding.
          let slope = norm(course.function(step).gradient(path[step - 1]))
          if !isOfGradients, slope < 1e-4 { break }
          for i in largest.indices { largest[i] = max(largest[i], expected[step][i].magnitude) }
          try agreement.require(
            path[step], expected[step],
            within: zip(largest, slack[step]).map { tolerance * $0 + $1 }, step: step)
        }
      }
      worst = max(worst, agreement.worst)
    }
    return wasDeclared ? .passed(margin: worst) : .notDeclared
  }

  /// What another form of its averages may be off by, where the other is a reference.
  private static func slack(
    of other: any OptimizerSubject, along course: Course, _ trial: OptimizerTrial,
    _ path: [[Double]]
  ) -> [[Double]] {
    guard trial.kind == .firstOrder, let rule = (other as? ReferenceSubject)?.rule else {
      return path.map { $0.map { _ in 0 } }
    }
    let history = OptimizerHistory(
      start: course.start, gradients: (1...course.steps).map { course.function($0).gradient([]) })
    return [path[0].map { _ in 0 }] + rule.slack(history, of: Array(path.dropFirst()))
  }

  /// What is declared of histories of gradients can be tried on first-order methods only.
  private static func requireGradients(
    _ trial: OptimizerTrial, _ property: String
  ) throws(OptimizerViolation) {
    guard trial.kind == .firstOrder else {
      throw OptimizerViolation(
        property: property,
        detail: "a law of gradients alone cannot be tried on an optimizer of kind \(trial.kind)")
    }
  }
}

/// A rule along a history, with how near a point must come to it.
private struct FollowedRule {
  private let rule: ReferenceRule
  private let history: OptimizerHistory
  private let tolerance: Double
  /// By step; few where the rule is only known place by place.
  private let places: [Int: [Double]]
  /// θ₁, …, θ_T of a rule that is known as a path.
  private let path: [[Double]]
  /// What averages that are off may do, once it is asked for.
  private var slack: [[Double]]?
  /// The largest magnitude of each coordinate so far.
  private var largest: [Double]

  init(_ rule: ReferenceRule, _ history: OptimizerHistory, tolerance: Double) {
    self.rule = rule
    self.history = history
    self.tolerance = tolerance
    let count = history.gradients.count
    let asked = count <= 100 ? Array(1...count) : [330, 1000, count / 4, count]
    places =
      rule.isQuick
      ? [:] : Dictionary(asked.map { ($0, rule(history.upTo($0))) }) { first, _ in first }
    path = rule.isQuick ? rule.path(history) : []
    largest = history.start.map(\.magnitude)
  }

  /// Whether the rule has left the numbers that its sums are exact in.
  func isBeyond(at step: Int) -> Bool {
    (rule.isQuick ? path[step - 1] : places[step] ?? []).contains { $0.magnitude >= 1e90 }
  }

  /// nil where nothing is known of a step.
  mutating func place(
    at step: Int, for point: [Double]
  ) -> (expected: [Double], bounds: [Double])? {
    guard let expected = rule.isQuick ? path[step - 1] : places[step] else { return nil }
    for i in largest.indices where i < expected.count {
      largest[i] = max(largest[i], expected[i].magnitude)
    }
    let bounds = largest.map { tolerance * $0 }
    let isNear = zip(zip(point, expected), bounds).allSatisfy { ($0.0 - $0.1).magnitude <= $1 }
    if isNear || rule.shakenPaths.isEmpty { return (expected, bounds) }
    if slack == nil { slack = rule.slack(history, of: path) }
    return (expected, zip(bounds, slack?[step - 1] ?? []).map { $0 + $1 })
  }
}
