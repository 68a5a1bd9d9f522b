import CVector

// The bridge to loops in C: no shape checks and no decisions here.

extension Double {
  @inline(__always)
  public static func root(_ x: Double) -> Double { saddle_root_double(x) }

  public static func largestMagnitude(_ count: Int, _ x: UnsafePointer<Double>) -> Double {
    saddle_largest_magnitude_double(count, x)
  }

  public static func innerProduct(
    _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
  ) -> Double { saddle_dot_double(count, x, y) }

  public static func recur(
    _ count: Int, _ product: UnsafePointer<Double>, _ current: UnsafePointer<Double>,
    _ previous: UnsafeMutablePointer<Double>, _ a: Double, _ b: Double, _ c: Double
  ) -> (square: Double, cross: Double) {
    let dots = saddle_recur_double(count, product, current, previous, a, b, c)
    return (dots.square, dots.cross)
  }

  public static func chase(
    _ order: Int, _ width: Int, _ band: UnsafeMutablePointer<Double>, _ first: Int, _ count: Int,
    _ before: UnsafePointer<Int>?, _ done: UnsafeMutablePointer<Int>
  ) { saddle_chase_double(order, width, band, first, count, before, done) }
}

extension Float {
  @inline(__always)
  public static func root(_ x: Float) -> Float { saddle_root_float(x) }

  public static func largestMagnitude(_ count: Int, _ x: UnsafePointer<Float>) -> Float {
    saddle_largest_magnitude_float(count, x)
  }

  public static func innerProduct(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
  ) -> Double { saddle_dot_float(count, x, y) }

  public static func recur(
    _ count: Int, _ product: UnsafePointer<Float>, _ current: UnsafePointer<Float>,
    _ previous: UnsafeMutablePointer<Float>, _ a: Float, _ b: Float, _ c: Float
  ) -> (square: Double, cross: Double) {
    let dots = saddle_recur_float(count, product, current, previous, a, b, c)
    return (dots.square, dots.cross)
  }

  public static func chase(
    _ order: Int, _ width: Int, _ band: UnsafeMutablePointer<Float>, _ first: Int, _ count: Int,
    _ before: UnsafePointer<Int>?, _ done: UnsafeMutablePointer<Int>
  ) { saddle_chase_float(order, width, band, first, count, before, done) }
}
