import Foundation
import Saddle
import Support
import Testing

@Suite struct ScheduleTests {
  private let rounding = Tolerance(relative: 1e-15, why: "a handful of operations")

  private func factors(_ schedule: Schedule, _ steps: [Int]) -> [Double] {
    steps.map { schedule.factor(at: $0) }
  }

  @Test func `a constant rate stays`() {
    #expect(factors(.constant, [0, 1, 1_000_000]) == [1, 1, 1])
  }

  @Test func `a step schedule falls every few steps`() {
    expectClose(
      factors(.step(factor: 0.5, every: 3), [0, 2, 3, 5, 6, 9]), [1, 1, 0.5, 0.5, 0.25, 0.125],
      within: rounding)
  }

  @Test func `an exponential schedule falls every step`() {
    expectClose(
      factors(.exponential(factor: 0.5), [0, 1, 2, 10]), [1, 0.5, 0.25, 0x1p-10], within: rounding)
  }

  @Test func `a cosine warms up, falls and stays`() {
    // Rises 1/4, 2/4, 3/4; then half a cosine from 1 to 0.2 over 6 steps: cos π/3 = ½ after two.
    expectClose(
      factors(.cosine(warmUp: 3, steps: 9, final: 0.2), [0, 1, 2, 3, 5, 6, 7, 9, 100]),
      [0.25, 0.5, 0.75, 1, 0.8, 0.6, 0.4, 0.2, 0.2], within: rounding)
  }

  @Test func `a cosine without warm-up starts at its height`() {
    expectClose(
      factors(.cosine(warmUp: 0, steps: 2, final: 0), [0, 1, 2]), [1, 0.5, 0],
      within: Tolerance(absolute: 1e-16, relative: 1e-15, why: "the cosine of π/2"))
  }

  @Test func `the inverse square root counts from one`() {
    expectClose(factors(.inverseSquareRoot, [0, 3, 99]), [1, 0.5, 0.1], within: rounding)
  }

  @Test func `a rate is its base times the factor`() {
    let rate = LearningRate<Float>(0.5, .exponential(factor: 0.5))
    #expect(rate.rate(at: 0) == 0.5 && rate.rate(at: 3) == 0.0625)
    #expect(LearningRate<Double>(0.1).rate(at: 7) == 0.1)
  }

  @Test func `an optimizer takes the rate of its step, counted from zero`() throws {
    let path = try path(
      of: SGD<Double>(learningRate: LearningRate(1, .exponential(factor: 0.5))), from: 0,
      gradients: [1, 1, 1])
    #expect(path == [-1, -1.5, -1.75])
  }

  @Test(arguments: [
    ("factor", Schedule.step(factor: 0, every: 1)), ("factor", .step(factor: .nan, every: 1)),
    ("every", .step(factor: 0.5, every: 0)), ("every", .step(factor: 0.5, every: -3)),
    ("factor", .exponential(factor: 0)), ("factor", .exponential(factor: -1)),
    ("factor", .exponential(factor: .infinity)), ("factor", .exponential(factor: .nan)),
    ("warmUp", .cosine(warmUp: -1, steps: 10, final: 0)),
    ("steps", .cosine(warmUp: 5, steps: 5, final: 0)),
    ("steps", .cosine(warmUp: 0, steps: 0, final: 0)),
    ("final", .cosine(warmUp: 0, steps: 10, final: -0.1)),
    ("final", .cosine(warmUp: 0, steps: 10, final: 1.1)),
    ("final", .cosine(warmUp: 0, steps: 10, final: .nan)),
  ])
  func `a schedule out of range is refused, and what is wrong is named`(
    name: String, schedule: Schedule
  ) {
    expectRefusal(of: name) { () throws(OptimizerError) in
      _ = try SGD<Double>(learningRate: LearningRate(0.1, schedule))
    }
  }

  @Test(arguments: [
    Schedule.constant, .step(factor: 0.3, every: 7), .exponential(factor: 0.1),
    .cosine(warmUp: 1, steps: 2, final: 0.5), .inverseSquareRoot,
  ])
  func `schedules survive JSON`(schedule: Schedule) throws {
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(Schedule.self, from: data) == schedule)
  }
}
