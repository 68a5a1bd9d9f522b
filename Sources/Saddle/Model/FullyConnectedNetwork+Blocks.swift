extension FullyConnectedNetwork {
  /// The weights (outputs × inputs) and biases of each layer under the names that PyTorch gives
  /// them in `Sequential(Linear, Tanh, Linear, …)`: 0.weight, 0.bias, 2.weight, ….
  ///
  /// Every second module there is an activation, which has no parameters.
  public var parameterBlocks: [ParameterBlock] {
    layers.enumerated().flatMap { index, layer in
      [
        ParameterBlock(
          name: "\(2 * index).weight", shape: [layer.outputs, layer.inputs],
          range: layer.weights),
        ParameterBlock(name: "\(2 * index).bias", shape: [layer.outputs], range: layer.biases),
      ]
    }
  }
}
