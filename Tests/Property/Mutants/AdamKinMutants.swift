import Foundation

enum AdaMaxFault: String, CaseIterable {
  case correctionMissing, correctionOfMaximum, correctionEndsAt100, maximumNotFaded
  case staleMaximum, sumForMaximum, epsilonForgotten, epsilonBesideMaximum, rootOfMaximum
  case betasSwapped, maximumForgottenEvery500, maximumInFloat, maximumOverCoordinates
}

enum NAdamFault: String, CaseIterable {
  case momentumConstant, momentumOfNowAhead, factorForProduct, productStale, productEndsAt20
  case scheduleTwiceAsFast, decayFixed, meanByMomentum, meanCorrectedByBias, noCorrectionOfSquares
  case epsilonInRoot, lookAheadMissing, gradientShareMissing, productInFloat, halfForgotten
}

enum RAdamFault: String, CaseIterable {
  case thresholdFour, lengthWithoutBias, rectificationForgotten, rectificationSquared
  case epsilonBesideCorrected, alwaysAdaptive, neverAdaptive, limitOneMore, plainGradientAtFirst
  case rectificationEndsAt330, correctionOfMeanMissing, correctionOfSquaresMissing
  case rectificationTurnedRound, lengthInFloat
}

enum AdaBeliefFault: String, CaseIterable {
  case surpriseOfOldMean, epsilonOnlyBeside, epsilonOnlyWithin, squareForSurprise
  case productOfSurprises, epsilonNotKept, epsilonTwiceWithin, correctionMissing
  case correctionOfMeanMissing, staleSquares, surpriseInFloat, becomesAdamAfter300
  /// `beta2 or 0.999`: a zero is taken for missing.
  case zeroBeta2IsDefault
}

/// x/y, and 0 where y is 0.
func ratio(_ x: Double, _ y: Double) -> Double { y == 0 ? 0 : x / y }

/// x rounded to single precision.
func inFloat(_ x: Double) -> Double { Double(Float(x)) }

/// β·x + (1 − β)·y, in every coordinate.
func averaged(_ x: [Double], _ y: [Double], _ beta: Double) -> [Double] {
  var result = x
  for i in x.indices { result[i] = beta * x[i] + (1 - beta) * y[i] }
  return result
}

private func adamax(_ set: Settings, _ fault: AdaMaxFault?) -> PlainOptimizer.Rule {
  let c = MomentConstants(set, rate: 2e-3)
  let (b1, b2) = fault == .betasSwapped ? (c.beta2, c.beta1) : (c.beta1, c.beta2)
  let within = [.epsilonForgotten, .epsilonBesideMaximum].contains(fault) ? 0 : c.epsilon
  return gradientRule { point, g, memory in
    let n = point.count
    let t = Double(memory.step)
    let m = averaged(memory["m", n], g, b1)
    let old = memory["u", n]
    var u = (0..<n).map { i in
      let faded = fault == .maximumNotFaded ? old[i] : b2 * old[i]
      return fault == .sumForMaximum
        ? faded + g[i].magnitude + within : max(faded, g[i].magnitude + within)
    }
    if fault == .maximumForgottenEvery500, memory.step % 500 == 0 {
      u = g.map { $0.magnitude + within }
    }
    if fault == .maximumInFloat { u = u.map(inFloat) }
    (memory["m", n], memory["u", n]) = (m, u)
    let corrects =
      fault != .correctionMissing && (fault != .correctionEndsAt100 || memory.step < 100)
    let c1 = corrects ? 1 - pow(b1, t) : 1
    let largest = u.max() ?? 0
    for i in 0..<n {
      let over: Double =
        switch fault {
        case .staleMaximum: old[i]
        case .correctionOfMaximum: u[i] / (1 - pow(b2, t))
        case .epsilonBesideMaximum: u[i] + c.epsilon
        case .rootOfMaximum: u[i].squareRoot()
        case .maximumOverCoordinates: largest
        default: u[i]
        }
      point[i] -= c.rate * ratio(m[i] / c1, over)
    }
  }
}

private func nadam(_ set: Settings, _ fault: NAdamFault?) -> PlainOptimizer.Rule {
  let c = MomentConstants(set, rate: 2e-3)
  let psi = fault == .decayFixed ? 0.004 : set("momentumDecay", 0.004)
  let share = fault == .halfForgotten ? 1 : 0.5
  let pace = fault == .scheduleTwiceAsFast ? 2 * psi : psi
  @Sendable func momentum(_ t: Int) -> Double {
    fault == .momentumConstant
      ? c.beta1 : c.beta1 * (1 - share * pow(0.96, Double(t) * pace))
  }
  return gradientRule { point, g, memory in
    let n = point.count
    let t = memory.step
    let now = momentum(t)
    let next = fault == .momentumOfNowAhead ? now : momentum(t + 1)
    let old = t == 1 ? 1 : memory["product", 1][0]
    var product = fault == .factorForProduct ? now : old * now
    if fault == .productEndsAt20, t >= 20 { product = 0 }
    if fault == .productInFloat { product = inFloat(product) }
    memory["product", 1] = [product]
    let m = averaged(memory["m", n], g, fault == .meanByMomentum ? now : c.beta1)
    let v = averaged(memory["v", n], g.map { $0 * $0 }, c.beta2)
    (memory["m", n], memory["v", n]) = (m, v)
    let c2 = fault == .noCorrectionOfSquares ? 1 : 1 - pow(c.beta2, Double(t))
    let overGradient = fault == .productStale && t > 1 ? 1 - old : 1 - product
    let overMean =
      fault == .meanCorrectedByBias ? 1 - pow(c.beta1, Double(t)) : 1 - product * next
    for i in 0..<n {
      var move = next * m[i] / overMean
      if fault == .lookAheadMissing { move = now * m[i] / (1 - product) }
      if fault != .gradientShareMissing { move += (1 - now) * g[i] / overGradient }
      let size =
        fault == .epsilonInRoot
        ? (v[i] / c2 + c.epsilon).squareRoot() : (v[i] / c2).squareRoot() + c.epsilon
      point[i] -= c.rate * ratio(move, size)
    }
  }
}

