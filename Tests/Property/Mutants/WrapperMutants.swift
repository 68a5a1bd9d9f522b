import Foundation
import Oracles

enum ClipNormFault: String, CaseIterable {
  case limitOfSquare, alwaysScaled, eachElement, normOfFirst32, limitFixed, scaledTwice
  case maximumNorm, sumNorm, zeroBeyond, limitPlusSmall, endsAfter300, movesAreClipped
  case onlyOverTwice, normInFloat
}

enum ClipValueFault: String, CaseIterable {
  case onlyAbove, onlyBelow, scalesAll, zeroBeyond, limitFixed, limitTwice, firstEightOnly
  case velocityIsClipped, keepsSize, endsAfter300
}

enum DecayFault: String, CaseIterable {
  case coupled, missing, afterStep, withoutRate, halved, missingAtOne, ofVelocity, endsAfter300
  case fixed, squared, firstOnly, grows
}

enum SharpnessFault: String, CaseIterable {
  case downhill, notNormalized, pointNotRestored, plain, radiusFixed, bothGradients, bySign
  case radiusByRate, normOfFirst32, twice, halfTheWay, maximumNorm, radiusForgottenAfter300
}

/// A rule on another function than it is given: with other gradients.
private func on(
  _ rule: @escaping PlainOptimizer.Rule,
  gradient: @escaping @Sendable (_ point: [Double], StepFunction, Int) -> [Double]
) -> PlainOptimizer.Rule {
  { point, function, memory in
    let g = gradient(point, function, memory.step + 1)
    try rule(&point, StepFunction(value: function.value(point), gradient: g), &memory)
  }
}

/// Heavy-ball momentum; without momentum, descent.
private func momentumRule(_ set: Settings, _ momentum: Double = 0) -> PlainOptimizer.Rule {
  let rate = set("learningRate", 0.05)
  let μ = set("momentum", momentum)
  return gradientRule { point, g, memory in
    let v = sum(g, μ, memory["v", point.count])
    if μ > 0 { memory["v", point.count] = v }
    point = sum(point, -rate, v)
  }
}

private func adamRule(_ set: Settings) -> PlainOptimizer.Rule {
  let rate = set("learningRate", 1e-3)
  let epsilon = set("epsilon", 1e-8)
  return gradientRule { point, g, memory in
    let m = averaged(memory["m", point.count], g, 0.9)
    let v = averaged(memory["v", point.count], g.map { $0 * $0 }, 0.999)
    (memory["m", point.count], memory["v", point.count]) = (m, v)
    let c1 = 1 - pow(0.9, Double(memory.step))
    let c2 = 1 - pow(0.999, Double(memory.step))
    for i in point.indices {
      point[i] -= rate * ratio(m[i] / c1, (v[i] / c2).squareRoot() + epsilon)
    }
  }
}

private func clipped(
  _ g: [Double], _ given: Double, _ step: Int, _ fault: ClipNormFault?
) -> [Double] {
  let limit = fault == .limitFixed ? 1 : given
  let size: Double =
    switch fault {
    case .limitOfSquare: length(g) * length(g)
    case .normOfFirst32: length(Array(g.prefix(32)))
    case .maximumNorm: g.reduce(0) { max($0, $1.magnitude) }
    case .sumNorm: g.reduce(0) { $0 + $1.magnitude }
    case .normInFloat: inFloat(length(g))
    default: length(g)
    }
  if fault == .endsAfter300, step > 300 { return g }
  if fault == .eachElement { return g.map { min(limit, max(-limit, $0)) } }
  guard size > (fault == .onlyOverTwice ? 2 * limit : limit) || fault == .alwaysScaled else {
    return g
  }
  let factor: Double =
    switch fault {
    case .scaledTwice: (limit / size) * (limit / size)
    case .zeroBeyond: 0
    case .limitPlusSmall: limit / (size + 1e-6)
    default: size == 0 ? 0 : limit / size
    }
  return g.map { factor * $0 }
}

private func clipNorm(
  _ rule: @escaping PlainOptimizer.Rule, _ set: Settings, _ fault: ClipNormFault?
) -> PlainOptimizer.Rule {
  let limit = set("limit", 1)
  guard fault == .movesAreClipped else {
    return on(rule) { point, function, step in
      clipped(function.gradient(point), limit, step, fault)
    }
  }
  return { point, function, memory in
    let before = point
    try rule(&point, function, &memory)
    point = sum(before, 1, clipped(sum(point, -1, before), limit, memory.step, nil))
  }
}

