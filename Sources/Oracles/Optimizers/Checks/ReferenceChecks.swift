import Foundation

extension OptimizerOracle {
  static let reference = OptimizerOracle(
    "follows its reference rule",
    law: """
      After any history of gradients, sizes spread over 11 e-folds and some exactly zero, with a \
      save and a reload in the middle, it stands where its reference rule says, to 1e-10.
      """
  ) { (trial) throws(OptimizerViolation) in
    let rules = trial.declarations.compactMap {
      if case .reference(let rule) = $0 { rule } else { nil }
    }
    guard !rules.isEmpty else { return .notDeclared }
    let property = "it stands where its reference rule says"
    try requireGradients(trial, property)
    var generator = trial.generator
    var agreement = Agreement(property)
    // From values and from zeros; the small gradients are of the size of a usual ε.
    for (scale, startScale) in [(1.0, 1.0), (1, 0), (1e-7, 0)] {
      let history = Course.history(
        dimension: 6, steps: 40, scale: scale, startScale: startScale, using: &generator)
      let reload = 1 + Draw.integer(below: 38, using: &generator)
      let path = try reloadedPath(trial, .gradients(history), reload, property)
      for rule in rules {
        var largest = history.start.map(\.magnitude)
        for step in 1...history.gradients.count {
          let prefix = OptimizerHistory(
            start: history.start, gradients: Array(history.gradients[..<step]))
          let expected = rule(prefix)
          for i in largest.indices where i < expected.count {
            largest[i] = max(largest[i], expected[i].magnitude)
          }
          try agreement.require(
            path[step], expected, within: largest.map { 1e-10 * $0 }, step: step,
            "saved and reloaded after step \(reload)")
        }
      }
    }
    return .passed(margin: agreement.worst)
  }

  /// A path along a course, in a fresh run from step `reload` on.
  private static func reloadedPath(
    _ trial: OptimizerTrial, _ course: Course, _ reload: Int, _ property: String
  ) throws(OptimizerViolation) -> [[Double]] {
    var run = try trial.begin(at: course.start, property)
    var points = [run.point]
    for step in 1...course.steps {
      try run.advance(on: course.function(step))
      points.append(run.point)
      if step == reload {
        let memory = try run.memory()
        run = try trial.begin(at: run.point, property)
        try run.load(memory)
        run.count(from: step)
      }
    }
    return points
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
        histories.append(Course.history(dimension: 4, steps: 30, using: &generator))
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
        limit * (1 + 1e-10) + 0x1p-51 * max(path[step][i].magnitude, path[step - 1][i].magnitude)
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
    let (steps, tolerance) = trial.kind == .firstOrder ? (25, 1e-10) : (10, 1e-7)
    var worst = 0.0
    var wasDeclared = false
    for case .sameAs(let name, let other) in trial.declarations {
      wasDeclared = true
      var generator = trial.generator
      var agreement = Agreement("it takes the path of \(name)")
      for _ in 0..<2 {
        let course = trial.course(dimension: 5, steps: steps, using: &generator)
        let path = try trial.path(along: course, agreement.property)
        let expected = try trial.path(along: course, agreement.property, on: other)
        var largest = course.start.map(\.magnitude)
        for step in 1...course.steps {
          // So near the end a search is decided by rounding.
          let slope = norm(course.function(step).gradient(path[step - 1]))
          if trial.kind != .firstOrder, slope < 1e-4 { break }
          for i in largest.indices { largest[i] = max(largest[i], expected[step][i].magnitude) }
          try agreement.require(
            path[step], expected[step], within: largest.map { tolerance * $0 }, step: step)
        }
      }
      worst = max(worst, agreement.worst)
    }
    return wasDeclared ? .passed(margin: worst) : .notDeclared
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
