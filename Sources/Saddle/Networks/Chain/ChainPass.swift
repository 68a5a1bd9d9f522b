/// The buffers of one pass of up to `capacity` samples through dense layers, forward and backward.
///
/// Made once and used for every batch: no call allocates.
struct ChainPass<T: Scalar>: Sendable {
  let chain: DenseChain
  let capacity: Int
  /// z_l of each layer, capacity × outputs; the last one is the network's output.
  private(set) var preactivations: [[T]]
  /// a_l = φ(z_l) of each hidden layer.
  private(set) var activations: [[T]]
  /// ∂L/∂z_l of each layer, the mean's 1/N included.
  private(set) var deltas: [[T]]
  /// A layer's pre-activations feature-major, before they are transposed.
  private var scratch: [T]

  init(_ chain: DenseChain, capacity: Int) {
    self.chain = chain
    self.capacity = capacity
    preactivations = chain.layers.map { [T](repeating: 0, count: capacity * $0.outputs) }
    activations = Array(preactivations.dropLast())
    deltas = preactivations
    scratch = [T](repeating: 0, count: capacity * chain.widest)
  }

  private var layers: [DenseLayer] { chain.layers }

  /// Runs `rows` samples forward; `inputs` is rows × the network's inputs.
  mutating func forward(_ parameters: Span<T>, inputs: Span<T>, rows: Int) {
    precondition(rows <= capacity, "\(rows) samples in buffers for \(capacity)")
    for (l, layer) in layers.enumerated() {
      // A second reference to the layer before, so that this layer's buffer can be written.
      let previous = l > 0 ? activations[l - 1] : []
      // W·aᵀ rather than a·Wᵀ: batch sizes suit the kernels' blocks, layer widths often do not.
      var product = scratch.mutableSpan
      multiply(
        parameters.extracting(layer.weights), layer.weightLayout,
        l > 0 ? previous.span : inputs, Layout(rows: rows, columns: layer.inputs).transposed,
        into: &product, Layout(rows: layer.outputs, columns: rows))
      let columns = scratch
      var z = preactivations[l].mutableSpan
      var active = z._mutatingExtracting(0..<rows * layer.outputs)
      transpose(
        columns.span.extracting(0..<rows * layer.outputs),
        adding: parameters.extracting(layer.biases), into: &active)
      guard l < activations.count else { break }
      let source = preactivations[l]
      var target = activations[l].mutableSpan
      var part = target._mutatingExtracting(0..<rows * layer.outputs)
      chain.activations[l].apply(source.span.extracting(0..<rows * layer.outputs), into: &part)
    }
  }

  /// The network's outputs for the samples of the last forward pass, rows × outputs.
  var outputs: [T] { preactivations[preactivations.count - 1] }

  /// After `forward`: the sum of the samples' losses; ∂L/∂z of the last layer is left in `deltas`.
  mutating func evaluate(_ loss: Loss, _ targets: BatchTargets<T>, rows: Int, scale: T) -> Double {
    let last = layers.count - 1
    let count = rows * chain.outputs
    let outputs = preactivations[last]
    var delta = deltas[last].mutableSpan
    var part = delta._mutatingExtracting(0..<count)
    return loss.evaluate(
      outputs: outputs.span.extracting(0..<count), targets, samples: rows,
      classes: chain.outputs, scale: scale, delta: &part)
  }

  /// After `evaluate`: carries ∂L/∂z back through the layers; gradient ← adding·gradient + ∂L/∂θ.
  mutating func backward(
    _ parameters: Span<T>, inputs: Span<T>, rows: Int, adding beta: T,
    into gradient: inout MutableSpan<T>
  ) {
    for l in layers.indices.reversed() {
      let layer = layers[l]
      let delta = deltas[l]
      let active = delta.span.extracting(0..<rows * layer.outputs)
      let previous = l > 0 ? activations[l - 1] : []
      var weights = gradient._mutatingExtracting(layer.weights)
      multiply(
        active, Layout(rows: rows, columns: layer.outputs).transposed,
        l > 0 ? previous.span : inputs, Layout(rows: rows, columns: layer.inputs),
        adding: beta, into: &weights, layer.weightLayout)
      var biases = gradient._mutatingExtracting(layer.biases)
      if beta == 0 { biases.update(repeating: 0) }
      addColumnSums(active, columns: layer.outputs, into: &biases)
      guard l > 0 else { break }
      let z = preactivations[l - 1]
      let count = rows * layer.inputs
      var below = deltas[l - 1].mutableSpan
      var part = below._mutatingExtracting(0..<count)
      multiply(
        active, Layout(rows: rows, columns: layer.outputs),
        parameters.extracting(layer.weights), layer.weightLayout,
        into: &part, Layout(rows: rows, columns: layer.inputs))
      chain.activations[l - 1].multiplyBySlope(
        &part, z: z.span.extracting(0..<count), a: previous.span.extracting(0..<count))
    }
  }

  /// How many of the first `rows` outputs are largest where their targets are.
  func countCorrect(_ targets: BatchTargets<T>, rows: Int) -> Int {
    let outputs = outputs
    return targets.countCorrect(
      outputs.span.extracting(0..<rows * chain.outputs), rows: rows, classes: chain.outputs)
  }
}
