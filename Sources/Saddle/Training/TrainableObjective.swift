/// An objective on one mini-batch at a time.
public protocol BatchModel<Element>: LocalModel {
  /// Makes the samples order[range] the current batch.
  mutating func load(_ order: Span<Int>, _ range: Range<Int>)
}

/// A sampled objective that can be trained by mini-batches.
public protocol TrainableObjective<Element>: SampledObjective {
  associatedtype Batch: BatchModel<Element>

  /// The network in a few words, such as "784-16-10 tanh".
  var networkDescription: String { get }
  /// Buffers for batches of up to `size` samples, made once for a run.
  func makeBatch(ofUpTo size: Int) -> Batch
  /// Parameters to start from, drawn in `Double` so that both precisions start at the same point.
  func initialParameters(
    _ initialization: Initialization, using generator: inout some RandomNumberGenerator
  ) -> [Element]
}

extension NetworkObjective: TrainableObjective {
  public var networkDescription: String { "\(network)" }

  public func makeBatch(ofUpTo size: Int) -> some BatchModel<T> {
    MiniBatchModel(self, batchSize: size)
  }

  public func initialParameters(
    _ initialization: Initialization, using generator: inout some RandomNumberGenerator
  ) -> [T] { network.initialParameters(initialization, using: &generator) }
}
