import Oracles

enum ArmijoFault: String, CaseIterable {
  case decreaseTenth, decreaseForgotten, decreaseOfNorm, decreaseHalved, backtrackingFixed
  case backtrackingSquared, beginsAtLast, beginsAtOne, oneCutMore, oneCutLess, tenCutsAtMost
  case takesHigherWhenEqual, normOfFirst32, ascends, growsWhenGood, takesWhatIsNotFinite
}

private func armijo(_ set: Settings, _ fault: ArmijoFault?) -> PlainOptimizer.Rule {
  let rate = fault == .beginsAtOne ? 1 : set("learningRate", 1)
  let given = set("decrease", 1e-4)
  let decrease: Double =
    switch fault {
    case .decreaseTenth: given / 10
    case .decreaseForgotten: 0
    case .decreaseHalved: given / 2
    default: given
    }
  let cut = set("backtracking", 0.5)
  let factor =
    fault == .backtrackingFixed ? 0.5 : fault == .backtrackingSquared ? cut * cut : cut
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    let value = function.value(point)
    var square = inner(g, g)
    if fault == .normOfFirst32 { square = inner(Array(g.prefix(32)), g) }
    if fault == .decreaseOfNorm { square = square.squareRoot() }
    guard square > 0 else { return }
    var step = rate
    if fault == .beginsAtLast, let last = memory.vectors["last"] { step = last[0] }
    func isGood(_ step: Double) -> Bool {
      let there = function.value(sum(point, -step, g))
      if fault == .takesWhatIsNotFinite, !there.isFinite { return true }
      if fault == .takesHigherWhenEqual {
        return there <= value - decrease * step * square + 1e-3 * value.magnitude
      }
      return there.isFinite && there <= value - decrease * step * square
    }
    if fault == .growsWhenGood, isGood(step), isGood(step / factor) { step /= factor }
    var cuts = 0
    while !isGood(step) {
      cuts += 1
      guard cuts < 10_000, step > 1e-30 * rate else { return }
      if fault == .tenCutsAtMost, cuts > 10 { break }
      step *= factor
    }
    if fault == .oneCutMore, cuts > 0 { step *= factor }
    if fault == .oneCutLess, cuts > 1 { step /= factor }
    if fault == .beginsAtLast { memory.vectors["last"] = [step] }
    point = sum(point, fault == .ascends ? step : -step, g)
  }
}

enum WolfeFault: String, CaseIterable {
  case noCurvature, weakWolfe, decreaseTenth, decreaseForgotten, curvatureFixed, curvatureLoose
  case neverLengthens, endsAtTenTrials, takesWhatIsNotFinite
  case beginsAtOne, beginsAtUnitLength, beginsAtLast, rateTwice, ascends
}

private func wolfe(_ set: Settings, _ fault: WolfeFault?) -> PlainOptimizer.Rule {
  let rate = fault == .beginsAtOne ? 1 : set("learningRate", 1)
  let search = PlainSearch(
    set, curvature: 0.1, fault.flatMap { SearchFault(rawValue: $0.rawValue) })
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    guard inner(g, g) > 0 else { return }
    var first = rate
    if fault == .beginsAtUnitLength { first = 1 / length(g) }
    if fault == .rateTwice { first *= 2 }
    if fault == .beginsAtLast, let last = memory.vectors["last"] { first = last[0] }
    let found = search(
      function, from: point, gradient: g, along: g.map { -$0 }, first: first)
    guard let found else { return }
    if fault == .beginsAtLast { memory.vectors["last"] = [found.step] }
    point = fault == .ascends ? sum(point, found.step, g) : found.point
  }
}

let searchMutants =
  mutants(
    of: "armijoGD", ArmijoFault.self,
    common: [.tailOfFourStays, .from256Stays, .ulpOnceInThousand, .pointInFloat, .rateInFloat],
    rule: armijo)
  + mutants(
    of: "wolfeGD", WolfeFault.self,
    common: [.oddLastStays, .seamOf64Stays, .beyond512Stay, .gradientInFloat], rule: wolfe)
