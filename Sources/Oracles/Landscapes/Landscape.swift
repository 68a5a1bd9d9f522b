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
  /// H(x)·v where that takes less than the Hessian; of a unit vector, bit for bit the Hessian's column.
  private let product: (@Sendable (_ at: [Double], _ along: [Double]) -> [Double])?
  /// Known critical points; all there are where `hasAllCriticalPoints`.
  public let criticalPoints: [CriticalPoint]
  public let hasAllCriticalPoints: Bool

  /// - Parameter product: H(x)·v in closed form, of a unit vector bit for bit the Hessian's column; taken
  ///   from the Hessian where none is given.
  public init(
    name: String, dimension: Int, value: @escaping @Sendable ([Double]) -> Double,
    gradient: @escaping @Sendable ([Double]) -> [Double],
    hessian: @escaping @Sendable ([Double]) -> [[Double]],
    product: (@Sendable (_ at: [Double], _ along: [Double]) -> [Double])? = nil,
    criticalPoints: [CriticalPoint], hasAllCriticalPoints: Bool
  ) {
    self.name = name
    self.dimension = dimension
    self.value = value
    self.gradient = gradient
    self.hessian = hessian
    self.product = product
    self.criticalPoints = criticalPoints
    self.hasAllCriticalPoints = hasAllCriticalPoints
  }

  /// H(x)·v in closed form.
  public func hessianVectorProduct(at x: [Double], along v: [Double]) -> [Double] {
    product?(x, v) ?? hessian(x).map { dot($0, v) }
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
