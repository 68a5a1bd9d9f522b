extension RandomStream {
  /// Uniform on the unit sphere in `count` dimensions: normals over their norm (Muller 1959).
  mutating func unitVector<T: Scalar>(_ count: Int, _: T.Type) -> [T] {
    var result = [T](repeating: 0, count: count)
    var normals = [Double](repeating: 0, count: count)
    var length = 0.0
    while length == 0 && count > 0 {
      for i in normals.indices { normals[i] = normal() }
      length = normals.norm
    }
    var target = result.mutableSpan
    round(normals.span, over: length, into: &target)
    return result
  }

  /// Uniform in the unit ball in `count` dimensions: a point on the sphere in two dimensions more,
  /// without its last two elements (Voelker, Gosmann, Stewart 2017). No power of a random number
  /// is taken, whose last bit would differ between platforms.
  mutating func pointInBall<T: Scalar>(_ count: Int, _ type: T.Type) -> [T] {
    Array(unitVector(count + 2, type).prefix(count))
  }
}

/// `y ← x/a` in the precision of `T`.
@specialized(where T == Float)
@specialized(where T == Double)
private func round<T: Scalar>(_ x: Span<Double>, over a: Double, into y: inout MutableSpan<T>) {
  precondition(x.count == y.count, "\(x.count) elements into \(y.count)")
  for i in x.indices { y[unchecked: i] = T(x[unchecked: i] / a) }
}
