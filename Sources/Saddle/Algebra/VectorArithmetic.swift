// Vectors as arrays, for algorithms that take few steps with many elements each. The element loops
// are the kernels'.

extension Array where Element: Scalar {
  /// The elements of a span.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  package init(copying span: Span<Element>) {
    self = span.withUnsafeBufferPointer { Array($0) }
  }

  /// a·x.
  func scaled(by a: Element) -> [Element] {
    var result = [Element](repeating: 0, count: count)
    var target = result.mutableSpan
    axpy(a, span, into: &target)
    return result
  }

  /// x + a·y.
  func adding(_ a: Element, times y: [Element]) -> [Element] {
    var result = self
    var target = result.mutableSpan
    axpy(a, y.span, into: &target)
    return result
  }

  /// Σ xᵢyᵢ.
  func dot(_ y: [Element]) -> Element { Saddle.dot(span, y.span) }

  /// The Euclidean norm; NaN where an element is not finite.
  var norm: Element { euclideanNorm(span) }
}