private func radam(_ set: Settings, _ fault: RAdamFault?) -> PlainOptimizer.Rule {
  let c = MomentConstants(set)
  let limit = 2 / (1 - c.beta2) - (fault == .limitOneMore ? 0 : 1)
  let threshold: Double = fault == .thresholdFour ? 4 : 5
  return gradientRule { point, g, memory in
    let n = point.count
    let t = Double(memory.step)
    let m = averaged(memory["m", n], g, c.beta1)
    let v = averaged(memory["v", n], g.map { $0 * $0 }, c.beta2)
    (memory["m", n], memory["v", n]) = (m, v)
    let power = pow(c.beta2, t)
    let c1 = fault == .correctionOfMeanMissing ? 1 : 1 - pow(c.beta1, t)
    let c2 = fault == .correctionOfSquaresMissing ? 1 : 1 - power
    var length = limit - 2 * t * power / (fault == .lengthWithoutBias ? 1 : 1 - power)
    if fault == .lengthInFloat { length = inFloat(length) }
    var isAdaptive = length > threshold
    if fault == .alwaysAdaptive { isAdaptive = true }
    if fault == .neverAdaptive { isAdaptive = false }
    let square =
      (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
    let endsNow = fault == .rectificationEndsAt330 && memory.step >= 330
    let r: Double =
      switch fault {
      case .rectificationForgotten: 1
      case .rectificationSquared: square
      case .rectificationTurnedRound: 1 / square.squareRoot()
      default: endsNow || square < 0 ? 1 : square.squareRoot()
      }
    for i in 0..<n {
      guard isAdaptive else {
        point[i] -= c.rate * (fault == .plainGradientAtFirst ? g[i] : m[i] / c1)
        continue
      }
      let step =
        fault == .epsilonBesideCorrected
        ? ratio(r * m[i] / c1, (v[i] / c2).squareRoot() + c.epsilon)
        : ratio(r * m[i] / c1 * c2.squareRoot(), v[i].squareRoot() + c.epsilon)
      point[i] -= c.rate * step
    }
  }
}

private func adabelief(_ set: Settings, _ fault: AdaBeliefFault?) -> PlainOptimizer.Rule {
  var set = set
  if fault == .zeroBeta2IsDefault, set("beta2", 0.999) == 0 {
    set = Settings(values: set.values.merging(["beta2": 0.999]) { $1 }, singles: set.singles)
  }
  let c = MomentConstants(set, epsilon: 1e-16)
  return gradientRule { point, g, memory in
    let n = point.count
    let t = Double(memory.step)
    let oldMean = memory["m", n]
    let m = averaged(oldMean, g, c.beta1)
    let old = memory["s", n]
    let isAdam = fault == .squareForSurprise || fault == .becomesAdamAfter300 && memory.step > 300
    let within: Double =
      switch fault {
      case .epsilonOnlyBeside, .epsilonNotKept: 0
      case .epsilonTwiceWithin: 2 * c.epsilon
      default: c.epsilon
      }
    let s = (0..<n).map { i in
      let (before, after) = (g[i] - oldMean[i], g[i] - m[i])
      let surprise: Double =
        switch fault {
        case .surpriseOfOldMean: before * before
        case .productOfSurprises: before * after
        case .surpriseInFloat: inFloat(after) * inFloat(after)
        default: isAdam ? g[i] * g[i] : after * after
        }
      return c.beta2 * old[i] + (1 - c.beta2) * surprise + within
    }
    (memory["m", n], memory["s", n]) = (m, s)
    let c1 = fault == .correctionOfMeanMissing ? 1 : 1 - pow(c.beta1, t)
    let c2 = fault == .correctionMissing ? 1 : 1 - pow(c.beta2, t)
    for i in 0..<n {
      let used = fault == .staleSquares ? old[i] : s[i]
      let more = fault == .epsilonNotKept ? c.epsilon : 0
      let beside = fault == .epsilonOnlyWithin ? 0 : c.epsilon
      point[i] -= c.rate * ratio(m[i] / c1, ((used + more) / c2).squareRoot() + beside)
    }
  }
}

let adamKinMutants =
  mutants(
    of: "adamax", AdaMaxFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.tailOfFourStays, .from256Stays, .counterWrapsAt32767, .vectorsEndAt1000],
    rule: adamax)
  + mutants(
    of: "nadam", NAdamFault.self, memoryFaults: [.losesVectorsAfter256, .countsReloads],
    common: [.tailOfSixteenTwice, .beyond512Stay, .counterWrapsAt255, .decaysInFloat],
    rule: nadam)
  + mutants(
    of: "radam", RAdamFault.self, memoryFaults: [.losesStepCount, .losesVectorsAfter256],
    common: [.oddLastStays, .seamOf64Stays, .counterWrapsAt255, .countsForeverFrom330],
    rule: radam)
  + mutants(
    of: "adabelief", AdaBeliefFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.tailOfEightStays, .from256Stays, .counterWrapsAt65535, .ulpOnceInThousand],
    rule: adabelief)
