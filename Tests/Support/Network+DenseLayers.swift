import Saddle

extension Network {
  /// Where a dense layer's parameters stand.
  public struct DenseLayer: Sendable {
    public let inputs, outputs: Int
    public let weights, biases: Range<Int>

    /// Weights, then biases.
    public var parameters: Range<Int> { weights.lowerBound..<biases.upperBound }
  }

  /// The dense layers with biases.
  public var denseLayers: [DenseLayer] {
    placed.compactMap { layer in
      guard case .dense = layer.layer, let weights = layer.weights, let biases = layer.biases
      else { return nil }
      return DenseLayer(
        inputs: weights.shape[1], outputs: weights.shape[0], weights: weights.range,
        biases: biases.range)
    }
  }
}
