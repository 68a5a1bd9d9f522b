/// An objective's Hessian at a point: the products of its linearization, made when the first one is
/// asked for, and the matrix as the objective knows it best.
public struct HessianOperator<Function: Objective>: LinearOperator {
  public typealias Element = Function.Element
  private let objective: Function
  private let point: [Element]
  private let linearization = OnDemand<Function.Linearization>()

  /// - Parameter point: θ, P elements.
  public init(of objective: Function, at point: [Element]) {
    self.objective = objective
    self.point = point
  }

  public var dimension: Int { objective.dimension }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    linearization.value { objective.linearized(at: point) }.apply(vectors, into: &products)
  }

  public func assembled() -> Matrix<Element> { objective.hessian(at: point) }
}
