/// A mean of losses over samples, plus ½·weightDecay·‖θ‖²: what has, besides its Hessian, the other
/// curvature matrices of statistics and optimization.
public protocol SampledObjective<Element>: Objective {
  /// N.
  var samples: Int { get }
  /// The layers' parameters by name, in order, together all of 0 ..< dimension.
  var parameterBlocks: [ParameterBlock] { get }

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
  /// What the structural null directions are for a curvature matrix at any θ.
  public func structuralEigenvalue(
    of kind: CurvatureKind = .hessian, includingPenalty: Bool = true
  ) -> StructuralEigenvalue {
    structuralNullSpace.eigenvalue(
      shift: Double(penaltyShift(of: kind, includingPenalty: includingPenalty)))
  }

  /// The α of the α·I that the penalty adds to a curvature matrix.
  func penaltyShift(of kind: CurvatureKind, includingPenalty: Bool) -> Element {
    includingPenalty && kind.seesPenalty ? weightDecay : 0
  }

  /// No bound.
  public func curvatureRounding(_ kind: CurvatureKind, at parameters: [Element]) -> Double? { nil }

  public func hessianRounding(at parameters: [Element]) -> Double? {
    curvatureRounding(.hessian, at: parameters)
  }

  public func linearized(at parameters: [Element]) -> Linearization {
    curvature(.hessian, at: parameters, includingPenalty: true)
  }

  /// Column by column; an objective that can assemble the matrix should.
  public func curvatureMatrix(
    _ kind: CurvatureKind, at parameters: [Element], includingPenalty: Bool
  ) -> Matrix<Element> {
    curvature(kind, at: parameters, includingPenalty: includingPenalty).assembled()
  }

  public func hessian(at parameters: [Element]) -> Matrix<Element> {
    curvatureMatrix(.hessian, at: parameters, includingPenalty: true)
  }
}
