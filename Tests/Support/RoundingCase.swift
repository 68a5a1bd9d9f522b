import Oracles
import Saddle

/// A network that brings rounding out, as the core's objective, beside its truth in double-double.
public struct RoundingCase {
  public let objective: NetworkObjective<Double>
  public let parameters: [Double]
  public let truth: HigherPrecisionPoint

  public init(_ drawn: AdversarialNetwork) throws {
    try self.init(drawn.network, at: drawn.parameters)
  }

  public init(_ plain: PlainNetwork, at parameters: [Double]) throws {
    objective = try NetworkObjective(plain)
    self.parameters = parameters
    truth = plain.inHigherPrecision(at: parameters)
  }

  /// A figure's error and the bound that is printed for it.
  public struct Figure: Sendable {
    public let name: String
    public let error: Double
    /// nil: not bounded.
    public let bound: Double?
    /// What was printed until the sums' own rounding was bounded.
    public let formerBound: Double

    /// Whether the error is within the bound times a factor.
    public func isWithin(_ factor: Double = 1) -> Bool { bound.map { error <= factor * $0 } ?? true }
  }

  /// Loss and gradient norm, and each curvature matrix in the norm that bounds its eigenvalues'
  /// errors.
  public func figures() throws -> [Figure] {
    let evaluation = objective.evaluate(at: parameters)
    let rounding = objective.rounding(at: parameters)
    let order = parameters.count
    let fisher = (0..<order).reduce(0) { $0 + Double(truth.empiricalFisher[$1][$1]) }
    let perSample = max(fisher - Double(order) * objective.weightDecay, 0).squareRoot()
    let length = parameters.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let matrices: [(CurvatureKind, [[DoubleDouble]])] = [
      (.hessian, truth.hessian), (.gaussNewton, truth.gaussNewton),
      (.empiricalFisher, truth.empiricalFisher), (.gradientCovariance, truth.gradientCovariance),
    ]
    return try [
      Figure(
        name: "loss", error: distance(evaluation.loss, truth.loss), bound: rounding?.loss,
        formerBound: 1e-11 * evaluation.loss.magnitude),
      Figure(
        name: "gradient norm", error: distance(evaluation.gradientNorm, truth.gradientNorm),
        bound: rounding?.gradientNorm,
        formerBound: 1e-11 * (perSample + objective.weightDecay * length)),
    ]
      + matrices.map { kind, exact in
        let computed = objective.curvatureMatrix(kind, at: parameters, includingPenalty: true)
        return Figure(
          name: kind.description, error: try radius(ofDifference: computed, exact),
          bound: objective.curvatureRounding(kind, at: parameters),
          formerBound: 60 * Double(order) * .ulpOfOne * (try radius(computed.asRows)))
      }
  }

  private func distance(_ value: Double, _ exact: DoubleDouble) -> Double {
    Double((DoubleDouble(value) - exact).magnitude)
  }

  private func radius(ofDifference a: Matrix<Double>, _ b: [[DoubleDouble]]) throws -> Double {
    try radius(
      b.indices.map { i in
        b.indices.map { j in Double(DoubleDouble(a[i, j]) - b[i][j]) }
      })
  }

  private func radius(_ rows: [[Double]]) throws -> Double {
    try GSL.eigenvalues(rows).reduce(0) { max($0, $1.magnitude) }
  }
}
