import Threads

/// Spectra by order and seed, each drawn once.
final class SpectrumMemory: Sendable {
  private struct Draw: Hashable {
    let order: Int
    let seed: UInt64
  }

  private let drawn = Mutex<[Draw: [Double]]>([:])

  /// Of two that ask at once both may draw; they draw the same.
  func spectrum(
    _ order: Int, _ seed: UInt64, _ draw: (Int, UInt64) throws -> [Double]
  ) throws -> [Double] {
    let key = Draw(order: order, seed: seed)
    if let known = drawn.withLock({ $0[key] }) { return known }
    let values = try draw(order, seed)
    drawn.withLock { $0[key] = values }
    return values
  }
}
