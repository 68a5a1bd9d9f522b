import Foundation
import Oracles
import Saddle

/// What can be wrong with noise that has the right lengths and comes when it is due, and more.
enum NoiseFault: String, CaseIterable {
  case alongAxes, signs, cube, correlatedPair, halfInOneDirection
  case alongGradient, againstLastMove, noneWhereSteep
  case antitheticAtLagTwo, perpendicularToLast, turnedOver, lengthsInTurn
  case poolOf100, poolOf200, poolInTurn
  case rootRadii, twoLengths

  /// Those of the length alone, which only a ball has.
  static let ofBall: [NoiseFault] = [.lengthsInTurn, .rootRadii, .twoLengths]
}

/// Noise on the unit sphere or in the unit ball, with one fault or with none.
///
/// - Parameter memory: What there was before, and where the bits come from.
func plainNoise(
  _ n: Int, inBall: Bool, _ fault: NoiseFault? = nil, along gradient: [Double],
  _ memory: inout PlainMemory
) -> [Double] {
  let count = Int(memory["draws", 1][0])
  let steepness = length(gradient)
  if fault == .noneWhereSteep, steepness > 10 { return gradient.map { _ in 0 } }

  var direction = Draw.direction(n, using: &memory.noise)
  var level = Draw.unit(using: &memory.noise)
  let last = memory.vectors["last noise"]
  switch fault {
  case .alongAxes:
    let axis = Draw.integer(below: n, using: &memory.noise)
    direction = (0..<n).map { $0 == axis ? sign(direction[$0]) : 0 }
  case .signs: direction = direction.map { sign($0) / Double(n).squareRoot() }
  case .cube:
    let corner = (0..<n).map { _ in Draw.uniform(-1, 1, using: &memory.noise) }
    direction = unit(corner)
  case .correlatedPair where n > 1:
    // Normal coordinates of variance 1, the first two with covariance 0.9.
    var normals = Draw.normals(n, using: &memory.noise)
    normals[1] = 0.9 * normals[0] + 0.19.squareRoot() * normals[1]
    direction = unit(normals)
  case .halfInOneDirection where Draw.once(in: 2, using: &memory.noise):
    direction = unit((0..<n).map { Double($0 + 1) })
  case .alongGradient where steepness > 0: direction = unit(gradient)
  case .againstLastMove where memory.vectors["last move"] != nil:
    let move = memory["last move", n]
    if inner(direction, move) > 0 { direction = direction.map { -$0 } }
  case .antitheticAtLagTwo where count % 4 >= 2:
    direction = memory["noise \(count % 2)", n].map { -$0 }
  case .perpendicularToLast where n > 1 && last != nil:
    let axis = unit(last ?? direction)
    let along = inner(direction, axis)
    direction = unit(zip(direction, axis).map { $0 - along * $1 })
  case .turnedOver where !count.isMultiple(of: 2):
    // The last one backwards, with another sign at every second coordinate.
    direction = unit(last ?? direction).reversed().enumerated().map { i, x in
      i.isMultiple(of: 2) ? x : -x
    }
  case .lengthsInTurn where last != nil: level = 1 - pow(length(last ?? []), Double(n))
  case .poolOf100, .poolOf200, .poolInTurn:
    let size = fault == .poolOf200 ? 200 : 100
    let place =
      fault == .poolInTurn ? count % size : Draw.integer(below: size, using: &memory.noise)
    // The same pool at every draw.
    var pool = RandomStream(seed: UInt64(memory["pool", 1][0]), name: "\(place)")
    direction = Draw.direction(n, using: &pool)
    level = Draw.unit(using: &pool)
  default: break
  }

  let radius: Double =
    switch fault {
    case _ where !inBall: 1
    case .rootRadii: level.squareRoot()
    case .twoLengths: level < 0.5 ? 0.5 : 1
    default: pow(level, 1 / Double(n))
    }
  let noise = direction.map { radius * $0 }
  // Right noise needs no memory but its generator.
  if fault != nil {
    memory["draws", 1] = [Double(count + 1)]
    memory["last noise", n] = noise
    memory["noise \(count % 2)", n] = direction
  }
  return noise
}

private func unit(_ x: [Double]) -> [Double] {
  let size = length(x)
  return x.map { $0 / size }
}
