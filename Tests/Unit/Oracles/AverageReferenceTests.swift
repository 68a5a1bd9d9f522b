import Foundation
import Oracles
import Support
import Testing

/// AdEMAMix, schedule-free AdamW and Prodigy against steps worked by hand.
struct AverageReferenceTests {
  private let byHand = Tolerance(absolute: 1e-14, why: "worked by hand")
  private let unit: RateOfStep = { _ in 1 }
  private let tenth: RateOfStep = { _ in 0.1 }

  private func expect(
    _ rule: ReferenceRule, on gradients: [Double], from start: Double = 0, at places: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let history = OptimizerHistory(start: [start], gradients: gradients.map { [$0] })
    expectClose(
      rule.path(history).flatMap { $0 }, places, within: byHand, sourceLocation: sourceLocation)
  }

  // m̂ = 2, 4/3; v̂ = 4, 16/7 as in Adam's example; s = 1/2, 5/8.
  @Test func `AdEMAMix adds α times its slow mean, and decays`() {
    let c = AdamConstants(beta1: 0.5, beta2: 0.75, epsilon: 0.5)
    let slow = SlowAverage(alpha: 2, beta3: 0.75)
    let second = (4.0 / 3 + 1.25) / ((16.0 / 7).squareRoot() + 0.5)
    expect(
      ReferenceRules.ademamix(rate: unit, c, slow), on: [2, 1], at: [-1.2, -1.2 - second])
    expect(
      ReferenceRules.ademamix(rate: tenth, c, slow, weightDecay: 0.5), on: [2, 1], from: 1,
      at: [0.83, 0.83 * 0.95 - 0.1 * second])
  }

  // The half-lives of ¼ and ½ are ½ and 1: half-way p = 2^(−4/3). s = 1 − p, 1 − p/2; α = 1, 2.
  @Test func `AdEMAMix warms up by half-lives`() {
    let c = AdamConstants(beta1: 0.25, beta2: 0, epsilon: 0)
    let slow = SlowAverage(alpha: 2, beta3: 0.5, alphaWarmUp: 2, beta3WarmUp: 2)
    let p = exp2(-4.0 / 3)
    expect(
      ReferenceRules.ademamix(rate: unit, c, slow), on: [1, 1], at: [-(2 - p), -(5 - 2 * p)])
  }

  // From β₁ = 0, of half-life 0, half-way to ½ is 2⁻²; from ½ half-way to 0 too.
  @Test func `AdEMAMix warms up from and to a coefficient of 0`() {
    let slow = SlowAverage(alpha: 1, beta3: 0.5, beta3WarmUp: 2)
    let from = AdamConstants(beta1: 0, beta2: 0, epsilon: 0)
    expect(ReferenceRules.ademamix(rate: unit, from, slow), on: [1], at: [-1.75])
    let to = AdamConstants(beta1: 0.5, beta2: 0, epsilon: 0)
    let none = SlowAverage(alpha: 1, beta3: 0, beta3WarmUp: 2)
    expect(ReferenceRules.ademamix(rate: unit, to, none), on: [1], at: [-1.75])
    expect(ReferenceRules.ademamix(rate: unit, from, none), on: [1], at: [-2])
  }

  // u + λy = 1, 1.2, 0.905; z = 0.9, 0.78, 0.6895; x = 0.9, 0.84, 2.3695/3.
  @Test func `schedule-free AdamW stands between its walk and the mean of its places`() {
    let c = AdamConstants(beta1: 0.5, beta2: 0, epsilon: 1)
    expect(
      ReferenceRules.scheduleFreeAdamW(rate: tenth, c, weightDecay: 0.5), on: [1, 3, 1], from: 1,
      at: [0.9, 0.81, (0.6895 + 2.3695 / 3) / 2])
  }

  // γ = ½, 1: z = −½, −3/2, c = 4/5, x = −13/10.
  @Test func `schedule-free AdamW weighs places by the square of the rate as it warms up`() {
    let c = AdamConstants(beta1: 0.5, beta2: 0, epsilon: 0)
    expect(
      ReferenceRules.scheduleFreeAdamW(rate: unit, c, warmUp: 2), on: [1, 1], at: [-0.5, -1.4])
  }

  // γ = 1, ½: z = −1, −3/2; the weights stay those of the largest, c = ½, x = −5/4.
  @Test func `schedule-free AdamW keeps the weight of its largest rate`() {
    let c = AdamConstants(beta1: 0.5, beta2: 0, epsilon: 0)
    expect(
      ReferenceRules.scheduleFreeAdamW(rate: { 1 / Double($0) }, c), on: [1, 1], at: [-1, -1.375])
  }

  // g = 1: moves of d, and the estimate after step t is 8 times the way walked before it: 0, 8, 16,
  // 80; with a limit of 3/2 the leap from d₀ = 1 to 8 is free, and then d = 12, 18.
  @Test func `Prodigy's moves are its estimate, which grows by its limit`() {
    let c = AdamConstants(beta1: 0, beta2: 0, epsilon: 0)
    expect(
      ReferenceRules.prodigy(
        rate: unit, c, ProdigyConstants(initialDistance: 1, distanceFactor: 8)),
      on: [1, 1, 1, 1, 1], at: [-1, -2, -10, -26, -106])
    expect(
      ReferenceRules.prodigy(
        rate: unit, c, ProdigyConstants(initialDistance: 1, distanceFactor: 8, growthRate: 1.5)),
      on: [1, 1, 1, 1, 1], at: [-1, -2, -10, -22, -40])
  }

  // Without gradients no decay: d and s wait for the first. m = 1, 5/2; v = 3, 51/4; r = 4w at
  // w = 1/(√3 + 1), s = 5, d = 8·4w/5, of which only ε feels anything at once.
  @Test func `Prodigy weighs gradients by its estimate, and ε by the next`() {
    let c = AdamConstants(beta1: 0.5, beta2: 0.25, epsilon: 1)
    let p = ProdigyConstants(initialDistance: 1, distanceFactor: 8)
    let first = 1 / (3.0.squareRoot() + 1)
    let d = 32 * first / 5
    let second = first + 2.5 / (12.75.squareRoot() + d)
    // m = 5/4 + d/2, v = 51/16 + 3d²/4; r = 2w + d²·(way), s = 5/2 + d².
    let next = 8 * (2 * first + d * d * second) / (2.5 + d * d)
    let third = second + d * (1.25 + d / 2) / ((51.0 / 16 + 0.75 * d * d).squareRoot() + next)
    expect(
      ReferenceRules.prodigy(rate: unit, c, p), on: [0, 2, 4, 1],
      at: [0, -first, -second, -third])
    expect(
      ReferenceRules.prodigy(rate: tenth, c, p, weightDecay: 0.5), on: [0, 2], from: 1,
      at: [1, 0.95 - 0.1 * first])
  }
}
