/// A whole objective as the model that an optimizer walks on: every step sees the same function.
public struct ObjectiveModel<Function: Objective>: LocalModel {
  public typealias Element = Function.Element
  public let objective: Function
  public var gradient: [Element]
  public var dimension: Int { objective.dimension }

  public init(_ objective: Function) {
    self.objective = objective
    gradient = [Element](repeating: 0, count: objective.dimension)
  }

  public mutating func evaluate(at parameters: Span<Element>) -> Element {
    let value: Element
    (value, gradient) = objective.gradient(at: Array(copying: parameters))
    return value
  }

  public mutating func value(at parameters: Span<Element>) -> Element {
    objective.value(at: Array(copying: parameters))
  }

  public func linearized(at parameters: Span<Element>) -> HessianOperator<Function> {
    HessianOperator(of: objective, at: Array(copying: parameters))
  }
}
