/// An objective whose Hessian is assembled wherever it is linearized: for methods that take more
/// products at a point than the Hessian costs, P and more of them at a degenerate one.
public struct AssembledObjective<Base: Objective>: Objective {
  public let base: Base

  public init(_ base: Base) { self.base = base }

  public var dimension: Int { base.dimension }
  public var structuralNullSpace: StructuralNullSpace { base.structuralNullSpace }

  public func value(at parameters: [Base.Element]) -> Base.Element { base.value(at: parameters) }

  public func gradient(
    at parameters: [Base.Element]
  ) -> (value: Base.Element, gradient: [Base.Element]) {
    base.gradient(at: parameters)
  }

  public func rounding(at parameters: [Base.Element]) -> EvaluationRounding? {
    base.rounding(at: parameters)
  }

  public func gradientEnclosure(at parameters: [Ball]) -> [Ball]? {
    base.gradientEnclosure(at: parameters)
  }

  public func hessianRounding(at parameters: [Base.Element]) -> Double? {
    base.hessianRounding(at: parameters)
  }

  public func hessianLipschitz(at parameters: [Base.Element], radius: Double) -> Double? {
    base.hessianLipschitz(at: parameters, radius: radius)
  }

  public var exactNullDirections: [SparseDirection] { base.exactNullDirections }

  public func linearized(at parameters: [Base.Element]) -> DenseOperator<Base.Element> {
    DenseOperator(base.hessian(at: parameters))
  }

  public func hessian(at parameters: [Base.Element]) -> Matrix<Base.Element> {
    base.hessian(at: parameters)
  }
}
