/// What an optimizer is asked to walk on during one step: a value, a gradient and, for those that
/// want it, a Hessian-vector product.
public struct StepFunction: Sendable {
  public let value: @Sendable ([Double]) -> Double
  public let gradient: @Sendable ([Double]) -> [Double]
  public let hessianVectorProduct: @Sendable (_ at: [Double], _ along: [Double]) -> [Double]

  public init(
    value: @escaping @Sendable ([Double]) -> Double,
    gradient: @escaping @Sendable ([Double]) -> [Double],
    hessianVectorProduct: @escaping @Sendable (_ at: [Double], _ along: [Double]) -> [Double]
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

  /// ½Σλᵢ(xᵢ − cᵢ)².
  public static func quadratic(curvatures: [Double], center: [Double]) -> StepFunction {
    StepFunction(
      value: { x in
        var sum = 0.0
        for i in x.indices { sum += 0.5 * curvatures[i] * (x[i] - center[i]) * (x[i] - center[i]) }
        return sum
      },
      gradient: { x in x.indices.map { curvatures[$0] * (x[$0] - center[$0]) } },
      hessianVectorProduct: { _, v in v.indices.map { curvatures[$0] * v[$0] } })
  }

  /// c·f.
  func scaled(by factor: Double) -> StepFunction {
    StepFunction(
      value: { factor * value($0) }, gradient: { gradient($0).map { factor * $0 } },
      hessianVectorProduct: { hessianVectorProduct($0, $1).map { factor * $0 } })
  }
}
