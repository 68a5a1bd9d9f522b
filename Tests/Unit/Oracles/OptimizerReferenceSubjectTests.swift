import Oracles
import Support
import Testing

struct OptimizerReferenceSubjectTests {
  private let subject = ReferenceSubject(
    rule: ReferenceRules.momentum(rate: { _ in 0.1 }, momentum: 0.5))

  @Test func `a run goes on from its memory bit for bit`() throws {
    var run = subject.begin(dimension: 2)
    var point = [1.0, 0.1 + 0.2]
    for t in 1...3 { try run.step(&point, on: StepFunction(gradient: [1 / Double(t), -0.7])) }
    var other = subject.begin(dimension: 2)
    try other.load(run.save())
    var same = point
    try run.step(&point, on: StepFunction(gradient: [1e-300, 3]))
    try other.step(&same, on: StepFunction(gradient: [1e-300, 3]))
    #expect(point == same)
    #expect(try run.save() == other.save())
  }

  @Test func `a gradient or value that is not finite is refused and changes nothing`() throws {
    var run = subject.begin(dimension: 1)
    var point = [1.0]
    try run.step(&point, on: StepFunction(gradient: [2]))
    let (place, memory) = (point, try run.save())
    #expect(throws: OracleError.self) { try run.step(&point, on: StepFunction(gradient: [.nan])) }
    #expect(throws: OracleError.self) {
      try run.step(&point, on: StepFunction(value: .infinity, gradient: [1]))
    }
    #expect(point == place)
    #expect(try run.save() == memory)
  }

  @Test func `a memory of another dimension, or that is none, is refused`() throws {
    var run = subject.begin(dimension: 2)
    var point = [1.0, 2]
    try run.step(&point, on: StepFunction(gradient: [1, 1]))
    let memory = try run.save()
    var other = subject.begin(dimension: 3)
    #expect(throws: OracleError.self) { try other.load(memory) }
    #expect(throws: (any Error).self) { try other.load("{}") }
    var three = [1.0, 2, 3]
    #expect(throws: OracleError.self) { try run.step(&three, on: StepFunction(gradient: [1, 1])) }
  }

  /// Where a rule ends on a published counterexample.
  private func end(
    of rule: ReferenceRule, on failure: PublishedFailure
  ) throws -> Double {
    var run = ReferenceSubject(rule: rule).begin(dimension: failure.start.count)
    var point = failure.start
    for t in 1...failure.steps {
      try run.step(&point, on: failure.function(t))
      point = failure.projection(point)
    }
    return point[0]
  }

  // Reddi et al. 2018: β₁ = 0, β₂ = 1/17, η_t = ½/√t on [−1, 1]. Steps are ½/√1500 = 0.013 in the
  // end.
  @Test(.tags(.oracle))
  func `Adam goes to the worst point of Reddi's example, AMSGrad to the best`() throws {
    let c = AdamConstants(beta1: 0, beta2: 1.0 / 17, epsilon: 0)
    let rate: RateOfStep = { 0.5 / Double($0).squareRoot() }
    // A few hundred steps tell; the sums of 1500 take long.
    let adam = ReferenceRules.adam(rate: rate, c)
    let amsgrad = ReferenceRules.amsgrad(rate: rate, c)
    #expect(try end(of: adam, on: shortened(.adamDiverges)) > 0.9)
    #expect(try end(of: amsgrad, on: shortened(.amsgradConverges)) < -0.8)
  }

  private func shortened(_ failure: PublishedFailure) -> PublishedFailure {
    PublishedFailure(
      name: failure.name, start: failure.start, steps: 90, function: failure.function,
      projection: failure.projection, ending: failure.ending, tolerance: failure.tolerance)
  }

  @Test(.tags(.oracle)) func `heavy ball ends on Lessard's cycle of three`() throws {
    let rule = ReferenceRules.momentum(rate: { _ in 1.0 / 9 }, momentum: 4.0 / 9)
    let place = try end(of: rule, on: .heavyBallCycle)
    #expect(abs(place - 792.0 / 1225) < 1e-9)
  }
}
