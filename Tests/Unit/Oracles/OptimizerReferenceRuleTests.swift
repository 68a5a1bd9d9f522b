import Foundation
import Oracles
import Support
import Testing

/// Every reference against two steps worked by hand. η = 1 and θ₀ = 0 unless said otherwise.
struct OptimizerReferenceRuleTests {
  private let byHand = Tolerance(absolute: 1e-14, why: "worked by hand")
  private let unit: RateOfStep = { _ in 1 }
  private let tenth: RateOfStep = { _ in 0.1 }

  private func expect(
    _ rule: ReferenceRule, on gradients: [Double], from start: Double = 0, at places: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (t, place) in places.enumerated() {
      let history = OptimizerHistory(
        start: [start], gradients: gradients.prefix(t + 1).map { [$0] })
      expectClose(
        rule(history), [place], within: byHand, "after step \(t + 1)",
        sourceLocation: sourceLocation)
    }
  }

  @Test func `before the first gradient every rule stands at its start`() throws {
    for name in OptimizerPromises.names {
      guard let rule = try OptimizerPromises.reference(of: name, factor: unit) else { continue }
      #expect(rule(OptimizerHistory(start: [1, -2], gradients: [])) == [1, -2], "\(name)")
    }
  }

  // v = 1, 1.5.
  @Test func `heavy ball and Nesterov from 1 on gradients of 1`() {
    expect(
      ReferenceRules.momentum(rate: tenth, momentum: 0.5), on: [1, 1], from: 1, at: [0.9, 0.75])
    expect(
      ReferenceRules.nesterov(rate: tenth, momentum: 0.5), on: [1, 1], from: 1, at: [0.85, 0.675])
  }

  @Test func `the rate is that of the step`() {
    expect(ReferenceRules.sgd { Double($0) }, on: [2, 5], at: [-2, -12])
    expect(
      ReferenceRules.momentum(rate: { Double($0) }, momentum: 0.5), on: [2, 5], at: [-2, -14])
  }

  // √(9 + 16) = 5.
  @Test func `AdaGrad on 3 and 4`() {
    expect(
      ReferenceRules.adagrad(rate: unit, epsilon: 1), on: [3, 4], at: [-0.75, -0.75 - 4.0 / 6])
  }

  // α = ¾: v = 1, 1. Centred, α = ½: v = 2, 9 and m = 1, 2½.
  @Test func `RMSProp, plain and centred`() {
    expect(
      ReferenceRules.rmsprop(rate: unit, decay: 0.75, epsilon: 0.5, centered: false), on: [2, 1],
      at: [-4.0 / 3, -2])
    expect(
      ReferenceRules.rmsprop(rate: unit, decay: 0.5, epsilon: 0.5, centered: true), on: [2, 4],
      at: [-4.0 / 3, -4.0 / 3 - 4 / (2.75.squareRoot() + 0.5)])
  }

  // v = 2, 3; Δ₁² = 4/3, u = 2/3, Δ₂² = 4(2/3 + 1)/4.
  @Test func `AdaDelta on 2 and 2`() {
    let first = (4.0 / 3).squareRoot()
    expect(
      ReferenceRules.adadelta(rate: unit, decay: 0.5, epsilon: 1), on: [2, 2],
      at: [-first, -first - (5.0 / 3).squareRoot()])
  }

  // m̂ = 2, 1/¾; v̂ = 4, 1/(7/16).
  @Test func `Adam, and AdamW with decay`() {
    let c = AdamConstants(beta1: 0.5, beta2: 0.75, epsilon: 0.5)
    let second = (4.0 / 3) / ((16.0 / 7).squareRoot() + 0.5)
    expect(ReferenceRules.adam(rate: unit, c), on: [2, 1], at: [-0.8, -0.8 - second])
    expect(
      ReferenceRules.adam(rate: tenth, c, weightDecay: 0.5), on: [2, 1], from: 1,
      at: [0.87, 0.87 * 0.95 - 0.1 * second])
  }

  // v = 1, 13/16: the larger, 1, over the second step's bias 7/16.
  @Test func `AMSGrad keeps the larger second moment`() {
    let c = AdamConstants(beta1: 0, beta2: 0.75, epsilon: 0)
    expect(
      ReferenceRules.amsgrad(rate: unit, c), on: [2, 0.5],
      at: [-1, -1 - 0.5 * (7.0 / 16).squareRoot()])
  }

  // u = 4, max(2, 1.5).
  @Test func `AdaMax has its ε in the maximum`() {
    let c = AdamConstants(beta1: 0, beta2: 0.5, epsilon: 1)
    expect(ReferenceRules.adamax(rate: unit, c), on: [3, 0.5], at: [-0.75, -1])
  }

