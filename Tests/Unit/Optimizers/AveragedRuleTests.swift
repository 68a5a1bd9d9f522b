import Foundation
import Saddle
import Support
import Testing

/// AdEMAMix, schedule-free AdamW and Prodigy: steps worked by hand, and what they keep.
@Suite struct AveragedRuleTests {
  private let rounding = Tolerance(relative: 1e-15, why: "a handful of operations")

  @Test func `AdEMAMix's steps match the recurrence`() throws {
    // m̂ = 2, 4/3; v̂ = 4, 16/7; s = 1/2, 5/8.
    let path = try path(
      of: AdEMAMix<Double>(
        learningRate: 0.1, beta1: 0.5, beta2: 0.75, beta3: 0.75, alpha: 2, epsilon: 0.5,
        weightDecay: 0.5),
      from: 1, gradients: [2, 1])
    let second = (4.0 / 3 + 1.25) / ((16.0 / 7).squareRoot() + 0.5)
    expectClose(path, [0.83, 0.83 * 0.95 - 0.1 * second], within: rounding)
  }

  @Test func `AdEMAMix warms up by half-lives`() throws {
    // Those of ¼ and ½ are ½ and 1: half-way p = 2^(−4/3). s = 1 − p, 1 − p/2; α = 1, 2.
    let path = try path(
      of: AdEMAMix<Double>(
        learningRate: 1, beta1: 0.25, beta2: 0, beta3: 0.5, alpha: 2, alphaWarmUp: 2,
        beta3WarmUp: 2, epsilon: 0),
      from: 0, gradients: [1, 1])
    let p = exp2(-4.0 / 3)
    expectClose(path, [p - 2, 2 * p - 5], within: rounding)
  }

  @Test func `AdEMAMix's slow mean warms up in single precision as in double`() throws {
    func gain<T: Scalar>(_: T.Type) throws -> Double {
      // Both exact in either precision.
      let optimizer = try AdEMAMix<T>(beta1: 0.875, beta3: 1 - 0x1p-13, beta3WarmUp: 1000)
      var (point, state) = ([T(0)], optimizer.initialState(dimension: 1))
      var model = ScriptedModel<T>([[0], [1]])
      for _ in 0..<2 { try optimizer.step(&point, on: &model, state: &state) }
      return Double(state.slowMean[0])
    }
    expectClose(
      try gain(Float.self), try gain(Double.self),
      within: Tolerance(relative: 1e-6, why: "some roundings of 6e-8"))
  }

  @Test func `schedule-free AdamW stands between its walk and the mean of its places`() throws {
    // u + λy = 1, 1.2, 0.905; z = 0.9, 0.78, 0.6895; x = 0.9, 0.84, 2.3695/3.
    let optimizer = try ScheduleFreeAdamW<Double>(
      learningRate: 0.1, beta1: 0.5, beta2: 0, epsilon: 1, weightDecay: 0.5)
    var (point, state) = ([1.0], optimizer.initialState(dimension: 1))
    var model = ScriptedModel<Double>([[1], [3], [1]])
    let (means, walk) = ([0.9, 0.84, 2.3695 / 3], [0.9, 0.78, 0.6895])
    for t in 0..<3 {
      try optimizer.step(&point, on: &model, state: &state)
      expectClose(point, [(means[t] + walk[t]) / 2], within: rounding, "y, step \(t + 1)")
      expectClose(
        optimizer.average(of: point, state: state), [means[t]], within: rounding,
        "x, step \(t + 1)")
    }
  }

