import Oracles

enum LBFGSFault: String, CaseIterable {
  case noCurvature, weakWolfe, decreaseTenth, decreaseForgotten, curvatureFixed
  case historyOfFive, onePairMore, onePairLess, newestForgotten, oldestForgotten
  case scaleTurnedRound, scaleOfSteps, scaleOfFirstPair, scaleOne, scaleOfOldestKept
  case firstLoopReversed, secondLoopReversed, secondLoopForgotten
  case firstStepOne, pairsEndAt100, weightsSwapped, changeOfOldGradient, staleDirection
  case takesWhatIsNotFinite
}

/// s = Δθ and y = Δg of the steps that are kept, the oldest first.
private struct Pairs {
  var steps: [[Double]] = []
  var changes: [[Double]] = []

  init(_ memory: PlainMemory) {
    while let s = memory.vectors["s\(steps.count)"], let y = memory.vectors["y\(steps.count)"] {
      steps.append(s)
      changes.append(y)
    }
  }

  func save(in memory: inout PlainMemory) {
    memory.vectors = memory.vectors.filter { !$0.key.hasPrefix("s") && !$0.key.hasPrefix("y") }
    for i in steps.indices {
      memory.vectors["s\(i)"] = steps[i]
      memory.vectors["y\(i)"] = changes[i]
    }
  }

  /// The factor of the identity that H₀ is.
  func scale(_ fault: LBFGSFault?) -> Double {
    let i = [.scaleOfFirstPair, .scaleOfOldestKept].contains(fault) ? 0 : steps.count - 1
    let (s, y) = (steps[i], changes[i])
    return switch fault {
    case .scaleTurnedRound: inner(y, y) / inner(s, y)
    case .scaleOfSteps: inner(s, s) / inner(s, y)
    case .scaleOne: 1
    default: inner(s, y) / inner(y, y)
    }
  }

  /// −H·g by the two loops.
  func direction(_ gradient: [Double], _ fault: LBFGSFault?, first: Double?) -> [Double] {
    var q = gradient.map { -$0 }
    guard !steps.isEmpty else { return q }
    var weights = [Double](repeating: 0, count: steps.count)
    let backwards = fault == .firstLoopReversed ? Array(steps.indices) : steps.indices.reversed()
    for i in backwards {
      weights[i] = inner(steps[i], q) / inner(steps[i], changes[i])
      q = sum(q, -weights[i], changes[i])
    }
    let factor = first ?? scale(fault)
    q = q.map { factor * $0 }
    if fault == .secondLoopForgotten { return q }
    let forwards = fault == .secondLoopReversed ? steps.indices.reversed() : Array(steps.indices)
    for i in forwards {
      let correction = inner(changes[i], q) / inner(steps[i], changes[i])
      let weight = weights[fault == .weightsSwapped ? steps.count - 1 - i : i]
      q = sum(q, weight - correction, steps[i])
    }
    return q
  }
}

private func lbfgs(_ set: Settings, _ fault: LBFGSFault?) -> PlainOptimizer.Rule {
  let given = Int(set("memory", 10))
  let count: Int =
    switch fault {
    case .historyOfFive: min(given, 5)
    case .onePairMore: given + 1
    case .onePairLess: max(given - 1, 1)
    default: given
    }
  let search = PlainSearch(
    set, curvature: 0.9, fault.flatMap { SearchFault(rawValue: $0.rawValue) })
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    var pairs = Pairs(memory)
    if fault == .pairsEndAt100, memory.step == 100 { (pairs.steps, pairs.changes) = ([], []) }
    // Of the very first pair, not of the oldest that is kept.
    let kept = fault == .scaleOfFirstPair ? memory.vectors["factor"]?.first : nil
    var used = pairs
    if used.steps.count > 1, fault == .newestForgotten {
      used.steps.removeLast()
      used.changes.removeLast()
    }
    if used.steps.count > 1, fault == .oldestForgotten {
      used.steps.removeFirst()
      used.changes.removeFirst()
    }
    var direction = used.direction(g, fault, first: kept)
    if fault == .staleDirection, let old = memory.vectors["direction"] {
      memory.vectors["direction"] = direction
      if inner(old, g) < 0 { direction = old }
    } else if fault == .staleDirection {
      memory.vectors["direction"] = direction
    }
    if !(inner(direction, g) < 0) || !direction.allSatisfy(\.isFinite) {
      (pairs.steps, pairs.changes) = ([], [])
      direction = g.map { -$0 }
    }
    defer { pairs.save(in: &memory) }
    guard inner(direction, g) < 0 else { return }
    let isFirst = pairs.steps.isEmpty && fault != .firstStepOne
    let found = search(
      function, from: point, gradient: g, along: direction, first: isFirst ? 1 / length(g) : 1)
    guard let found else {
      (pairs.steps, pairs.changes) = ([], [])
      return
    }
    let s = sum(found.point, -1, point)
    let before = fault == .changeOfOldGradient ? (memory.vectors["g"] ?? g) : g
    let y = sum(found.gradient, -1, before)
    if fault == .changeOfOldGradient { memory.vectors["g"] = g }
    let product = inner(s, y)
    let isCurved = product > 0x1p-52 * length(s) * length(y) && (1 / product).isFinite
    if isCurved {
      pairs.steps.append(s)
      pairs.changes.append(y)
      if pairs.steps.count > count {
        pairs.steps.removeFirst()
        pairs.changes.removeFirst()
      }
      if fault == .scaleOfFirstPair, kept == nil { memory.vectors["factor"] = [pairs.scale(nil)] }
    }
    point = found.point
  }
}

