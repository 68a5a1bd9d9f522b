import Oracles

enum DampedSaddleFault: String, CaseIterable {
  /// max(|λ|, α) and max(λ, α) in the place of |λ| + α.
  case floorForDamping, floorOnCurvature
  case dampingHalved, dampingSquared, rootOfSquares, oneModeOnly
  case negativeModesTwice
}

enum KrylovSaddleFault: String, CaseIterable {
  case signKept, floorForDamping, floorOnCurvature, dampingForgotten, rateForgotten
  case oneVector, halfTheVectors, twoVectorsAtMost, notOrthogonalized, fromOnes, fromLastGradient
  case leastForgotten, largestForgotten, restPlain, ascends
}

/// Σ vₖ(vₖᵀg)/(|λₖ| + α), or as the fault has it.
private func saddleFreeStep(
  _ modes: PlainModes, _ g: [Double], _ damping: Double, _ fault: String?
) -> [Double] {
  var components = modes.components(g)
  for k in components.indices {
    let λ = modes.values[k]
    let size: Double =
      switch fault {
      case "floorForDamping": max(λ.magnitude, damping)
      case "floorOnCurvature": max(λ, damping)
      case "dampingHalved": λ.magnitude + damping / 2
      case "dampingSquared": λ.magnitude + damping * damping
      case "rootOfSquares": (λ * λ + damping * damping).squareRoot()
      case "signKept": λ + damping
      case "dampingForgotten": λ.magnitude
      default: λ.magnitude + damping
      }
    components[k] = size.magnitude > modes.resolution ? components[k] / size : 0
    if fault == "negativeModesTwice", λ < 0 { components[k] *= 2 }
    if fault == "leastForgotten", k == modes.least { components[k] = 0 }
    if fault == "largestForgotten", λ == modes.values.max() { components[k] = 0 }
    if fault == "oneModeOnly", λ.magnitude < modes.largest { components[k] = 0 }
  }
  return modes.combination(components, count: g.count)
}

private func krylovSaddleFree(
  _ set: Settings, _ fault: KrylovSaddleFault?
) -> PlainOptimizer.Rule {
  let rate = fault == .rateForgotten ? 1 : set("learningRate", 1)
  let damping = set("damping", 0.1)
  let given = Int(set("krylovDimension", 32))
  let count: Int =
    switch fault {
    case .oneVector: 1
    case .halfTheVectors: (given + 1) / 2
    case .twoVectorsAtMost: min(given, 2)
    default: given
    }
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    var start = g
    if fault == .fromOnes { start = g.map { _ in 1 } }
    if fault == .fromLastGradient, let last = memory.vectors["g"] { start = last }
    if fault == .fromLastGradient { memory.vectors["g"] = g }
    let modes = PlainModes(
      of: function, at: point, from: start, count: count,
      isOrthogonalized: fault != .notOrthogonalized)
    var step = saddleFreeStep(modes, g, damping, fault?.rawValue)
    if fault == .restPlain {
      let seen = modes.combination(modes.components(g), count: g.count)
      step = sum(step, 1, sum(g, -1, seen))
    }
    move(&point, by: step.map { (fault == .ascends ? rate : -rate) * $0 })
  }
}

enum DampedNewtonFault: String, CaseIterable {
  case dampingNeverFalls, dampingNeverGrows, dampingForgotten, factorFixed, factorSquared
  case takesWhatIsWorse, diagonalScaled, notMadeDefinite, predictedByGradient, quarterAndHalf
  case fallsTwice, grownDampingNotKept, hessianOfLastPoint, ascends, stepHalved, symmetrizedBySign
}

private func dampedNewton(_ set: Settings, _ fault: DampedNewtonFault?) -> PlainOptimizer.Rule {
  let first = set("damping", 1e-3)
  let given = set("factor", 10)
  let factor = fault == .factorFixed ? 10 : fault == .factorSquared ? given * given : given
  @Sendable func bounded(_ μ: Double) -> Double {
    min(max(μ, .leastNormalMagnitude), Double.greatestFiniteMagnitude.squareRoot())
  }
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    var place = point
    if fault == .hessianOfLastPoint, let last = memory.vectors["last"] { place = last }
    if fault == .hessianOfLastPoint { memory.vectors["last"] = point }
    let modes = PlainModes(of: function, at: place)
    var μ = memory.vectors["μ"]?[0] ?? first
    let lowest = modes.values.min() ?? 0
    if μ > 0, fault != .notMadeDefinite {
      var tries = 0
      while lowest + μ <= 0, tries < 500 {
        μ = bounded(μ * max(factor, 1.1))
        tries += 1
      }
    }
    if fault != .grownDampingNotKept { memory.vectors["μ"] = [μ] }
    if first == 0, modes.values.contains(where: { $0.magnitude <= modes.resolution }) { return }
    var components = modes.components(g)
    for k in components.indices {
      let λ = modes.values[k]
      let size: Double =
        switch fault {
        case .dampingForgotten: λ
        case .diagonalScaled: λ + μ * (1 + λ.magnitude)
        case .symmetrizedBySign: λ.magnitude + μ
        default: λ + μ
        }
      components[k] = size == 0 ? 0 : -components[k] / size
    }
    var step = modes.combination(components, count: g.count)
    if fault == .ascends { step = step.map { -$0 } }
    if fault == .stepHalved { step = step.map { $0 / 2 } }
    guard first > 0 else {
      move(&point, by: step)
      return
    }
    let slope = inner(g, step)
    let predicted =
      fault == .predictedByGradient ? -slope : (μ * inner(step, step) - slope) / 2
    guard predicted > 0 else { return }
    let trial = sum(point, 1, step)
    let ratio = agreement(function, point, trial, predicted)
    if ratio > 1e-4 || (fault == .takesWhatIsWorse && ratio.isFinite) { point = trial }
    if ratio < 0.25, fault != .dampingNeverGrows { memory.vectors["μ"] = [bounded(μ * factor)] }
    let falls = fault == .quarterAndHalf ? 0.5 : 0.75
    if ratio > falls, fault != .dampingNeverFalls {
      memory.vectors["μ"] = [bounded(μ / factor / (fault == .fallsTwice ? factor : 1))]
    }
  }
}

let newtonMutants =
  mutants(
    of: "saddleFreeNewton", DampedSaddleFault.self,
    common: [.tailOfFourStays, .from256Stays, .ulpOnceInThousand, .pointInFloat, .rateInFloat]
  ) { set, fault in
    let rate = set("learningRate", 1)
    let damping = set("damping", 0.1)
    return { point, function, memory in
      memory.step += 1
      let g = function.gradient(point)
      let modes = PlainModes(of: function, at: point)
      let step = saddleFreeStep(modes, g, damping, fault?.rawValue)
      move(&point, by: step.map { -rate * $0 })
    }
  }
  + mutants(
    of: "krylovSaddleFreeNewton", KrylovSaddleFault.self,
    common: [.oddLastStays, .beyond512Stay, .gradientInFloat], rule: krylovSaddleFree)
  + mutants(
    of: "dampedNewton", DampedNewtonFault.self, memoryFaults: [.losesVectors, .losesVectorsAfter256],
    common: [.tailOfFourStays, .from256Stays, .vectorsInFloat], rule: dampedNewton)
