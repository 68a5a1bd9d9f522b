/// A whole objective as the model that an optimizer walks on: every step sees the same function.
public struct ObjectiveModel<Function: Objective>: LocalModel {
  public typealias Element = Function.Element
  public let objective: Function
  public var gradient: [Element]
  public var dimension: Int { objective.dimension }
  private var base: [Element]
  /// The Hessian at `base`, made when it is first asked for.
  private var linearization: Function.Linearization?

  public init(_ objective: Function) {
    self.objective = objective
    gradient = [Element](repeating: 0, count: objective.dimension)
    base = gradient
  }

  public mutating func evaluate(at parameters: Span<Element>) -> Element {
    let value: Element
    (value, gradient) = objective.gradient(at: Array(copying: parameters))
    return value
  }

  public mutating func value(at parameters: Span<Element>) -> Element {
    objective.value(at: Array(copying: parameters))
  }

  public mutating func linearize(at parameters: Span<Element>) {
    base = Array(copying: parameters)
    linearization = nil
  }

  public mutating func hessianVectorProduct(
    along vector: Span<Element>, into product: inout MutableSpan<Element>
  ) {
    let linear = linearization ?? objective.linearized(at: base)
    linearization = linear
    copy(linear.apply(Array(copying: vector)).span, into: &product)
  }

  public mutating func hessian() -> Matrix<Element> { objective.hessian(at: base) }
}

extension Array where Element: Scalar {
  /// The elements of a span.
  init(copying span: Span<Element>) {
    self = span.withUnsafeBufferPointer { Array($0) }
  }
}
