/// A function with its derivatives as somebody computes them, as the oracles see it.
public struct CurvatureSubject: Sendable {
  /// Whether rounding is that of single precision or of double.
  public enum Precision: Sendable {
    case single, double

    /// The unit roundoff.
    var roundoff: Double { self == .single ? 0x1p-24 : 0x1p-53 }
    /// The distance from 1 to the next number.
    var ulp: Double { 2 * roundoff }
  }

  /// n.
  public let dimension: Int
  public let precision: Precision
  /// Whether it is twice differentiable everywhere; nil where that is not known.
  public let isSmooth: Bool?
  /// Whether no eigenvalue of the matrix is negative.
  public let isSemidefinite: Bool
  /// Whether the matrix is the derivative of the gradient.
  public let isHessian: Bool
  /// The terms of a mean over samples, where it is one.
  public struct Samples: Sendable {
    public let count: Int
    /// λ of the penalty ½λ‖θ‖², which is in no term.
    public let weightDecay: Double
    /// A sample's value and gradient.
    public let term: @Sendable (_ point: [Double], _ index: Int) throws -> (Double, [Double])

    public init(
      count: Int, weightDecay: Double,
      term: @escaping @Sendable (_ point: [Double], _ index: Int) throws -> (Double, [Double])
    ) {
      self.count = count
      self.weightDecay = weightDecay
      self.term = term
    }
  }

  public let samples: Samples?
  public let value: @Sendable ([Double]) throws -> Double
  public let gradient: @Sendable ([Double]) throws -> [Double]
  /// Of the matrix at a point with some vectors.
  public let products: @Sendable (_ point: [Double], _ vectors: [[Double]]) throws -> [[Double]]

  public init(
    dimension: Int, precision: Precision = .double, isSmooth: Bool? = nil,
    isSemidefinite: Bool = false, isHessian: Bool = true, samples: Samples? = nil,
    value: @escaping @Sendable ([Double]) throws -> Double,
    gradient: @escaping @Sendable ([Double]) throws -> [Double],
    products: @escaping @Sendable (_ point: [Double], _ vectors: [[Double]]) throws -> [[Double]]
  ) {
    self.dimension = dimension
    self.precision = precision
    self.isSmooth = isSmooth
    self.isSemidefinite = isSemidefinite
    self.isHessian = isHessian
    self.samples = samples
    self.value = value
    self.gradient = gradient
    self.products = products
  }
}
