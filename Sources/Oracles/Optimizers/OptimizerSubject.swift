/// What an optimizer is asked to walk on during one step: a value, a gradient and, for those that
/// want it, a Hessian-vector product.
public struct StepFunction {
  public let value: ([Double]) -> Double
  public let gradient: ([Double]) -> [Double]
  public let hessianVectorProduct: (_ at: [Double], _ along: [Double]) -> [Double]

  public init(
    value: @escaping ([Double]) -> Double, gradient: @escaping ([Double]) -> [Double],
    hessianVectorProduct: @escaping (_ at: [Double], _ along: [Double]) -> [Double]
  ) {
    self.value = value
    self.gradient = gradient
    self.hessianVectorProduct = hessianVectorProduct
  }

  public init(_ landscape: Landscape) {
    self.init(
      value: landscape.value, gradient: landscape.gradient,
      hessianVectorProduct: { landscape.hessianVectorProduct(at: $0, along: $1) })
  }

  /// A value and a gradient that are the same everywhere, and no curvature.
  public init(value: Double = 1, gradient: [Double]) {
    self.init(
      value: { _ in value }, gradient: { _ in gradient },
      hessianVectorProduct: { _, v in v.map { _ in 0 } })
  }
}

/// An optimizer as the oracles see it, in this process or in another.
public protocol OptimizerSubject: Sendable {
  /// Begins a run in `dimension` coordinates, with an empty memory.
  func begin(dimension: Int) throws -> any OptimizerRun
}

/// A run under way: a memory that moves points.
public protocol OptimizerRun {
  /// Moves `parameters` by one step on a function.
  ///
  /// - Throws: what the optimizer refuses with; `parameters` and memory are then as they were.
  mutating func step(_ parameters: inout [Double], on function: StepFunction) throws
  /// The memory as JSON.
  func save() throws -> String
  /// Goes on with a memory that `save` gave.
  mutating func load(_ memory: String) throws
}
