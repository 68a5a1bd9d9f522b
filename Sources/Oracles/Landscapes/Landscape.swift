/// A function of which everything is known: value, gradient and Hessian in closed form, and its
/// critical points with their index.
public struct Landscape: Sendable {
  public let name: String
  /// The number of variables, n.
  public let dimension: Int
  public let value: @Sendable ([Double]) -> Double
  /// n numbers.
  public let gradient: @Sendable ([Double]) -> [Double]
  /// n × n, exactly symmetric.
  public let hessian: @Sendable ([Double]) -> [[Double]]
  /// Known critical points; all there are where `hasAllCriticalPoints`.
  public let criticalPoints: [CriticalPoint]
  public let hasAllCriticalPoints: Bool

  public init(
    name: String, dimension: Int, value: @escaping @Sendable ([Double]) -> Double,
    gradient: @escaping @Sendable ([Double]) -> [Double],
    hessian: @escaping @Sendable ([Double]) -> [[Double]],
    criticalPoints: [CriticalPoint], hasAllCriticalPoints: Bool
  ) {
    self.name = name
    self.dimension = dimension
    self.value = value
    self.gradient = gradient
    self.hessian = hessian
    self.criticalPoints = criticalPoints
    self.hasAllCriticalPoints = hasAllCriticalPoints
  }

  /// H(x)·v from the closed-form Hessian.
  public func hessianVectorProduct(at x: [Double], along v: [Double]) -> [Double] {
    hessian(x).map { dot($0, v) }
  }
}

/// A point where the gradient vanishes.
public struct CriticalPoint: Sendable, Equatable {
  public let location: [Double]
  /// How many eigenvalues of the Hessian are negative.
  public let index: Int
  /// How many are zero.
  public let nullity: Int
  public let value: Double

  public init(location: [Double], index: Int, nullity: Int = 0, value: Double) {
    self.location = location
    self.index = index
    self.nullity = nullity
    self.value = value
  }
}
