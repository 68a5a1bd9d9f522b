import Foundation
import Synchronization

extension OptimizerOracle {
  static let additiveConstant = OptimizerOracle(
    "does not feel a constant",
    law: "Adding a constant to the function changes no step."
  ) { (trial) throws(OptimizerViolation) in
    let property = "f + 8 gives the path of f"
    var generator = trial.generator
    let landscape = Landscape.logCosh(dimension: 4, using: &generator)
    let function = StepFunction(landscape)
    let raised = StepFunction(
      value: { function.value($0) + 8 }, gradient: function.gradient,
      hessianVectorProduct: function.hessianVectorProduct)
    let start = trial.held(Draw.normals(4, using: &generator))
    var plain = try trial.begin(at: start, property)
    var lifted = try trial.begin(at: start, property)
    var agreement = Agreement(property)
    let slope = norm(function.gradient(start))
    for step in 1...8 {
      try plain.advance(on: function)
      try lifted.advance(on: raised)
      if trial.kind == .firstOrder {
        try agreement.requireIdentical(lifted.point, plain.point, step: step)
      } else {
        // Values enter by their differences, which the constant rounds to 1e-15; a line search
        // finds its point to the root of that.
        let scale = plain.point.reduce(1) { max($0, $1.magnitude) }
        try agreement.require(lifted.point, plain.point, within: trial.tolerance(1e-6) * scale, step: step)
        if norm(function.gradient(plain.point)) < 1e-6 * slope { break }
      }
    }
    return .passed(margin: agreement.worst)
  }

  static let everyDimension = OptimizerOracle(
    "works in any dimension",
    law: """
      Runs in 1 to 1,000 coordinates are finite, none leaves a trace in the next, and where one moves \
      every coordinate moves that has a gradient; in 1 to 257 of what takes curvature, whose whole \
      Hessian may be built.
      """
  ) { (trial) throws(OptimizerViolation) in
    let property = "a run goes the same after runs in other dimensions"
    var generator = trial.generator
    var alone: [Int: [[Double]]] = [:]
    var courses: [Int: Course] = [:]
    let widest = trial.kind == .secondOrder ? 257 : 1000
    for n in [1, 17, 2, 1, 17, 2] + OptimizerTrial.dimensions.filter({ $0 <= widest }) {
      let course = courses[n] ?? wide(trial, n, using: &generator)
      courses[n] = course
      let path = try trial.path(along: course, property)
      for step in 1...course.steps {
        if let earlier = alone[n] {
          try Agreement(property).requireIdentical(
            path[step], earlier[step], step: step, "\(n) coordinates")
        }
      }
      alone[n] = path
      try requireAllMoved(trial, course, path)
    }
    return .passed(margin: 0)
  }

  /// A course on which every coordinate has a gradient.
  private static func wide(
    _ trial: OptimizerTrial, _ n: Int, using generator: inout SplitMix64
  ) -> Course {
    switch trial.kind {
    // From the origin no step of a gradient's own is lost to rounding.
    case .firstOrder:
      return .gradients(trial.history(dimension: n, steps: 6, startScale: 0, using: &generator))
    case _ where n <= 33: return trial.course(dimension: n, steps: 6, using: &generator)
    // Bowls, whose products cost little, since a whole Hessian may be built of them.
    case .lineSearch, .secondOrder:
      let bowl = StepFunction.quadratic(
        curvatures: (0..<n).map { _ in Draw.uniform(0.5, 3, using: &generator) },
        center: Draw.normals(n, using: &generator))
      let start = trial.held(Draw.normals(n, using: &generator))
      return Course(start: start, steps: 2) { _ in bowl }
    }
  }

  private static func requireAllMoved(
    _ trial: OptimizerTrial, _ course: Course, _ path: [[Double]]
  ) throws(OptimizerViolation) {
    // What has noise need not feel a slope, and a Newton method may reject its first trial steps.
    let hasMoved = path.contains { $0 != path[0] }
    guard !trial.isNoisy, hasMoved || trial.kind != .secondOrder else { return }
    let n = course.start.count
    for i in 0..<n where !path.contains(where: { $0[i] != path[0][i] }) {
      let slopes = (1...course.steps).map { course.function($0).gradient(path[$0 - 1])[i] }
      guard slopes.allSatisfy({ $0 == 0 }) else {
        var violation = OptimizerViolation(
          property: "it moves in any dimension", step: course.steps,
          detail: "a coordinate of \(n) never moved, at the gradients \(slopes)")
        violation.coordinate = i
        throw violation
      }
    }
  }

