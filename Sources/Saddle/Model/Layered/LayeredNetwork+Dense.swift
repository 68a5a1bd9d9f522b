extension LayeredNetwork {
  /// The layer that meets the inputs, where that is a dense one with biases.
  var firstDense: DenseLayer? { placed.first { $0.layer != .flatten }?.dense }
  /// The layer that gives the outputs, where that is a dense one with biases.
  var lastDense: DenseLayer? { placed.last?.dense }
}

extension PlacedLayer {
  fileprivate var dense: DenseLayer? {
    guard case .dense(let outputs, _) = layer, let weights, let biases else { return nil }
    return DenseLayer(
      inputs: input.count, outputs: outputs, weights: weights.range, biases: biases.range)
  }
}
