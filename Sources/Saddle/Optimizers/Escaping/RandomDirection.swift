extension RandomNumberGenerator {
  /// Uniform on the unit sphere in `count` dimensions: normals over their norm (Muller 1959).
  mutating func unitVector<T: Scalar>(_ count: Int, _: T.Type = T.self) -> [T] {
    guard count > 0 else { return [] }
    while true {
      let normals = (0..<count).map { _ in normal() }
      let length = normals.norm
      if length > 0 { return normals.map { T($0 / length) } }
    }
  }

  /// Uniform in the unit ball in `count` dimensions: a point on the sphere in two dimensions more,
  /// without its last two elements (Voelker, Gosmann, Stewart 2017). No power of a random number
  /// is taken, whose last bit would differ between platforms.
  mutating func pointInBall<T: Scalar>(_ count: Int, _: T.Type = T.self) -> [T] {
    Array(unitVector(count + 2, T.self).prefix(count))
  }
}
