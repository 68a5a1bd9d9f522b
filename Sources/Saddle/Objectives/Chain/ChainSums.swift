/// Sums over a batch's samples through dense layers, chunk by chunk, with the buffers for it.
struct ChainSums<T: Scalar>: Sendable {
  /// Samples are taken through the network in chunks, so that a chunk's activations stay in cache
  /// and memory does not grow with the data.
  static var chunk: Int { 1024 }

  private var pass: ChainPass<T>
  private let width: Int

  init(_ chain: DenseChain, capacity: Int) {
    pass = ChainPass(chain, capacity: min(capacity, Self.chunk))
    width = chain.layers[0].inputs
  }

  /// The samples' losses, summed.
  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func value(
    _ loss: Loss, at parameters: Span<T>, inputs: Span<T>, _ targets: BatchTargets<T>
  ) -> Double {
    var total = 0.0
    for start in stride(from: 0, to: inputs.count / width, by: Self.chunk) {
      let rows = start..<min(start + Self.chunk, inputs.count / width)
      pass.forward(
        parameters, inputs: inputs.extracting(rows.lowerBound * width..<rows.upperBound * width),
        rows: rows.count)
      total += pass.evaluate(
        loss, targets.advanced(by: start), rows: rows.count, scale: 1)
    }
    return total
  }

  /// The same, how many have their label's output largest, and the mean gradient.
  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func gradient(
    _ loss: Loss, at parameters: Span<T>, inputs: Span<T>, _ targets: BatchTargets<T>,
    counting: Bool, into gradient: inout MutableSpan<T>
  ) -> (total: Double, correct: Int) {
    let samples = inputs.count / width
    var (total, correct) = (0.0, 0)
    for start in stride(from: 0, to: samples, by: Self.chunk) {
      let rows = start..<min(start + Self.chunk, samples)
      let inputs = inputs.extracting(rows.lowerBound * width..<rows.upperBound * width)
      pass.forward(parameters, inputs: inputs, rows: rows.count)
      let part = targets.advanced(by: start)
      total += pass.evaluate(loss, part, rows: rows.count, scale: 1 / T(samples))
      if counting { correct += pass.countCorrect(part, rows: rows.count) }
      pass.backward(
        parameters, inputs: inputs, rows: rows.count, adding: start == 0 ? 0 : 1, into: &gradient)
    }
    return (total, correct)
  }
}
