/// Samples in chunks, and chunks in pieces that are worked on at once.
///
/// Both depend on sizes alone, never on the number of threads, so that sums are put together in the
/// same order on every machine.
struct Chunks: Sendable {
  let samples: Int
  /// The most samples in a chunk.
  let largest: Int

  init(of samples: Int, largest: Int) {
    self.samples = samples
    self.largest = largest
  }

  var count: Int { (samples + largest - 1) / largest }
  /// The most samples in a chunk; chunks differ by at most one.
  var size: Int { (samples + max(count, 1) - 1) / max(count, 1) }

  subscript(_ chunk: Int) -> Range<Int> {
    samples * chunk / count..<samples * (chunk + 1) / count
  }

  /// Ranges of chunks, each with a sum of its own of so many elements: eight, for threads to share
  /// evenly, or fewer where their sums would take more than 128 MiB of doubles, but two up to 1
  /// GiB.
  func pieces(accumulating elements: Int) -> [Range<Int>] {
    let byMemory = (1 << 24) / max(elements, 1)
    let least = elements <= 1 << 26 ? 2 : 1
    let pieces = min(count, max(least, min(8, byMemory)))
    return (0..<pieces).map { count * $0 / pieces..<count * ($0 + 1) / pieces }
  }
}