  @Test func `the average weighs places by the square of the rate as it warms up`() throws {
    // γ = ½, 1: z = −½, −3/2, c = 4/5, x = −13/10.
    let optimizer = try ScheduleFreeAdamW<Double>(
      learningRate: 1, beta1: 0.5, beta2: 0, epsilon: 0, warmUp: 2)
    var (point, state) = ([0.0], optimizer.initialState(dimension: 1))
    var model = ScriptedModel<Double>([[1], [1]])
    for _ in 0..<2 { try optimizer.step(&point, on: &model, state: &state) }
    expectClose(point, [-1.4], within: rounding)
    expectClose(optimizer.average(of: point, state: state), [-1.3], within: rounding)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `with β₁ = 0 it is AdamW, and the average the mean of AdamW's places`(seed: UInt64) throws {
    var generator = RandomStream(seed: seed, name: "gradients")
    let gradients = (0..<50).map { _ in (0..<4).map { _ in generator.normal() } }
    let start = [1.0, -2, 0.5, 3]
    let places = try path(
      of: AdamW<Double>(learningRate: 0.05, beta1: 0, weightDecay: 0.3), from: start,
      gradients: gradients)
    let optimizer = try ScheduleFreeAdamW<Double>(
      learningRate: 0.05, beta1: 0, weightDecay: 0.3)
    var (point, state) = (start, optimizer.initialState(dimension: 4))
    var model = ScriptedModel(gradients)
    let near = Tolerance(relative: 1e-13, why: "50 steps")
    for t in gradients.indices {
      try optimizer.step(&point, on: &model, state: &state)
      expectClose(point, places[t], within: near, "step \(t + 1)")
      let mean = start.indices.map { i in
        places[...t].reduce(0) { $0 + $1[i] } / Double(t + 1)
      }
      expectClose(optimizer.average(of: point, state: state), mean, within: near)
    }
  }

  @Test func `Prodigy's moves are its estimate, which grows by its limit`() throws {
    // The estimate after step t is 8 times the way walked before it; the leap from d₀ is free.
    func walk(_ growthRate: Double) throws -> [Double] {
      try path(
        of: Prodigy<Double>(
          beta1: 0, beta2: 0, epsilon: 0, initialDistance: 1, distanceFactor: 8,
          growthRate: growthRate), from: 0, gradients: [1, 1, 1, 1, 1])
    }
    expectClose(try walk(0), [-1, -2, -10, -26, -106], within: rounding)
    expectClose(try walk(1.5), [-1, -2, -10, -22, -40], within: rounding)
  }

  @Test func `Prodigy weighs gradients by its estimate, and ε by the next`() throws {
    // m = 1, 5/2, 5/4 + d/2; v = 3, 51/4, 51/16 + 3d²/4; s = 2, 5, 5/2 + d².
    let path = try path(
      of: Prodigy<Double>(
        beta1: 0.5, beta2: 0.25, epsilon: 1, initialDistance: 1, distanceFactor: 8),
      from: 0, gradients: [0, 2, 4, 1])
    let first = 1 / (3.0.squareRoot() + 1)
    let d = 32 * first / 5
    let second = first + 2.5 / (12.75.squareRoot() + d)
    let next = 8 * (2 * first + d * d * second) / (2.5 + d * d)
    let third = second + d * (1.25 + d / 2) / ((51.0 / 16 + 0.75 * d * d).squareRoot() + next)
    expectClose(
      path, [0, -first, -second, -third], within: Tolerance(relative: 1e-14, why: "three steps"))
  }

  @Test func `Prodigy's first moves count where single precision loses them`() throws {
    // A move of 1e-9 is none at θ = 1; the estimate grows as from 0, by Fibonacci's numbers.
    let optimizer = try Prodigy<Float>(beta1: 0, beta2: 0, epsilon: 0, initialDistance: 1e-9)
    var (point, state) = ([Float(1)], optimizer.initialState(dimension: 1))
    var model = ScriptedModel<Float>([[Float]](repeating: [1], count: 20))
    for _ in 0..<20 { try optimizer.step(&point, on: &model, state: &state) }
    // r₂₀ = F₂₁ = 10946, d₂₁ = r₁₉ = F₂₀ = 6765.
    expectClose(
      [Double(state.displacement[0]), state.distance], [10946e-9, 6765e-9],
      within: Tolerance(relative: 1e-5, why: "20 roundings of 6e-8"))
  }

  @Test func `a coordinate without any gradient stays where ε = 0`() throws {
    func expectStays(_ optimizer: some Optimizer<Double>) throws {
      let path = try path(of: optimizer, from: 1, gradients: [0, 0])
      #expect(path == [1, 1])
    }
    try expectStays(AdEMAMix(epsilon: 0))
    try expectStays(ScheduleFreeAdamW(epsilon: 0))
    try expectStays(Prodigy(epsilon: 0))
  }
}
