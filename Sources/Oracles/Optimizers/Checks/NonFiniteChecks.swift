extension OptimizerOracle {
  static let refusesNonFinite = OptimizerOracle(
    "refuses numbers that are not finite",
    law: """
      A gradient with NaN, +∞ or −∞ in any coordinate, or such a value, is refused; \
      parameters and memory stay bit for bit, and the run goes on as if nothing had happened.
      """
  ) { (trial) throws(OptimizerViolation) in
    let property = "a number that is not finite changes nothing"
    var generator = trial.generator
    let course = trial.course(dimension: 3, steps: 6, using: &generator)
    let undisturbed = try trial.path(along: course, property)
    let agreement = Agreement(property)
    var run = try trial.begin(at: course.start, property)
    for step in 1...course.steps {
      let function = course.function(step)
      // Before the first step, with an empty memory, and in the middle.
      if step == 1 || step == 4 {
        for flaw in Flaw.all(dimension: 3) {
          try refuse(flaw.spoiling(function), flaw, run: &run)
        }
      }
      try run.advance(on: function)
      try agreement.requireIdentical(
        run.point, undisturbed[step], step: step, "a step after the refusals")
    }
    return .passed(margin: 0)
  }

  private static func refuse(
    _ function: StepFunction, _ flaw: Flaw, run: inout ObservedRun
  ) throws(OptimizerViolation) {
    let memory = try run.memory()
    let before = run.point
    var point = before
    let property = "numbers that are not finite are refused"
    let wasRefused =
      try refusal(property, at: run.step + 1) { try run.run.step(&point, on: function) } != nil
    guard wasRefused else {
      throw OptimizerViolation(
        property: property, step: run.step + 1,
        coordinate: flaw.coordinate, got: flaw.number, detail: "\(flaw) was taken")
    }
    let agreement = Agreement("a refused step leaves everything as it was")
    try agreement.requireIdentical(point, before, step: run.step + 1, "\(flaw)")
    let after = try run.memory()
    guard after == memory else {
      throw OptimizerViolation(
        property: agreement.property, step: run.step + 1, coordinate: flaw.coordinate,
        detail: "\(flaw): memory \(after.prefix(200)) where \(memory.prefix(200)) was")
    }
  }
}

/// A number that is not finite, at a coordinate of the gradient or as the value.
private struct Flaw: CustomStringConvertible {
  let number: Double
  /// Nil for the value.
  let coordinate: Int?

  var description: String {
    coordinate.map { "a gradient with \(number) at coordinate \($0)" } ?? "the value \(number)"
  }

  static func all(dimension: Int) -> [Flaw] {
    let numbers = [Double.nan, .infinity, -.infinity]
    let places: [Int?] = [nil] + Array(0..<dimension)
    return places.flatMap { i in numbers.map { Flaw(number: $0, coordinate: i) } }
  }

  func spoiling(_ function: StepFunction) -> StepFunction {
    StepFunction(
      value: { coordinate == nil ? number : function.value($0) },
      gradient: { point in
        var gradient = function.gradient(point)
        if let coordinate { gradient[coordinate] = number }
        return gradient
      },
      hessianVectorProduct: function.hessianVectorProduct)
  }
}
