/// What a layer without parameters makes of a tensor, with two derivatives: all that a kind of layer
/// has to say of itself to be trained, multiplied by and assembled.
///
/// Tensors are feature-major, elements × samples, and every sample goes by itself. J is the Jacobian
/// at x.
protocol TensorMap: Sendable {
  /// y ← f(x).
  func apply<T: Scalar>(_ x: Span<T>, samples n: Int, into y: inout MutableSpan<T>)

  /// t ← J·ẋ.
  func push<T: Scalar>(
    _ tangent: Span<T>, at x: Span<T>, samples n: Int, into t: inout MutableSpan<T>)

  /// e ← Jᵀδ.
  func pull<T: Scalar>(_ delta: Span<T>, at x: Span<T>, samples n: Int, into e: inout MutableSpan<T>)

  /// e ← e + (∂Jᵀ/∂x·ẋ)δ: how the Jacobian's change along ẋ bends what is carried back.
  func addBend<T: Scalar>(
    of delta: Span<T>, along tangent: Span<T>, at x: Span<T>, samples n: Int,
    into e: inout MutableSpan<T>)
}
