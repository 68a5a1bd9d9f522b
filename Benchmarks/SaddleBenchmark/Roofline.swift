import Saddle

/// What this machine's matrix product reaches in this run.
///
/// It is sampled before and after each workload, and the best of all samples counts: a roofline
/// measured while something else runs is too low, and would flatter what stands beside it.
struct Roofline {
  static let order = 2000
  private var measured: [String: Timings] = [:]

  /// Times the product some more, and returns all its seconds in this run.
  @discardableResult
  mutating func sample<T: Scalar>(_: T.Type) -> Timings {
    let precision = "\(T.self)"
    let known = measured[precision]?.seconds ?? []
    let all = Timings(seconds: known + Self.measure(T.self).seconds)
    measured[precision] = all
    return all
  }

  /// The flops of `seconds` a product, in 10⁹ a second.
  static func gigaflops(_ seconds: Double) -> Double {
    let n = Double(order)
    return 2 * n * n * n / seconds / 1e9
  }

  private static func measure<T: Scalar>(_: T.Type) -> Timings {
    var generator = RandomStream(seed: 1, name: "roofline")
    let a = Matrix<T>(
      rows: order, columns: order,
      elements: (0..<order * order).map { _ in T(generator.uniform()) })
    var product = Matrix<T>(rows: order, columns: order)
    let layout = product.layout
    return Timings(repetitions: 7, warmUps: 2) {
      var target = product.elements.mutableSpan
      multiply(a.elements.span, a.layout, a.elements.span, a.layout, into: &target, layout)
    }
  }
}
