import CProcessor
import Foundation

/// What a machine computes with and how fast: its processor, its BLAS, and matrix products beside
/// what the processor allows.
package struct MachineFigures: Encodable, Sendable {
  package let processor: Processor
  package let library: BLASLibrary
  package let peak: ProcessorPeak
  /// Flops a second of a matrix product, the best of several.
  package let doubleProduct: Double
  package let floatProduct: Double

  package init(
    processor: Processor, library: BLASLibrary, peak: ProcessorPeak, doubleProduct: Double,
    floatProduct: Double
  ) {
    self.processor = processor
    self.library = library
    self.peak = peak
    self.doubleProduct = doubleProduct
    self.floatProduct = floatProduct
  }

  /// Measures this machine.
  ///
  /// - Parameter seconds: About how long to multiply in each precision.
  package static func measured(seconds: Double) -> MachineFigures {
    let library = BLASLibrary.current
    let double = bestProduct(Double.self, seconds: seconds)
    let float = bestProduct(Float.self, seconds: seconds)
    return MachineFigures(
      processor: .current, library: library, peak: .measured(threads: library.threads),
      doubleProduct: double, floatProduct: float)
  }

  /// The share of the processor's peak that products reach.
  package var doubleShare: Double { doubleProduct / peak.flops(Double.self) }
  package var floatShare: Double { floatProduct / peak.flops(Float.self) }

  /// All in one line.
  package var summary: String {
    let kernels =
      switch library.fit(on: processor) {
      case .right: "\(library.kernelName) kernels"
      case .older: "\(library.kernelName) kernels, older than the processor (see `saddle doctor`)"
      case .beyond: "\(library.kernelName) kernels, beyond the processor (see `saddle doctor`)"
      }
    func speed(_ flops: Double, _ share: Double) -> String {
      String(format: "%.0f GFLOP/s (%.0f %% of the processor's peak)", flops / 1e9, 100 * share)
    }
    return """
      \(processor.name.isEmpty ? "Processor" : processor.name) (\(processor.vectors.rawValue)), \
      \(library.version) with \(kernels), \(library.threads) \
      thread\(library.threads == 1 ? "" : "s"): gemm \(speed(doubleProduct, doubleShare)) in \
      double, \(speed(floatProduct, floatShare)) in single precision
      """
  }

  /// Flops a second of the best product of square matrices within a time.
  private static func bestProduct<T: Scalar>(_: T.Type, seconds: Double) -> Double {
    let order = 768
    var generator = RandomStream(seed: 1, name: "gemm")
    let a = Matrix<T>(
      rows: order, columns: order,
      elements: (0..<order * order).map { _ in T(generator.uniform()) })
    var product = Matrix<T>(rows: order, columns: order)
    let layout = product.layout
    let clock = ContinuousClock()
    let start = clock.now
    var best = Double.infinity
    // The first one warms up.
    for repetition in 0... {
      let taken = clock.measure {
        var target = product.elements.mutableSpan
        multiply(a.elements.span, a.layout, a.elements.span, a.layout, into: &target, layout)
      }
      if repetition > 0 { best = min(best, taken / .seconds(1)) }
      if repetition > 2 && (clock.now - start) / .seconds(1) > seconds { break }
    }
    let n = Double(order)
    return 2 * n * n * n / best
  }

  /// Bytes a second that the memory gives one thread: a triad over vectors beyond its caches, the
  /// best of several.
  package static func memoryBandwidth() -> Double {
    let count = 1 << 23
    var a = [Double](repeating: 0, count: count)
    let (b, c) = ([Double](repeating: 1, count: count), [Double](repeating: 2, count: count))
    let best =
      (0..<6).map { _ in
        ContinuousClock().measure { saddle_triad(Int64(count), &a, b, c, 3) } / .seconds(1)
      }.min() ?? .infinity
    return Double(3 * count * MemoryLayout<Double>.size) / best
  }
}