  static let moves = OptimizerOracle(
    "gets on",
    law: """
      On quadratics it moves, and on at least one of a range of sizes its values fall.
      """
  ) { (trial) throws(OptimizerViolation) in
    let steps = 60
    var best = Double.infinity
    // A rate that is not known suits one of these sizes: curvature × distance of the minimum.
    for (curvature, distance) in [
      (1.0, 1.0), (100, 1), (0.01, 1), (1e-4, 1), (1, 1000), (0.01, 1000),
    ] {
      let center = [distance, -distance, 0.5 * distance]
      let scales = [curvature, 0.5 * curvature, 0.25 * curvature]
      let function = StepFunction.quadratic(curvatures: scales, center: center)
      var point = [0.0, 0, 0]
      var run = try trial.begin(at: point, "it moves").run
      var last = [Double]()
      var hasMoved = false
      for _ in 1...steps {
        // A rate too large for this one overflows in time, and may then be refused.
        let error = try refusal("it moves") { try run.step(&point, on: function) }
        guard error == nil else { break }
        last.append(function.value(point))
        hasMoved = hasMoved || point != [0, 0, 0]
      }
      // What stops at critical points may take a small gradient for one.
      guard hasMoved || (trial.kind == .secondOrder && curvature * distance < 0.1) else {
        throw OptimizerViolation(
          property: "it moves", step: steps,
          detail: "nothing moved on curvature \(curvature), minimum at distance \(distance)")
      }
      let mean = last.suffix(10).reduce(0, +) / 10
      if last.count == steps, mean.isFinite {
        best = min(best, mean / function.value([0, 0, 0]))
      }
    }
    guard best < 1 - 1e-9 else {
      throw OptimizerViolation(
        property: "its values fall on some quadratic", step: steps, expected: 1 - 1e-9, got: best,
        detail: "the mean of the last ten values over the first, at its best")
    }
    return .passed(margin: best)
  }

  static let notTooFast = OptimizerOracle(
    "is not impossibly fast",
    law: """
      On Nesterov's tridiagonal quadratic no method whose steps lie in the span of its k gradients \
      comes below (L/8)(1/(k+1) − 1/(n+1)), which for n = 2k+1 is at least 3LR²/(32(k+1)²).
      """
  ) { (trial) throws(OptimizerViolation) in
    guard trial.kind != .secondOrder, trial.holds(.rotation), !trial.isNoisy else {
      return .notDeclared
    }
    let property = "nothing is faster than the lower bound"
    let n = 31
    var worst = 0.0
    for largest in [1.0, 16, 256] {
      let problem = NesterovTridiagonal(dimension: n, largest: largest)
      let counter = Atomic(0)
      let plain = StepFunction(problem.landscape)
      let counting = StepFunction(
        value: plain.value,
        gradient: {
          counter.add(1, ordering: .relaxed)
          return plain.gradient($0)
        }, hessianVectorProduct: plain.hessianVectorProduct)
      var run = try trial.begin(at: [Double](repeating: 0, count: n), property).run
      var point = [Double](repeating: 0, count: n)
      for step in 1...15 {
        // A rate too large for this one overflows in time, and may then be refused.
        let error = try refusal(property, at: step) { try run.step(&point, on: counting) }
        guard error == nil else { break }
        let evaluations = counter.load(ordering: .relaxed)
        guard evaluations <= (n - 1) / 2 else { break }
        let gap = plain.value(point) - problem.minimum
        // What rounding of the two values leaves of their difference.
        let bound = problem.smallestGap(after: evaluations) * (1 - trial.tolerance(1e-9))
        guard !(gap < bound) else {
          throw OptimizerViolation(
            property: property, step: step, expected: bound, got: gap, ratio: bound / gap,
            detail: "f − f* after \(evaluations) gradients, L = \(largest), n = \(n)")
        }
        worst = max(worst, gap.isNaN ? 0 : bound / gap)
      }
    }
    return .passed(margin: worst)
  }
}