  // ψ = 0: μ = ¼. m = 1, 1; v̂ = 4, 16/7.
  @Test func `NAdam looks one step ahead`() {
    let c = AdamConstants(beta1: 0.5, beta2: 0.75, epsilon: 0)
    let first = (0.25 / (15.0 / 16) + 2) / 2
    let second = (0.25 / (63.0 / 64) + 0.75 / (15.0 / 16)) / (16.0 / 7).squareRoot()
    expect(
      ReferenceRules.nadam(rate: unit, c, momentumDecay: 0), on: [2, 1],
      at: [-first, -first - second])
  }

  // β₂ = 0.999: ρ₅ = 4.998 and ρ₆ = 5.9971, r₆² = 1.9971·3.9971·1999/(1995·1997·5.9971).
  @Test func `RAdam is plain for five steps, and rectified from the sixth on`() {
    let c = AdamConstants(beta1: 0, beta2: 0.999, epsilon: 0)
    let rule = ReferenceRules.radam(rate: unit, c)
    func place(_ t: Int) -> Double {
      rule(OptimizerHistory(start: [0], gradients: [[Double]](repeating: [2], count: t)))[0]
    }
    #expect(place(5) == -10)
    expectClose(
      place(6), -10 - 0.02584, within: Tolerance(absolute: 5e-5, why: "r₆ by hand, 4 digits"))
  }

  // m = 1, 1; g − m = 1, 0; s = 1.25, 0.75·1.25 + 1.
  @Test func `AdaBelief has its ε twice`() {
    let c = AdamConstants(beta1: 0.5, beta2: 0.75, epsilon: 1)
    let first = 2 / (5.0.squareRoot() + 1)
    let second = (4.0 / 3) / ((1.9375 / 0.4375).squareRoot() + 1)
    expect(ReferenceRules.adabelief(rate: unit, c), on: [2, 1], at: [-first, -first - second])
  }

  // The second sign is that of ½·½ + ½·(−0.4), though the gradient's is −.
  @Test func `Lion steps by the sign of the mean, and decays`() {
    expect(
      ReferenceRules.lion(rate: tenth, beta1: 0.5, beta2: 0.75, weightDecay: 0.5), on: [2, -0.4],
      from: 1, at: [0.85, 0.7075])
  }

  @Test func `sign descent and normalized descent stay where the gradient is zero`() {
    expect(ReferenceRules.signDescent(rate: tenth), on: [-7, 0, 1e-300], at: [0.1, 0.1, 0])
    let normalized = ReferenceRules.normalizedGD(rate: unit)
    let history = OptimizerHistory(start: [0, 0], gradients: [[3, -4], [0, 0], [0, 1e-200]])
    expectClose(normalized(history), [-0.6, -0.2], within: byHand)
  }

  @Test func `where no gradient has been and ε is 0 a coordinate stays`() throws {
    for name in OptimizerPromises.names {
      let parameters = try OptimizerPromises.hyperparameters(of: name).map(\.name)
      let isFree = parameters.contains("epsilon") && name != "adadelta"
      let settings = isFree ? ["epsilon": 0.0] : [:]
      guard
        let rule = try OptimizerPromises.reference(
          of: name, hyperparameters: settings, factor: unit)
      else { continue }
      let history = OptimizerHistory(start: [0, 0], gradients: [[0, 0], [0, 0], [0, 0]])
      #expect(rule(history) == [0, 0], "\(name)")
    }
  }

  /// Σ_{k ≤ t} βᵗ⁻ᵏ x_k, power by power.
  private func unrolled(_ x: [Double], _ β: Double) -> Double {
    x.indices.reduce(0) { $0 + pow(β, Double(x.count - 1 - $1)) * x[$1] }
  }

  @Test func `the running sums are the unrolled ones, after 700 steps too`() {
    var generator = SplitMix64(seed: 3)
    let g = Draw.normals(700, using: &generator)
    let history = OptimizerHistory(start: [0.5], gradients: g.map { [$0] })
    let c = AdamConstants(beta1: 0.9, beta2: 0.999, epsilon: 1e-3)
    var (ball, adam) = (0.5, 0.5)
    for t in 1...g.count {
      let past = Array(g[..<t])
      ball -= 0.1 * unrolled(past, 0.9)
      let ones = past.map { _ in 1.0 }
      let mean = unrolled(past, c.beta1) / unrolled(ones, c.beta1)
      let square = unrolled(past.map { $0 * $0 }, c.beta2) / unrolled(ones, c.beta2)
      adam -= 0.1 * mean / (square.squareRoot() + c.epsilon)
    }
    let digits = Tolerance(relative: 1e-11, why: "700 sums in double precision")
    expectClose(ReferenceRules.momentum(rate: tenth, momentum: 0.9)(history), [ball], within: digits)
    expectClose(ReferenceRules.adam(rate: tenth, c)(history), [adam], within: digits)
  }
}
