enum RMSPropFault: String, CaseIterable {
  case epsilonInRoot, rootMissing, staleSquares, decayFixed, weightsSwapped, biasCorrected
  case sumsForever, centringTurnedRound, centredAlwaysOrNever, ascends
}

enum AdaGradFault: String, CaseIterable {
  case rootMissing, epsilonInRoot, staleSum, meanForSum, forgets, sumOfMagnitudes, rateDecaysAsWell
}

enum AdaDeltaFault: String, CaseIterable {
  case ratioTurnedRound, noEpsilonAbove, accumulatesGradients, accumulatesBeforeUse, rateMissing
  case rateInAccumulator, weightsSwapped, epsilonOutsideRoot
}

enum LionFault: String, CaseIterable {
  case betasSwapped, signMissing, staleInterpolation, signOfMomentumAlone, accumulatesSigns
  case decayMissing, decayCoupled, oneBeta
}

enum NormalizedGDFault: String, CaseIterable {
  case largestForEuclidean, sumForEuclidean, squaredNorm, notNormalized, eachCoordinate
  case normPlusOne
}

let scalingMutants =
  mutants(of: "rmsprop", RMSPropFault.self) { set, fault in
    let rate = set("learningRate", 0.01)
    let rho = fault == .decayFixed ? 0.99 : set("decay", 0.99)
    let epsilon = set("epsilon", 1e-8)
    let centred = (set("centered", 0) != 0) != (fault == .centredAlwaysOrNever)
    return gradientRule { point, g, memory in
      let n = point.count
      let old = memory["v", n]
      let (keep, take) =
        fault == .weightsSwapped ? (1 - rho, rho) : (rho, fault == .sumsForever ? 1 : 1 - rho)
      let v = (0..<n).map { keep * old[$0] + take * g[$0] * g[$0] }
      let mean = (0..<n).map { rho * memory["mean", n][$0] + (1 - rho) * g[$0] }
      (memory["v", n], memory["mean", n]) = (v, mean)
      for i in 0..<n {
        var s = fault == .staleSquares ? old[i] : v[i]
        if fault == .biasCorrected { s /= 1 - power(rho, memory.step) }
        if centred {
          s += (fault == .centringTurnedRound ? 1 : -1) * mean[i] * mean[i]
          s = max(s, 0)
        }
        let denominator =
          switch fault {
          case .epsilonInRoot: (s + epsilon).squareRoot()
          case .rootMissing: s + epsilon
          default: s.squareRoot() + epsilon
          }
        let step = denominator == 0 ? 0 : rate * g[i] / denominator
        point[i] -= fault == .ascends ? -step : step
      }
    }
  }
  + mutants(of: "adagrad", AdaGradFault.self) { set, fault in
    let rate = set("learningRate", 0.01)
    let epsilon = set("epsilon", 1e-10)
    return gradientRule { point, g, memory in
      let n = point.count
      let old = memory["sum", n]
      let sum = (0..<n).map {
        (fault == .forgets ? 0.99 : 1) * old[$0]
          + (fault == .sumOfMagnitudes ? g[$0].magnitude : g[$0] * g[$0])
      }
      memory["sum", n] = sum
      for i in 0..<n {
        var s = fault == .staleSum ? old[i] : sum[i]
        if fault == .meanForSum { s /= Double(memory.step) }
        let denominator =
          switch fault {
          case .epsilonInRoot: (s + epsilon).squareRoot()
          case .rootMissing: s + epsilon
          default: s.squareRoot() + epsilon
          }
        var step = denominator == 0 ? 0 : rate * g[i] / denominator
        if fault == .rateDecaysAsWell { step /= Double(memory.step).squareRoot() }
        point[i] -= step
      }
    }
  }
  + mutants(of: "adadelta", AdaDeltaFault.self) { set, fault in
    let rate = set("learningRate", 1)
    let rho = set("decay", 0.9)
    let epsilon = set("epsilon", 1e-6)
    let (keep, take) = fault == .weightsSwapped ? (1 - rho, rho) : (rho, 1 - rho)
    return gradientRule { point, g, memory in
      let n = point.count
      var (squares, moves) = (memory["v", n], memory["u", n])
      for i in 0..<n {
        squares[i] = keep * squares[i] + take * g[i] * g[i]
        if fault == .accumulatesBeforeUse { moves[i] = keep * moves[i] + take * g[i] * g[i] }
        let above =
          fault == .noEpsilonAbove
          ? moves[i].squareRoot()
          : fault == .epsilonOutsideRoot
            ? moves[i].squareRoot() + epsilon : (moves[i] + epsilon).squareRoot()
        let below =
          fault == .epsilonOutsideRoot
          ? squares[i].squareRoot() + epsilon : (squares[i] + epsilon).squareRoot()
        let move = (fault == .ratioTurnedRound ? below / above : above / below) * g[i]
        point[i] -= (fault == .rateMissing ? 1 : rate) * move
        let kept =
          switch fault {
          case .accumulatesGradients: g[i]
          case .rateInAccumulator: rate * move
          default: move
          }
        if fault != .accumulatesBeforeUse { moves[i] = keep * moves[i] + take * kept * kept }
      }
      (memory["v", n], memory["u", n]) = (squares, moves)
    }
  }
  + mutants(of: "lion", LionFault.self) { set, fault in
    let rate = set("learningRate", 1e-4)
    var (beta1, beta2) = (set("beta1", 0.9), set("beta2", 0.99))
    let decay = set("weightDecay", 0)
    if fault == .betasSwapped { swap(&beta1, &beta2) }
    if fault == .oneBeta { beta2 = beta1 }
    let (b1, b2) = (beta1, beta2)
    return gradientRule { point, gradient, memory in
      let n = point.count
      let g =
        fault == .decayCoupled
        ? (0..<n).map { gradient[$0] + decay * point[$0] } : gradient
      let old = memory["m", n]
      var m = old
      for i in 0..<n {
        let mixed = b1 * old[i] + (1 - b1) * g[i]
        m[i] = b2 * old[i] + (1 - b2) * (fault == .accumulatesSigns ? sign(mixed) : g[i])
        let direction =
          switch fault {
          case .signMissing: mixed
          case .staleInterpolation: sign(b1 * m[i] + (1 - b1) * g[i])
          case .signOfMomentumAlone: sign(old[i])
          default: sign(mixed)
          }
        let shrink = [.decayMissing, .decayCoupled].contains(fault) ? 0 : rate * decay
        point[i] = point[i] * (1 - shrink) - rate * direction
      }
      memory["m", n] = m
    }
  }
  + mutants(of: "normalizedGD", NormalizedGDFault.self) { set, fault in
    let rate = set("learningRate", 0.01)
    return gradientRule { point, g, _ in
      let most = g.reduce(0) { max($0, $1.magnitude) }
      guard most > 0 else { return }
      let euclidean = most * g.reduce(0) { $0 + ($1 / most) * ($1 / most) }.squareRoot()
      let norm: Double =
        switch fault {
        case .largestForEuclidean: most
        case .sumForEuclidean: g.reduce(0) { $0 + $1.magnitude }
        case .squaredNorm: euclidean * euclidean
        case .notNormalized: 1
        case .normPlusOne: euclidean + 1
        default: euclidean
        }
      for i in point.indices {
        point[i] -= rate * (fault == .eachCoordinate ? sign(g[i]) : g[i] / norm)
      }
    }
  }

/// xⁿ by repeated multiplication.
private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { p, _ in p * x } }
