/// ½‖∇L(θ)‖² as the function that an optimizer walks on, with its exact gradient H·∇L (McIver and
/// Komornicki 1972; Angelani et al. 2000; Frye et al. 2021, "gradient norm minimization").
///
/// Coordinates are u = (θ − origin)/unit, so that an optimizer whose first step has length 1 moves
/// θ by `unit`.
struct GradientNormModel<Function: Objective<Double>>: LocalModel {
  let objective: Function
  let origin: [Double]
  let unit: Double
  var gradient: [Double]
  /// How often value and gradient were computed.
  private(set) var evaluations = 0
  private(set) var last: Sample?

  /// What is known at the point that was evaluated last: L and ∇L there, and the image of ∇L.
  struct Sample {
    let coordinates, point, gradient, image: [Double]
    let objective, value: Double
  }

  var dimension: Int { objective.dimension }

  init(_ objective: Function, origin: [Double], unit: Double) {
    self.objective = objective
    self.origin = origin
    self.unit = unit
    gradient = [Double](repeating: 0, count: origin.count)
  }

  mutating func evaluate(at coordinates: Span<Double>) -> Double {
    let u = [Double](copying: coordinates)
    if let last, last.coordinates == u {
      gradient = last.image
      return last.value
    }
    let point = origin.adding(unit, times: u)
    let (level, slope) = objective.gradient(at: point)
    let image = objective.linearized(at: point).apply(slope).scaled(by: unit)
    let value = slope.dot(slope) / 2
    evaluations += 1
    last = Sample(
      coordinates: u, point: point, gradient: slope, image: image, objective: level, value: value)
    gradient = image
    return value
  }

  mutating func value(at coordinates: Span<Double>) -> Double {
    let slope = objective.gradient(at: origin.adding(unit, times: [Double](copying: coordinates)))
      .gradient
    return slope.dot(slope) / 2
  }

  /// The Gauss–Newton part H², which is all of the second derivative at a critical point of L.
  func linearized(at coordinates: Span<Double>) -> OperatorSum<Double> {
    let point = origin.adding(unit, times: [Double](copying: coordinates))
    return SquaredOperator(base: objective.linearized(at: point)).scaled(by: unit * unit)
  }
}

/// A·A.
private struct SquaredOperator<Base: LinearOperator<Double>>: LinearOperator {
  let base: Base
  var dimension: Int { base.dimension }

  func apply(_ vectors: Matrix<Double>, into products: inout Matrix<Double>) {
    base.apply(base.apply(vectors), into: &products)
  }
}