private func clipValue(_ set: Settings, _ fault: ClipValueFault?) -> PlainOptimizer.Rule {
  let given = set("limit", 1)
  let limit = fault == .limitFixed ? 1 : fault == .limitTwice ? 2 * given : given
  @Sendable func cut(_ g: [Double], _ step: Int) -> [Double] {
    if fault == .endsAfter300, step > 300 { return g }
    let most = g.reduce(0) { max($0, $1.magnitude) }
    return g.indices.map { i in
      switch fault {
      case .onlyAbove: min(limit, g[i])
      case .onlyBelow: max(-limit, g[i])
      case .scalesAll: most > limit ? g[i] * (limit / most) : g[i]
      case .zeroBeyond: g[i].magnitude > limit ? 0 : g[i]
      case .firstEightOnly: i < 8 ? min(limit, max(-limit, g[i])) : g[i]
      case .keepsSize: g[i].magnitude > limit ? limit : g[i]
      default: min(limit, max(-limit, g[i]))
      }
    }
  }
  guard fault == .velocityIsClipped else {
    return on(momentumRule(set, 0.9)) { point, function, step in
      cut(function.gradient(point), step)
    }
  }
  let rate = set("learningRate", 0.05)
  let μ = set("momentum", 0.9)
  return gradientRule { point, g, memory in
    let v = sum(g, μ, memory["v", point.count])
    memory["v", point.count] = v
    point = sum(point, -rate, cut(v, memory.step))
  }
}

private func decayed(_ set: Settings, _ fault: DecayFault?) -> PlainOptimizer.Rule {
  let rate = set("learningRate", 0.05)
  let decay = fault == .fixed ? 0.1 : set("weightDecay", 0.1)
  let base = momentumRule(set, 0.9)
  return { point, function, memory in
    let n = point.count
    var g = function.gradient(point)
    if fault == .coupled { g = sum(g, decay, point) }
    let shrink: Double =
      switch fault {
      case .coupled, .missing, .afterStep, .ofVelocity: 0
      case .withoutRate: decay
      case .halved: rate * decay / 2
      case .missingAtOne where n == 1: 0
      case .endsAfter300 where memory.step >= 300: 0
      case .squared: rate * decay * decay
      case .grows: -rate * decay
      default: rate * decay
      }
    for i in 0..<(fault == .firstOnly ? min(n, 1) : n) { point[i] *= 1 - shrink }
    try base(&point, StepFunction(gradient: g), &memory)
    if fault == .afterStep { point = point.map { $0 * (1 - rate * decay) } }
    if fault == .ofVelocity {
      memory["v", n] = memory["v", n].map { $0 * (1 - rate * decay) }
    }
  }
}

private func sharp(_ set: Settings, _ fault: SharpnessFault?) -> PlainOptimizer.Rule {
  let rate = set("learningRate", 0.05)
  let given = set("radius", 0.05)
  let radius = fault == .radiusFixed ? 0.05 : fault == .radiusByRate ? given * rate : given
  @Sendable func worst(_ point: [Double], _ g: [Double]) -> [Double] {
    let size: Double =
      switch fault {
      case .notNormalized: 1
      case .normOfFirst32: length(Array(g.prefix(32)))
      case .maximumNorm: g.reduce(0) { max($0, $1.magnitude) }
      default: length(g)
      }
    guard size > 0 else { return point }
    if fault == .bySign { return sum(point, radius, g.map(sign)) }
    let share: Double = fault == .downhill ? -1 : fault == .halfTheWay ? 0.5 : 1
    return sum(point, radius * share, g.map { $0 / size })
  }
  let base = momentumRule(set)
  return { point, function, memory in
    let g = function.gradient(point)
    if fault == .plain || fault == .radiusForgottenAfter300 && memory.step >= 300 {
      return try base(&point, StepFunction(gradient: g), &memory)
    }
    var there = worst(point, g)
    if fault == .twice { there = worst(there, function.gradient(there)) }
    var seen = function.gradient(there)
    if fault == .bothGradients { seen = sum(seen, 1, g).map { $0 / 2 } }
    if fault == .pointNotRestored { point = there }
    try base(&point, StepFunction(gradient: seen), &memory)
  }
}

let wrapperMutants =
  mutants(
    of: "sgd in clipNorm", ClipNormFault.self,
    common: [.tailOfSixteenTwice, .from256Stays, .ulpOnceInThousand], claims: .clipNormSGD
  ) { clipNorm(momentumRule($0), $0, $1) }
  + mutants(
    of: "adam in clipNorm", ClipNormFault.self, memoryFaults: [.losesVectorsAfter256],
    common: [.counterWrapsAt255], claims: .clipNormAdam
  ) { clipNorm(adamRule($0), $0, $1) }
  + mutants(
    of: "momentum in clipValue", ClipValueFault.self,
    common: [.oddLastStays, .beyond512Stay, .vectorsEndAt1000], claims: .clipValueMomentum,
    rule: clipValue)
  + mutants(
    of: "momentum in decoupledWeightDecay", DecayFault.self, memoryFaults: [.losesVectors],
    common: [.tailOfFourStays, .from256Stays, .vectorsInFloat, .rateInFloat],
    claims: .decayedMomentum, rule: decayed)
  + mutants(
    of: "sgd in sharpnessRadius", SharpnessFault.self,
    common: [.tailOfEightStays, .seamOf64Stays, .ulpOnceInThousand, .gradientInFloat],
    claims: .sharpSGD, rule: sharp)
