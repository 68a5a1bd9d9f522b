enum SGDFault: String, CaseIterable {
  case ascends, rateHalved, skipsEveryTenth, sumsInsteadOfReplaces, signOnly
}

enum MomentumFault: String, CaseIterable {
  case dampened, dampenedAtFirst, staleVelocity, momentumSquared, momentumFixed, lookAhead
  case velocityOfOpposite, velocityResetsAtTen, firstStepTwice, gradientTwice
}

enum NesterovFault: String, CaseIterable {
  case heavyBall, staleLookAhead, momentumForOne, lookBehind, onlyVelocity, momentumFixed
}

let momentumMutants =
  mutants(of: "sgd", SGDFault.self) { set, fault in
    let rate = set("learningRate", 0.05)
    return gradientRule { point, g, memory in
      let n = point.count
      let sum = (0..<n).map { memory["sum", n][$0] + g[$0] }
      memory["sum", n] = sum
      if fault == .skipsEveryTenth, memory.step % 10 == 0 { return }
      for i in 0..<n {
        switch fault {
        case .ascends: point[i] += rate * g[i]
        case .rateHalved: point[i] -= rate * g[i] / 2
        case .sumsInsteadOfReplaces: point[i] -= rate * sum[i]
        case .signOnly: point[i] -= rate * sign(g[i])
        default: point[i] -= rate * g[i]
        }
      }
    }
  }
  + mutants(of: "momentum", MomentumFault.self, memoryFaults: [.losesVectors, .sharesMemory]) {
    set, fault in
    let rate = set("learningRate", 0.05)
    let momentum =
      fault == .momentumFixed
      ? 0.9
      : fault == .momentumSquared
        ? set("momentum", 0.9) * set("momentum", 0.9) : set("momentum", 0.9)
    return gradientRule { point, g, memory in
      let n = point.count
      var old = memory["v", n]
      if fault == .velocityResetsAtTen, memory.step == 10 { old = old.map { _ in 0 } }
      let weight: Double =
        switch fault {
        case .dampened: 1 - momentum
        case .dampenedAtFirst where memory.step == 1: 1 - momentum
        case .gradientTwice: 2
        default: 1
        }
      let v = (0..<n).map {
        (fault == .velocityOfOpposite ? -momentum : momentum) * old[$0] + weight * g[$0]
      }
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
  + mutants(of: "nesterov", NesterovFault.self) { set, fault in
    let rate = set("learningRate", 0.05)
    let momentum = fault == .momentumFixed ? 0.9 : set("momentum", 0.9)
    return gradientRule { point, g, memory in
      let n = point.count
      let old = memory["v", n]
      let v = (0..<n).map { momentum * old[$0] + g[$0] }
      memory["v", n] = v
      for i in 0..<n {
        switch fault {
        case .heavyBall: point[i] -= rate * v[i]
        case .staleLookAhead: point[i] -= rate * (g[i] + momentum * old[i])
        case .momentumForOne: point[i] -= rate * (g[i] + v[i])
        case .lookBehind: point[i] -= rate * (g[i] - momentum * v[i])
        case .onlyVelocity: point[i] -= rate * momentum * v[i]
        default: point[i] -= rate * (g[i] + momentum * v[i])
        }
      }
    }
  }
