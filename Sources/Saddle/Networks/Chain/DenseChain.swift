/// Where one dense layer's weights and biases stand in the flat parameter vector.
struct DenseLayer: Equatable, Sendable {
  let inputs: Int
  let outputs: Int
  /// The weights W (outputs × inputs), row-major.
  let weights: Range<Int>
  /// The biases, one per output.
  let biases: Range<Int>

  /// All of the layer's parameters: weights, then biases.
  var parameters: Range<Int> { weights.lowerBound..<biases.upperBound }
  /// Where the weight from input j to unit i stands; j = inputs is the bias.
  func parameter(_ i: Int, _ j: Int) -> Int {
    j < inputs ? weights.lowerBound + i * inputs + j : biases.lowerBound + i
  }
  var weightLayout: Layout { Layout(rows: outputs, columns: inputs) }
}

/// A network of dense layers with biases and element-wise activations between them,
///
///     z_l = W_l a_{l−1} + b_l,  a_l = φ_l(z_l),  the last layer linear:
///
/// what a quicker kernel than a `NetworkProgram`'s is for. A sample is a row, so that a batch's
/// inputs are read where they are, and derivatives between two layers are matrices.
struct DenseChain: Equatable, Sendable {
  let layers: [DenseLayer]
  /// φ_l of each hidden layer.
  let activations: [Activation]

  /// nil where the network is more than that.
  init?(_ network: Network) {
    var layers: [DenseLayer] = []
    var activations: [Activation] = []
    for placed in network.placed {
      switch placed.layer {
      case .flatten, .activation(.identity): continue
      case .activation(let activation):
        // One before the first layer, or a second one after it, is no chain.
        guard activations.count == layers.count - 1 else { return nil }
        activations.append(activation)
      case .dense(let outputs, _):
        guard let weights = placed.weights?.range, let biases = placed.biases?.range else {
          return nil
        }
        if activations.count < layers.count { activations.append(.identity) }
        layers.append(
          DenseLayer(
            inputs: placed.input.count, outputs: outputs, weights: weights, biases: biases))
      default: return nil
      }
    }
    guard !layers.isEmpty, activations.count == layers.count - 1 else { return nil }
    self.layers = layers
    self.activations = activations
  }

  /// The numbers of a sample, of each hidden layer's units, and of outputs.
  var widths: [Int] { [layers[0].inputs] + layers.map(\.outputs) }
  var outputs: Int { layers[layers.count - 1].outputs }
  /// The most units of a layer.
  var widest: Int { layers.reduce(1) { max($0, $1.outputs) } }
}