enum NonlinearCGFault: String, CaseIterable {
  case noCurvature, weakWolfe, decreaseTenth, curvatureFixed, takesWhatIsNotFinite
  case fletcherReeves, hestenesStiefel, daiYuan, notCutAtZero, steepest, productOfBoth
  case neverRestarts, restartsAtTwice, restartsOneEarly, overNewGradient, staleDirection
  case signOfOldTurned, firstTrialOne, firstTrialUnit
}

private func conjugate(
  _ g: [Double], _ old: [Double], _ direction: [Double], _ fault: NonlinearCGFault?
) -> [Double] {
  let change = sum(g, fault == .signOfOldTurned ? 1 : -1, old)
  let over = fault == .overNewGradient ? inner(g, g) : inner(old, old)
  let along = inner(direction, change)
  var beta: Double =
    switch fault {
    case .fletcherReeves: inner(g, g) / over
    case .hestenesStiefel: along == 0 ? 0 : inner(g, change) / along
    case .daiYuan: along == 0 ? 0 : inner(g, g) / along
    case .productOfBoth: inner(g, old) / over
    case .steepest: 0
    default: inner(g, change) / over
    }
  if fault != .notCutAtZero { beta = max(0, beta) }
  return sum(g.map { -$0 }, beta, direction)
}

private func nonlinearCG(_ set: Settings, _ fault: NonlinearCGFault?) -> PlainOptimizer.Rule {
  let search = PlainSearch(
    set, curvature: 0.1, fault.flatMap { SearchFault(rawValue: $0.rawValue) })
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    let steepest = g.map { -$0 }
    var cycle = memory.vectors["cycle"]?[0] ?? 0
    let old = memory["g", point.count]
    var direction = steepest
    if cycle > 0, inner(old, old) > 0 {
      direction = conjugate(g, old, memory["d", point.count], fault)
    }
    let limit: Double =
      switch fault {
      case .neverRestarts: .infinity
      case .restartsAtTwice: 2 * Double(point.count)
      case .restartsOneEarly: max(Double(point.count) - 1, 1)
      default: Double(point.count)
      }
    if cycle >= limit || !(inner(direction, g) < 0) || !direction.allSatisfy(\.isFinite) {
      direction = steepest
      cycle = 0
    }
    let slope = inner(direction, g)
    guard slope < 0 else { return }
    let change = memory.vectors["change"]?[0] ?? 0
    var first = cycle > 0 ? change / slope : 0
    if !(first > 0 && first.isFinite) || fault == .firstTrialUnit { first = 1 / length(g) }
    if fault == .firstTrialOne { first = 1 }
    let found = search(function, from: point, gradient: g, along: direction, first: first)
    guard let found else {
      memory.vectors["cycle"] = [0]
      return
    }
    memory.vectors["cycle"] = [cycle + 1]
    memory.vectors["change"] = [found.step * slope]
    memory["d", point.count] = fault == .staleDirection ? steepest : direction
    memory["g", point.count] = g
    point = found.point
  }
}

let memoryMethodMutants =
  mutants(
    of: "lbfgs", LBFGSFault.self, memoryFaults: [.losesVectors, .losesVectorsAfter256],
    common: [.tailOfFourStays, .from256Stays, .vectorsInFloat, .gradientInFloat], rule: lbfgs)
  + mutants(
    of: "nonlinearCG", NonlinearCGFault.self, memoryFaults: [.losesVectors, .losesVectorsAfter256],
    common: [.oddLastStays, .seamOf64Stays, .ulpOnceInThousand, .vectorsInFloat],
    rule: nonlinearCG)
