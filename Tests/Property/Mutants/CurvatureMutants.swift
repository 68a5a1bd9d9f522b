import Oracles

enum NegativeCurvatureFault: String, CaseIterable {
  case neverEscapes, lengthHalved, lipschitzForgotten, lengthByRoot, uphill, thresholdForgotten
  case curvatureThresholdForgotten, gradientThresholdForgotten, alongLargest, descendsAsWell
  case rateForgotten, oneVector, thresholdOfSquare, curvatureThresholdDoubled, normOfFirst32
  case escapesOnce, lengthByRate
}

let curvatureMutants = mutants(
  of: "negativeCurvatureDescent", NegativeCurvatureFault.self, memoryFaults: [.losesStepCount],
  common: [.oddLastStays, .from256Stays, .ulpOnceInThousand, .gradientInFloat]
) { set, fault in
  let rate = fault == .rateForgotten ? 0.05 : set("learningRate", 0.05)
  let threshold = fault == .thresholdForgotten ? 1e-3 : set("gradientThreshold", 1e-3)
  let given = set("curvatureThreshold", 0.03)
  let lipschitz = fault == .lipschitzForgotten ? 1 : set("hessianLipschitz", 1)
  let count = fault == .oneVector ? 1 : Int(set("krylovDimension", 32))
  let curvatureThreshold: Double =
    switch fault {
    case .curvatureThresholdForgotten: 0
    case .curvatureThresholdDoubled: 2 * given
    default: given
    }
  return { point, function, memory in
    memory.step += 1
    let g = function.gradient(point)
    var size = fault == .normOfFirst32 ? length(Array(g.prefix(32))) : length(g)
    if fault == .thresholdOfSquare { size *= size }
    let isSmall = fault == .gradientThresholdForgotten || size <= threshold
    let mayEscape =
      fault != .neverEscapes && (fault != .escapesOnce || memory.vectors["escaped"] == nil)
    if isSmall, mayEscape {
      let start = Draw.direction(point.count, using: &memory.noise)
      let modes = PlainModes(of: function, at: point, from: start, count: count)
      if let k = modes.least, modes.values[k] < -curvatureThreshold {
        let v =
          fault == .alongLargest
          ? modes.vectors[modes.values.indices.max { modes.values[$0] < modes.values[$1] } ?? k]
          : modes.vectors[k]
        let slope = inner(g, v)
        let curvature = modes.values[k].magnitude
        let size: Double =
          switch fault {
          case .lengthHalved: curvature / lipschitz
          case .lengthByRoot: (2 * curvature / lipschitz).squareRoot()
          case .lengthByRate: rate * curvature
          default: 2 * curvature / lipschitz
          }
        let isLevel =
          slope.magnitude <= Double(g.count).squareRoot() * 0x1p-52 * length(g)
        var isForward = isLevel ? Draw.sign(using: &memory.noise) > 0 : slope < 0
        if fault == .uphill, !isLevel { isForward.toggle() }
        if fault == .descendsAsWell { point = sum(point, -rate, g) }
        if fault == .escapesOnce { memory.vectors["escaped"] = [1] }
        move(&point, by: v.map { isForward ? size * $0 : -size * $0 })
        return
      }
    }
    move(&point, by: g.map { -rate * $0 })
  }
}
