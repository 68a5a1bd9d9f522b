import Oracles

enum TrustRegionFault: String, CaseIterable {
  case radiusNeverGrows, radiusNeverShrinks, takesWhatIsWorse, growsInside, stopsAtNegative
  case maximumForgotten, endsTooEarly, endsTooLate, halfToTheBoundary, budgetForgotten
  case shrinksByHalf, growsThreefold, steepestOnly, boundaryFromOrigin, radiusOfLastStep
  case maximumNormForLength, lengthOfFirst32
}

/// Steihaug's conjugate gradients: the step, what the model falls by, and whether the step ends on
/// the boundary.
private func steihaug(
  _ function: StepFunction, _ point: [Double], _ g: [Double], radius: Double, tolerance: Double,
  budget: Int, _ fault: TrustRegionFault?
) -> (step: [Double], predicted: Double, isOnBoundary: Bool) {
  var step = g.map { _ in 0.0 }
  var image = step
  var residual = g
  var direction = g.map { -$0 }
  func size(_ x: [Double]) -> Double {
    switch fault {
    case .maximumNormForLength: x.reduce(0) { max($0, $1.magnitude) }
    case .lengthOfFirst32: length(Array(x.prefix(32)))
    default: length(x)
    }
  }
  func result(_ isOnBoundary: Bool) -> (step: [Double], predicted: Double, isOnBoundary: Bool) {
    (step, -inner(g, step) - inner(step, image) / 2, isOnBoundary)
  }
  for _ in 0..<(fault == .steepestOnly ? 1 : fault == .budgetForgotten ? 1000 : budget) {
    guard length(residual) > tolerance else { break }
    let product = function.hessianVectorProduct(point, direction)
    let curvature = inner(direction, product)
    let square = inner(residual, residual)
    let next = sum(step, square / curvature, direction)
    if curvature <= 0, fault == .stopsAtNegative, length(step) > 0 { return result(false) }
    guard curvature > 0, size(next) < radius else {
      // ‖s + τd‖ = Δ.
      let unit = direction.map { $0 / length(direction) }
      let along = inner(step, unit)
      let inside = max(0, (radius - length(step)) * (radius + length(step)))
      let root = (along * along + inside).squareRoot()
      var reach = along > 0 ? inside / (along + root) : root - along
      if fault == .boundaryFromOrigin { reach = radius }
      if fault == .halfToTheBoundary { reach /= 2 }
      step = sum(step, reach, unit)
      image = sum(image, reach / length(direction), product)
      return result(true)
    }
    step = next
    image = sum(image, square / curvature, product)
    residual = sum(residual, square / curvature, product)
    direction = sum(
      residual.map { -$0 }, inner(residual, residual) / square, direction)
  }
  return result(false)
}

private func trustRegion(_ set: Settings, _ fault: TrustRegionFault?) -> PlainOptimizer.Rule {
  let first = set("radius", 1)
  let maximum = fault == .maximumForgotten ? 1e300 : set("maximumRadius", 100)
  let budget = Int(set("iterations", 100))
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    let size = length(g)
    guard size > 0 else { return }
    var radius = memory.vectors["Δ"]?[0] ?? first
    let forcing: Double =
      switch fault {
      case .endsTooEarly: 0.9
      case .endsTooLate: 1e-6
      default: min(0.5, size.squareRoot())
      }
    let found = steihaug(
      function, point, g, radius: radius, tolerance: forcing * size, budget: budget, fault)
    guard found.predicted > 0 else { return }
    let trial = sum(point, 1, found.step)
    let ratio = agreement(function, point, trial, found.predicted)
    if ratio > 1e-4 || (fault == .takesWhatIsWorse && ratio.isFinite) { point = trial }
    if ratio < 0.25, fault != .radiusNeverShrinks {
      let shrunk =
        fault == .radiusOfLastStep
        ? length(found.step) / 4 : radius / (fault == .shrinksByHalf ? 2 : 4)
      radius = max(shrunk, .leastNormalMagnitude)
    }
    let mayGrow = found.isOnBoundary || fault == .growsInside
    if ratio > 0.75, mayGrow, fault != .radiusNeverGrows {
      radius = min((fault == .growsThreefold ? 3 : 2) * radius, maximum)
    }
    memory.vectors["Δ"] = [radius]
  }
}

enum CubicFault: String, CaseIterable {
  case weightDoubled, shiftIsWeight, thirdForSixth, hardCaseForgotten
  case neverAdapts, neverGrows, neverFalls, growsWhenGood, takesWhatIsWorse, shiftHalved
  case predictedWithoutCube, fallsFourfold, negativeAsPositive, notBelowLeast, shiftByRoot
}

