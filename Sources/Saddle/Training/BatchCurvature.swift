/// The Hessian of a model's current batch, made when it is first asked for.
struct BatchCurvature<Function: SampledObjective>: Sendable {
  typealias T = Function.Element

  /// Where it is asked for; empty until it is.
  private var base: [T] = []
  private var linearization: Function.Linearization?

  /// For another batch.
  mutating func forget() { linearization = nil }

  mutating func move(to parameters: Span<T>) {
    base = Array(copying: parameters)
    linearization = nil
  }

  mutating func multiply(
    _ vector: Span<T>, into product: inout MutableSpan<T>, of batch: @autoclosure () -> Function
  ) {
    let linear = linearization ?? batch().linearized(at: base)
    linearization = linear
    copy(linear.apply(Array(copying: vector)).span, into: &product)
  }

  func hessian(of batch: Function) -> Matrix<T> { batch.hessian(at: base) }
}
