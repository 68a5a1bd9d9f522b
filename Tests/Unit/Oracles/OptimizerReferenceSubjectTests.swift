import Oracles
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
}
