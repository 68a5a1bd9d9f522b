import Foundation

/// Draws of a noise in their order, and what was around each.
package struct NoiseSample: Sendable {
  /// What was there before a draw, and must not show in it.
  package struct Surroundings: Sendable {
    /// g, zeros where there is none.
    package var gradient: [Double]
    /// Where ‖g‖ lies among those of the course, a draw that is uniform on [0, 1); nil where they
    /// are all the same.
    package var size: Double?
    /// θ.
    package var point: [Double]
    /// θ − θ⁻ of the last step with noise; zeros at first.
    package var move: [Double]

    package init(gradient: [Double], size: Double?, point: [Double], move: [Double]) {
      self.gradient = gradient
      self.size = size
      self.point = point
      self.move = move
    }
  }

  package let dimension: Int
  package let shape: PerturbationLaw.Shape
  /// In units of the noise's scale; 0 where there was none.
  package private(set) var lengths: [Double] = []
  /// Unit vectors; zeros where there was no noise.
  package private(set) var directions: [[Double]] = []
  package private(set) var surroundings: [Surroundings] = []

  package init(dimension: Int, shape: PerturbationLaw.Shape) {
    self.dimension = dimension
    self.shape = shape
  }

  /// - Parameter rounding: What may be left of no noise at all, and be missing of a length.
  package mutating func append(
    _ noise: [Double], rounding: Double = 1e-14, in surroundings: Surroundings? = nil
  ) {
    let length = norm(noise)
    let isThere = length > rounding
    // What rounding may have done to a length is not held against it.
    let snapped =
      switch shape {
      case .sphere: (length - 1).magnitude <= rounding ? 1 : length
      case .ball: length > 1 && length <= 1 + rounding ? 1 : length
      }
    lengths.append(isThere ? snapped : 0)
    directions.append(noise.map { isThere ? $0 / length : 0 })
    if let surroundings { self.surroundings.append(surroundings) }
  }

  package var count: Int { lengths.count }

  /// rⁿ: uniform on [0, 1] in the ball.
  package var levels: [Double] { lengths.map { pow($0, Double(dimension)) } }

  /// A draw of the right law.
  package static func right(
    _ dimension: Int, _ shape: PerturbationLaw.Shape,
    using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    let direction = Draw.direction(dimension, using: &generator)
    guard shape == .ball else { return direction }
    // 1 − u lies in (0, 1]: no draw is nothing.
    let length = pow(1 - Draw.unit(using: &generator), 1 / Double(dimension))
    return direction.map { length * $0 }
  }
}

extension Evidence {
  /// Cosines between a uniform direction and others that do not depend on it: signs in one
  /// dimension, and a coordinate's law in more.
  mutating func add(
    cosines: [Double], dimension: Int, _ label: @autoclosure () -> String
  ) {
    if dimension > 1 {
      let law = DirectionLaw(dimension: dimension)
      add(uniform: cosines.map(law.cumulative), label())
    } else if cosines.contains(0) {
      require(false, label() + ": 0")
    } else {
      add(heads: cosines.count { $0 > 0 }, of: cosines.count, label())
    }
  }

  /// Pairs of which one at least is uniform on [0, 1] whatever the other is: on a circle their sum
  /// and their difference are uniform too.
  mutating func add(
    pairs: [(Double, Double)], _ label: @autoclosure () -> String
  ) {
    func onCircle(_ x: Double) -> Double { x - x.rounded(.down) }
    add(uniform: pairs.map { onCircle($0 + $1) }, label() + ", sum")
    add(uniform: pairs.map { onCircle($0 - $1) }, label() + ", difference")
  }
}
