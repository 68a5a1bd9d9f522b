/// Sums over a batch's samples by a network's kernel, with the buffers for it.
///
/// Made once and used for every batch of up to `capacity` samples: no call allocates.
struct NetworkSums<T: Scalar>: Sendable {
  /// One of the two: apart, so that each is changed in place.
  private var chain: ChainSums<T>?
  private var program: ProgramSums<T>?

  init(_ program: NetworkProgram, _ chain: DenseChain?, dimension: Int, capacity: Int) {
    self.chain = chain.map { ChainSums($0, capacity: capacity) }
    self.program = chain == nil ? ProgramSums(program, dimension: dimension) : nil
  }

  /// The samples' losses, summed.
  ///
  /// - Parameter inputs: samples × network.inputs.
  mutating func value(
    _ loss: Loss, at parameters: Span<T>, inputs: Span<T>, _ targets: BatchTargets<T>
  ) -> Double {
    chain?.value(loss, at: parameters, inputs: inputs, targets)
      ?? program?.value(loss, at: parameters, inputs: inputs, targets) ?? .nan
  }

  /// The samples' losses, summed, and, where `counting`, how many have their label's output largest.
  ///
  /// - Parameter gradient: becomes the mean of the samples' gradients.
  mutating func gradient(
    _ loss: Loss, at parameters: Span<T>, inputs: Span<T>, _ targets: BatchTargets<T>,
    counting: Bool, into gradient: inout MutableSpan<T>
  ) -> (total: Double, correct: Int) {
    chain?.gradient(
      loss, at: parameters, inputs: inputs, targets, counting: counting, into: &gradient)
      ?? program?.gradient(
        loss, at: parameters, inputs: inputs, targets, counting: counting, into: &gradient)
      ?? (.nan, 0)
  }
}
