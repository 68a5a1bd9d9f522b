/// How a method perturbs gradient descent: θ ← θ − η·g + s·ξ, the noise ξ where it is due.
public struct PerturbationLaw: Sendable {
  public enum Shape: Sendable {
    /// Uniform on the unit sphere.
    case sphere
    /// Uniform in the unit ball.
    case ball
  }

  /// η.
  public let rate: Double
  /// s > 0, a length in θ.
  public let scale: Double
  public let shape: Shape
  /// Noise is due where ‖g‖ is at most this.
  public let threshold: Double
  /// Steps after a perturbation in which there is none.
  public let interval: Int

  public init(
    rate: Double, scale: Double, shape: Shape, threshold: Double = .infinity, interval: Int = 0
  ) {
    self.rate = rate
    self.scale = scale
    self.shape = shape
    self.threshold = threshold
    self.interval = interval
  }
}
