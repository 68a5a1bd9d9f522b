/// A whole objective as the model that an optimizer walks on: every step sees the same function.
public struct ObjectiveModel<Function: Objective>: LocalModel {
  public let objective: Function
  public private(set) var gradient: [Function.Element]
  public var dimension: Int { objective.dimension }

  public init(_ objective: Function) {
    self.objective = objective
    gradient = [Function.Element](repeating: 0, count: objective.dimension)
  }

  public mutating func evaluate(at parameters: Span<Function.Element>) -> Function.Element {
    let value: Function.Element
    (value, gradient) = objective.gradient(at: parameters.indices.map { parameters[$0] })
    return value
  }
}
