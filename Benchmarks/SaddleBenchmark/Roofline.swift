import Saddle

/// What this machine allows: the flops that its processor's vector units do a second, or what a
/// matrix product of any BLAS at hand reaches, where that is more.
///
/// The library under test is but one of those: a slow one must not lower the roofline that it
/// stands beside. All is sampled before and after each workload, and the best of all samples
/// counts: a roofline measured while something else runs is too low, and would flatter.
struct Roofline {
  static let order = 2000
  private var measured: [String: Timings] = [:]
  private var peak: ProcessorPeak?
  private var peers: [String: PeerFigure?] = [:]

  /// The parts of a roofline, in flops a second.
  struct Sample {
    /// The processor's: clock × flops a cycle × cores.
    let peak: Double
    /// Saddle's product, all its seconds in this run.
    let product: Timings
    /// The best product of the peers' BLAS; nil where there is none.
    let peersProduct: Double?

    var flops: Double {
      max(peak, Roofline.gigaflops(product.best) * 1e9, peersProduct ?? 0)
    }
  }

  /// Measures some more, and returns the best of this run.
  @discardableResult
  mutating func sample<T: Scalar>(_: T.Type) -> Sample {
    let precision = "\(T.self)"
    let known = measured[precision]?.seconds ?? []
    let all = Timings(seconds: known + Self.measure(T.self).seconds)
    measured[precision] = all
    let now = ProcessorPeak.measured(threads: threadCount)
    let best = peak.map { $0.clock > now.clock ? $0 : now } ?? now
    peak = best
    return Sample(
      peak: best.flops(T.self), product: all,
      peersProduct: peersFigure(precision.lowercased())?.seconds.map { Self.gigaflops($0) * 1e9 })
  }

  /// Once a run and precision; says whose it is, or why there is none.
  private mutating func peersFigure(_ precision: String) -> PeerFigure? {
    if let known = peers[precision] { return known }
    let figure: PeerFigure?
    do {
      figure = try Peers.measure("best-gemm-\(precision)")
      if let figure { tell("best gemm of the peers' libraries, \(precision): \(figure.name)") }
    } catch {
      figure = nil
      tell("the roofline knows no other BLAS: \(error)")
    }
    peers[precision] = .some(figure)
    return figure
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
