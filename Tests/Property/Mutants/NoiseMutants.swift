import Foundation
import Oracles
import Saddle

enum PerturbedGDFault: String, CaseIterable {
  case neverPerturbs, perturbsAlways, perturbsWhenSteep, intervalForgotten, intervalOneShort
  case radiusForgotten, sameNoiseAgain, noStepAfterwards, onlyFirstCoordinate, sphereForBall
  case alongAxes, signs, cube, correlatedPair, halfInOneDirection
  case alongGradient, againstLastMove, noneWhereSteep
  case antitheticAtLagTwo, perpendicularToLast, turnedOver, lengthsInTurn
  case poolOf100, poolOf200, poolInTurn
  case rootRadii, twoLengths
}

enum NoisySGDFault: String, CaseIterable {
  case noNoise, noiseForGradient, radiusForgotten, noiseWithoutRate, sameNoiseAgain
  case biasedNoise, ballForSphere, onlyPositive
  case alongAxes, signs, cube, correlatedPair, halfInOneDirection
  case alongGradient, againstLastMove, noneWhereSteep
  case antitheticAtLagTwo, perpendicularToLast, turnedOver
  case poolOf100, poolOf200, poolInTurn
}

let noisyMutants =
  mutants(of: "noisySGD", NoisySGDFault.self, memoryFaults: [.losesNoise, .sharesMemory]) {
    set, fault in
    let rate = set("learningRate", 0.05)
    let radius = fault == .radiusForgotten ? 1 : set("radius", 1)
    return gradientRule { point, g, memory in
      let n = point.count
      if fault == .sameNoiseAgain { memory.noise = RandomStream(seed: 7) }
      var ξ = plainNoise(
        n, inBall: fault == .ballForSphere, NoiseFault(fault), along: g, &memory)
      if fault == .biasedNoise { ξ[0] = ξ[0].magnitude }
      if fault == .onlyPositive { ξ = ξ.map(\.magnitude) }
      let before = point
      for i in 0..<n {
        switch fault {
        case .noNoise: point[i] -= rate * g[i]
        case .noiseForGradient: point[i] -= rate * radius * ξ[i]
        case .noiseWithoutRate: point[i] -= rate * g[i] + radius * ξ[i]
        default: point[i] -= rate * (g[i] + radius * ξ[i])
        }
      }
      if fault == .againstLastMove {
        memory["last move", n] = zip(point, before).map { $0 - $1 }
      }
    }
  }
  + mutants(
    of: "perturbedGD", PerturbedGDFault.self,
    memoryFaults: [.losesNoise, .losesVectors, .losesStepCount]
  ) { set, fault in
    let rate = set("learningRate", 0.05)
    let radius = fault == .radiusForgotten ? 1 : set("radius", 1e-3)
    let threshold = set("gradientThreshold", 1e-3)
    let interval = Int(set("interval", 100)) - (fault == .intervalOneShort ? 1 : 0)
    return gradientRule { point, g, memory in
      let n = point.count
      let norm = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let last = memory.vectors["last"]?[0]
      let rested = last.map { memory.step - Int($0) > interval } ?? true
      let perturbs: Bool =
        switch fault {
        case .neverPerturbs: false
        case .perturbsAlways: true
        case .perturbsWhenSteep: rested && norm > threshold
        case .intervalForgotten: norm <= threshold
        default: rested && norm <= threshold
        }
      let before = point
      if perturbs {
        memory.vectors["last"] = [Double(memory.step)]
        if fault == .sameNoiseAgain { memory.noise = RandomStream(seed: 7) }
        var ξ = plainNoise(
          n, inBall: fault != .sphereForBall, NoiseFault(fault), along: g, &memory)
        if fault == .onlyFirstCoordinate { for i in 1..<max(n, 1) { ξ[i] = 0 } }
        for i in 0..<n { point[i] += radius * ξ[i] }
        if fault == .noStepAfterwards { return }
      }
      for i in 0..<n { point[i] -= rate * g[i] }
      if fault == .againstLastMove, perturbs {
        memory["last move", n] = zip(point, before).map { $0 - $1 }
      }
    }
  }

extension NoiseFault {
  /// The fault of the noise that a rule's fault is, if it is one.
  init?(_ fault: (some RawRepresentable<String>)?) {
    guard let fault else { return nil }
    self.init(rawValue: fault.rawValue)
  }
}