/// The minimizer of gᵀs + ½sᵀHs + (M/6)‖s‖³ in the modes' coordinates, and what the model falls by.
private func cubicStep(
  _ modes: PlainModes, _ gradient: [Double], weight: Double, _ fault: CubicFault?
) -> (step: [Double], predicted: Double) {
  let bend = fault == .weightDoubled ? 2 * weight : fault == .thirdForSixth ? weight / 2 : weight
  let values = fault == .negativeAsPositive ? modes.values.map(\.magnitude) : modes.values
  let least = fault == .notBelowLeast ? 0 : max(0, -(values.min() ?? 0))
  let lowest = values.indices.min { values[$0] < values[$1] } ?? 0
  let gaps = values.map { $0 + least }
  func step(_ δ: Double) -> [Double] {
    gradient.indices.map { gradient[$0] == 0 ? 0 : -gradient[$0] / (gaps[$0] + δ) }
  }
  var result: [Double]
  let shortest = length(step(0))
  if least > 0, shortest <= 2 * least / bend, fault != .hardCaseForgotten {
    result = (0..<gaps.count).map { gaps[$0] == 0 || gradient[$0] == 0 ? 0 : step(0)[$0] }
    let size = 2 * least / bend
    result[lowest] = max(0, (size - shortest) * (size + shortest)).squareRoot()
    // Of two equal minimizers the one along the eigenvector whose largest element is positive.
    let most = modes.vectors[lowest].max { $0.magnitude < $1.magnitude } ?? 0
    if most < 0 { result[lowest] = -result[lowest] }
  } else {
    // ‖s(δ)‖ falls and 2(λ + δ)/M rises.
    var (low, high) = (0.0, (bend / 2 * length(gradient)).squareRoot())
    for _ in 0..<300 {
      let δ = low + (high - low) / 2
      guard δ > low, δ < high else { break }
      if length(step(δ)) > 2 * (least + δ) / bend { low = δ } else { high = δ }
    }
    switch fault {
    case .shiftIsWeight: high = bend
    case .shiftHalved: high /= 2
    case .shiftByRoot: high = high.squareRoot()
    default: break
    }
    result = step(high)
  }
  let size = length(result)
  let bent = gradient.indices.map { gradient[$0] + modes.values[$0] * result[$0] / 2 }
  let cube = fault == .predictedWithoutCube ? 0 : weight / 6 * size * size * size
  return (result, -inner(bent, result) - cube)
}

private func cubic(_ set: Settings, _ fault: CubicFault?) -> PlainOptimizer.Rule {
  let first = set("regularization", 1)
  let limit = Int(set("exactLimit", 500))
  let count = Int(set("krylovDimension", 32))
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    let modes =
      point.count <= limit
      ? PlainModes(of: function, at: point)
      : PlainModes(of: function, at: point, from: g, count: count)
    guard !modes.values.isEmpty else { return }
    var weight = memory.vectors["M"]?[0] ?? first
    let solution = cubicStep(modes, modes.components(g), weight: weight, fault)
    guard solution.predicted > 0 else { return }
    let trial = sum(point, 1, modes.combination(solution.step, count: point.count))
    let ratio = agreement(function, point, trial, solution.predicted)
    if ratio >= 0.1 || (fault == .takesWhatIsWorse && ratio.isFinite) { point = trial }
    let (isBad, isGood) = (ratio < 0.1, ratio > 0.9)
    if isBad, ![.neverGrows, .neverAdapts].contains(fault) {
      weight = min(2 * weight, Double.greatestFiniteMagnitude / 4)
    }
    if isGood, weight > 0x1p-52, ![.neverFalls, .neverAdapts].contains(fault) {
      weight *= fault == .growsWhenGood ? 2 : fault == .fallsFourfold ? 0.25 : 0.5
    }
    memory.vectors["M"] = [weight]
  }
}

let trustMutants =
  mutants(
    of: "trustRegionNewton", TrustRegionFault.self, memoryFaults: [.losesVectors, .losesVectorsAfter256],
    common: [.tailOfFourStays, .seamOf64Stays, .ulpOnceInThousand], rule: trustRegion)
  + mutants(
    of: "cubicNewton", CubicFault.self, memoryFaults: [.losesVectors, .losesVectorsAfter256],
    common: [.tailOfEightStays, .from256Stays, .pointInFloat], rule: cubic)
