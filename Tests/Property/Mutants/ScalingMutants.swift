enum RMSPropFault: String, CaseIterable {
  case epsilonInRoot, rootMissing, staleSquares, decayFixed, weightsSwapped, biasCorrected
  case sumsForever, centringTurnedRound, centredAlwaysOrNever, ascends
  case squaresInFloat, meanInFloat, centringEndsAt300
}

enum AdaGradFault: String, CaseIterable {
  case rootMissing, epsilonInRoot, staleSum, meanForSum, forgets, sumOfMagnitudes, rateDecaysAsWell
  case sumInFloat, sumBeginsAnewAt1000, sumForgetsAfter256
}

enum AdaDeltaFault: String, CaseIterable {
  case ratioTurnedRound, noEpsilonAbove, accumulatesGradients, accumulatesBeforeUse, rateMissing
  case rateInAccumulator, weightsSwapped, epsilonOutsideRoot
  case movesInFloat, movesEndAt300
}

enum LionFault: String, CaseIterable {
  case betasSwapped, signMissing, staleInterpolation, signOfMomentumAlone, accumulatesSigns
  case decayMissing, decayCoupled, oneBeta
  case decayMissingAtOne, zeroIsPositive, signOfSmallIsZero
}

enum NormalizedGDFault: String, CaseIterable {
  case largestForEuclidean, sumForEuclidean, squaredNorm, notNormalized, eachCoordinate
  case normPlusOne
  case normOfFirst32, normInFloat, meanSquareNorm, normOfFirstAndLast
}

let scalingMutants =
  mutants(
    of: "rmsprop", RMSPropFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.tailOfFourStays, .from256Stays, .vectorsEndAt1000, .rateInFloat, .epsilonInFloat]
  ) { set, fault in
    let rate = set("learningRate", 0.01)
    let rho = fault == .decayFixed ? 0.99 : set("decay", 0.99)
    let epsilon = set("epsilon", 1e-8)
    let centred = (set("centered", 0) != 0) != (fault == .centredAlwaysOrNever)
    return gradientRule { point, g, memory in
      let n = point.count
      let old = memory["v", n]
      let (keep, take) =
        fault == .weightsSwapped ? (1 - rho, rho) : (rho, fault == .sumsForever ? 1 : 1 - rho)
      var v = (0..<n).map { keep * old[$0] + take * g[$0] * g[$0] }
      let oldMean = memory["mean", n]
      var mean = (0..<n).map { rho * oldMean[$0] + (1 - rho) * g[$0] }
      if fault == .squaresInFloat { v = v.map { Double(Float($0)) } }
      if fault == .meanInFloat { mean = mean.map { Double(Float($0)) } }
      (memory["v", n], memory["mean", n]) = (v, mean)
      for i in 0..<n {
        var s = fault == .staleSquares ? old[i] : v[i]
        if fault == .biasCorrected { s /= 1 - power(rho, memory.step) }
        if centred, fault != .centringEndsAt300 || memory.step < 300 {
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
  + mutants(
    of: "adagrad", AdaGradFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.oddLastStays, .tailOfSixteenTwice, .beyond512Stay, .ulpOnceInThousand, .rateInFloat]
  ) { set, fault in
    let rate = set("learningRate", 0.01)
    let epsilon = set("epsilon", 1e-10)
    return gradientRule { point, g, memory in
      let n = point.count
      let old = memory["sum", n]
      let kept: Double =
        switch fault {
        case .forgets: 0.99
        case .sumBeginsAnewAt1000 where memory.step == 1000: 0
        case .sumForgetsAfter256 where memory.step > 256: 0.999
        default: 1
        }
      var sum = (0..<n).map {
        kept * old[$0] + (fault == .sumOfMagnitudes ? g[$0].magnitude : g[$0] * g[$0])
      }
      if fault == .sumInFloat { sum = sum.map { Double(Float($0)) } }
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
  + mutants(
    of: "adadelta", AdaDeltaFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.tailOfEightStays, .from256Stays, .vectorsEndAt1000, .epsilonInFloat, .pointInFloat]
  ) { set, fault in
    let rate = set("learningRate", 1)
    let rho = set("decay", 0.9)
    let epsilon = set("epsilon", 1e-6)
    let (keep, take) = fault == .weightsSwapped ? (1 - rho, rho) : (rho, 1 - rho)
    return gradientRule { point, g, memory in
      let n = point.count
      var (squares, moves) = (memory["v", n], memory["u", n])
      if fault == .movesEndAt300, memory.step == 300 { moves = moves.map { _ in 0 } }
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
        if fault == .movesInFloat { moves[i] = Double(Float(moves[i])) }
      }
      (memory["v", n], memory["u", n]) = (squares, moves)
    }
  }
  + mutants(
    of: "lion", LionFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.oddLastStays, .seamOf64Stays, .beyond512Stay, .vectorsEndAt1000, .vectorsInFloat]
  ) { set, fault in
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
        let direction: Double =
          switch fault {
          case .signMissing: mixed
          case .staleInterpolation: sign(b1 * m[i] + (1 - b1) * g[i])
          case .signOfMomentumAlone: sign(old[i])
          case .zeroIsPositive: mixed < 0 ? -1 : 1
          case .signOfSmallIsZero: mixed.magnitude < 1e-12 ? 0 : sign(mixed)
          default: sign(mixed)
          }
        let shrinks =
          switch fault {
          case .decayMissing, .decayCoupled: false
          case .decayMissingAtOne: n > 1
          default: true
          }
        let shrink = shrinks ? rate * decay : 0
        point[i] = point[i] * (1 - shrink) - rate * direction
      }
      memory["m", n] = m
    }
  }
  + mutants(
    of: "normalizedGD", NormalizedGDFault.self, memoryFaults: [.countsReloads],
    common: [.tailOfFourStays, .from256Stays, .ulpOnceInThousand, .rateInFloat]
  ) { set, fault in
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
        case .normOfFirst32: most * unit(g.prefix(32), most)
        case .normInFloat: Double(Float(euclidean))
        case .meanSquareNorm: euclidean / Double(g.count).squareRoot()
        case .normOfFirstAndLast: most * unit([g[0], g.count > 1 ? g[g.count - 1] : 0], most)
        case .normPlusOne: euclidean + 1
        default: euclidean
        }
      for i in point.indices {
        point[i] -= rate * (fault == .eachCoordinate ? sign(g[i]) : g[i] / norm)
      }
    }
  }

/// ‖x‖ in units of `most`; not 0.
private func unit(_ x: some Sequence<Double>, _ most: Double) -> Double {
  let sum = x.reduce(0) { $0 + ($1 / most) * ($1 / most) }
  return sum > 0 ? sum.squareRoot() : 1
}

/// xⁿ by repeated multiplication.
private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { p, _ in p * x } }
