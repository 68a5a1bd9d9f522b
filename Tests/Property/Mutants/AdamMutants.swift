import Foundation

enum AdamFault: String, CaseIterable {
  case noCorrectionOfMean, noCorrectionOfSquares, correctionOneStepAhead, correctionEndsAtTen
  case epsilonInRoot, epsilonBeforeCorrection, epsilonMissing
  case betasSwapped, beta1Fixed, beta2Fixed, weightOfGradientOne
  case staleMean, staleSquares, magnitudeForSquare, squaresOfMean, rootMissing
  case ascends, rateSquared, firstCoordinateTwice, lastCoordinateForgotten
  case maximumOfSquares
  case squaresInFloat, powersInFloat
}

enum AdamWFault: String, CaseIterable {
  case decayCoupled, decayMissing, decayAfterStep, decayWithoutRate, decayGrows, decayHalved
  case decayBiased
  /// Of a single coordinate.
  case decayMissingAtOne
  /// From step 300 on.
  case decayEnds
  /// `beta2 or 0.999`: a zero is taken for missing.
  case zeroBeta2IsDefault
}

enum AMSGradFault: String, CaseIterable {
  case maximumMissing, minimumForMaximum, maximumOfLastTwo, maximumStoredAsSquares
  case maximumOverCoordinates
  case maximumForgottenEvery500, maximumInFloat
}

/// Adam (Kingma, Ba 2014), with AdamW's decay and AMSGrad's maximum where asked for.
private func adam(
  _ set: Settings, rateDefault: Double = 1e-3, _ fault: AdamFault? = nil,
  decay: AdamWFault?? = nil, maximum: AMSGradFault?? = nil
) -> PlainOptimizer.Rule {
  let rate = set("learningRate", rateDefault)
  var (beta1, beta2) = (set("beta1", 0.9), set("beta2", 0.999))
  let epsilon = fault == .epsilonMissing ? 0 : set("epsilon", 1e-8)
  if fault == .betasSwapped { swap(&beta1, &beta2) }
  if fault == .beta1Fixed { beta1 = 0.9 }
  if fault == .beta2Fixed || decay == .some(.zeroBeta2IsDefault) && beta2 == 0 { beta2 = 0.999 }
  let (b1, b2) = (beta1, beta2)
  return gradientRule { point, gradient, memory in
    let n = point.count
    var g = gradient
    let weightDecay = set("weightDecay", 0.01)
    if decay == .some(.decayCoupled) {
      for i in 0..<n { g[i] += weightDecay * point[i] }
    }
    let (oldMean, oldSquares) = (memory["m", n], memory["v", n])
    let mean = (0..<n).map {
      b1 * oldMean[$0] + (fault == .weightOfGradientOne ? 1 : 1 - b1) * g[$0]
    }
    let squares = (0..<n).map { i in
      let s =
        fault == .magnitudeForSquare
        ? abs(g[i]) : fault == .squaresOfMean ? mean[i] * mean[i] : g[i] * g[i]
      let v = b2 * oldSquares[i] + (1 - b2) * s
      return fault == .squaresInFloat ? Double(Float(v)) : v
    }
    (memory["m", n], memory["v", n]) = (mean, squares)
    var t = Double(memory.step)
    if fault == .correctionOneStepAhead { t += 1 }
    var (c1, c2) = (1 - pow(b1, t), 1 - pow(b2, t))
    if fault == .correctionEndsAtTen, memory.step >= 10 { (c1, c2) = (1, 1) }
    if fault == .powersInFloat { c2 = 1 - Double(pow(Float(b2), Float(t))) }
    var used = fault == .staleSquares ? oldSquares : squares
    if let maximum {
      let old = memory["max", n]
      used = (0..<n).map { i in
        switch maximum {
        case .maximumMissing: squares[i]
        case .minimumForMaximum: memory.step == 1 ? squares[i] : min(old[i], squares[i])
        case .maximumOfLastTwo: max(oldSquares[i], squares[i])
        case .maximumForgottenEvery500 where memory.step % 500 == 0: squares[i]
        case .maximumInFloat: Double(Float(max(old[i], squares[i])))
        default: max(old[i], squares[i])
        }
      }
      if maximum == .maximumOverCoordinates, let most = used.max() { used = used.map { _ in most } }
      memory["max", n] = used
      if maximum == .maximumStoredAsSquares { memory["v", n] = used }
    } else if fault == .maximumOfSquares {
      let old = memory["max", n]
      used = (0..<n).map { max(old[$0], squares[$0]) }
      memory["max", n] = used
    }
    for i in 0..<n {
      let m =
        (fault == .staleMean ? oldMean : mean)[i] / (fault == .noCorrectionOfMean ? 1 : c1)
      let v = used[i] / (fault == .noCorrectionOfSquares ? 1 : c2)
      let denominator =
        switch fault {
        case .epsilonInRoot: (v + epsilon).squareRoot()
        case .epsilonBeforeCorrection: (used[i].squareRoot() + epsilon) / c2.squareRoot()
        case .rootMissing: v + epsilon
        default: v.squareRoot() + epsilon
        }
      var step = denominator == 0 ? 0 : rate * m / denominator
      if fault == .ascends { step = -step }
      if fault == .rateSquared { step *= rate }
      if fault == .firstCoordinateTwice, i == 0 { step *= 2 }
      if fault == .lastCoordinateForgotten, i == n - 1 { step = 0 }
      switch decay {
      case .none, .some(.decayCoupled), .some(.decayMissing): point[i] -= step
      case .some(.decayAfterStep):
        point[i] -= step
        point[i] *= 1 - rate * weightDecay
      case .some(let fault):
        let shrink: Double =
          switch fault {
          case .decayMissingAtOne where n == 1: 0
          case .decayEnds where memory.step >= 300: 0
          case .decayWithoutRate: weightDecay
          case .decayGrows: -rate * weightDecay
          case .decayHalved: rate * weightDecay / 2
          case .decayBiased: rate * weightDecay * c1
          default: rate * weightDecay
          }
        point[i] = point[i] * (1 - shrink) - step
      }
    }
  }
}

let adamMutants =
  mutants(
    of: "adam", AdamFault.self, memoryFaults: MemoryFault.ofRules, common: CommonFault.allCases
  ) { adam($0, $1) }
  + mutants(
    of: "adamw", AdamWFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.tailOfEightStays, .from256Stays, .counterWrapsAt255, .rateInFloat]
  ) { adam($0, decay: .some($1)) }
  + mutants(
    of: "amsgrad", AMSGradFault.self,
    common: [.tailOfSixteenTwice, .beyond512Stay, .vectorsEndAt1000, .epsilonInFloat]
  ) { adam($0, maximum: .some($1)) }
