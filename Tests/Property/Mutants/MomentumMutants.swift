enum SGDFault: String, CaseIterable {
  case ascends, rateHalved, skipsEveryTenth, sumsInsteadOfReplaces, signOnly
  /// A part in 10⁸ a step, as of a rate that is multiplied up.
  case rateDrifts
}

enum MomentumFault: String, CaseIterable {
  case dampened, dampenedAtFirst, staleVelocity, momentumSquared, momentumFixed, lookAhead
  case velocityOfOpposite, velocityResetsAtTen, firstStepTwice, gradientTwice
  case velocityResetsAt1024, momentumGrowsAfter300
}

enum NesterovFault: String, CaseIterable {
  case heavyBall, staleLookAhead, momentumForOne, lookBehind, onlyVelocity, momentumFixed
  case heavyBallAfter300, velocityOfLookAhead
}

let momentumMutants =
  mutants(
    of: "sgd", SGDFault.self, memoryFaults: [.countsReloads, .ignoresThePoint],
    common: CommonFault.ofLayout + [
      .ulpOnceInThousand, .pointInFloat, .gradientInFloat, .gradientClippedAt1e8,
    ]
  ) { set, fault in
    let rate = set("learningRate", 0.05)
    return gradientRule { point, g, memory in
      let n = point.count
      let old = memory["sum", n]
      let sum = (0..<n).map { old[$0] + g[$0] }
      memory["sum", n] = sum
      if fault == .skipsEveryTenth, memory.step % 10 == 0 { return }
      for i in 0..<n {
        switch fault {
        case .ascends: point[i] += rate * g[i]
        case .rateHalved: point[i] -= rate * g[i] / 2
        case .sumsInsteadOfReplaces: point[i] -= rate * sum[i]
        case .signOnly: point[i] -= rate * sign(g[i])
        case .rateDrifts: point[i] -= rate * g[i] * (1 + 1e-8 * Double(memory.step))
        default: point[i] -= rate * g[i]
        }
      }
    }
  }
  + mutants(
    of: "momentum", MomentumFault.self,
    memoryFaults: [
      .losesVectors, .sharesMemory, .losesVectorsAfter256, .ignoresThePoint, .takesOtherRules,
    ],
    common: [
      .tailOfFourStays, .from256Stays, .vectorsEndAt1000, .vectorsInFloat, .decaysInFloat,
      .gradientClippedAt1e8,
    ]
  ) { set, fault in
    let rate = set("learningRate", 0.05)
    let momentum =
      fault == .momentumFixed
      ? 0.9
      : fault == .momentumSquared
        ? set("momentum", 0.9) * set("momentum", 0.9) : set("momentum", 0.9)
    return gradientRule { point, g, memory in
      let n = point.count
      var old = memory["v", n]
      let resets = fault == .velocityResetsAtTen ? 10 : fault == .velocityResetsAt1024 ? 1024 : 0
      if memory.step == resets { old = old.map { _ in 0 } }
      let weight: Double =
        switch fault {
        case .dampened: 1 - momentum
        case .dampenedAtFirst where memory.step == 1: 1 - momentum
        case .gradientTwice: 2
        default: 1
        }
      let kept: Double =
        switch fault {
        case .velocityOfOpposite: -momentum
        case .momentumGrowsAfter300 where memory.step > 300: (1 + momentum) / 2
        default: momentum
        }
      let v = (0..<n).map { kept * old[$0] + weight * g[$0] }
      memory["v", n] = v
      for i in 0..<n {
        switch fault {
        case .staleVelocity: point[i] -= rate * old[i]
        case .lookAhead: point[i] -= rate * (g[i] + momentum * v[i])
        case .firstStepTwice where memory.step == 1: point[i] -= 2 * rate * v[i]
        default: point[i] -= rate * v[i]
        }
      }
    }
  }
  + mutants(
    of: "nesterov", NesterovFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.oddLastStays, .seamOf64Stays, .beyond512Stay, .ulpOnceInThousand, .vectorsInFloat]
  ) { set, fault in
    let rate = set("learningRate", 0.05)
    let momentum = fault == .momentumFixed ? 0.9 : set("momentum", 0.9)
    return gradientRule { point, g, memory in
      let n = point.count
      let old = memory["v", n]
      let v = (0..<n).map { momentum * old[$0] + g[$0] }
      memory["v", n] =
        fault == .velocityOfLookAhead ? (0..<n).map { g[$0] + momentum * v[$0] } : v
      for i in 0..<n {
        switch fault {
        case .heavyBall: point[i] -= rate * v[i]
        case .heavyBallAfter300 where memory.step > 300: point[i] -= rate * v[i]
        case .staleLookAhead: point[i] -= rate * (g[i] + momentum * old[i])
        case .momentumForOne: point[i] -= rate * (g[i] + v[i])
        case .lookBehind: point[i] -= rate * (g[i] - momentum * v[i])
        case .onlyVelocity: point[i] -= rate * momentum * v[i]
        default: point[i] -= rate * (g[i] + momentum * v[i])
        }
      }
    }
  }
