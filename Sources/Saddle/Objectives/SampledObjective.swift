/// A mean of losses over samples, plus ½·weightDecay·‖θ‖²: what has, besides its Hessian, the other
/// curvature matrices of statistics and optimization.
public protocol SampledObjective<Element>: Objective {
  /// N.
  var samples: Int { get }
  /// α of the penalty ½α‖θ‖².
  var weightDecay: Element { get }
  /// The layers' parameters by name, in order, together all of 0 ..< dimension.
  var parameterBlocks: [ParameterBlock] { get }

  /// Loss, accuracy (nil for targets that are values) and gradient norm over all samples.
  func evaluate(at parameters: [Element]) -> Evaluation

  /// A curvature matrix at θ as an operator.
  ///
  /// - Parameter includingPenalty: whether the penalty's α·I is added, to the kinds that see it.
  func curvature(
    _ kind: CurvatureKind, at parameters: [Element], includingPenalty: Bool
  ) -> Linearization

  /// A curvature matrix at θ, P × P and exactly symmetric.
  func curvatureMatrix(
    _ kind: CurvatureKind, at parameters: [Element], includingPenalty: Bool
  ) -> Matrix<Element>

  /// A proved bound of ‖computed − true‖₂ of `curvatureMatrix` at θ, with and without the penalty:
  /// so far may rounding have moved each of its eigenvalues, besides the eigensolver's own. nil where
  /// no bound is known.
  func curvatureRounding(_ kind: CurvatureKind, at parameters: [Element]) -> Double?
}

extension SampledObjective {
  /// No bound.
  public func curvatureRounding(_ kind: CurvatureKind, at parameters: [Element]) -> Double? { nil }

  public func linearized(at parameters: [Element]) -> Linearization {
    curvature(.hessian, at: parameters, includingPenalty: true)
  }

  /// Column by column; an objective that can assemble the matrix should.
  public func curvatureMatrix(
    _ kind: CurvatureKind, at parameters: [Element], includingPenalty: Bool
  ) -> Matrix<Element> {
    curvature(kind, at: parameters, includingPenalty: includingPenalty).dense().symmetrized()
  }

  public func hessian(at parameters: [Element]) -> Matrix<Element> {
    curvatureMatrix(.hessian, at: parameters, includingPenalty: true)
  }
}
