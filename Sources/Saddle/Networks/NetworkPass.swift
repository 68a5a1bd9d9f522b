/// The buffers of one pass of up to `capacity` samples through a network, forward and backward.
///
/// Made once and used for every batch: no call allocates.
struct NetworkPass<T: Scalar>: Sendable {
  let network: FullyConnectedNetwork
  let layers: [DenseLayer]
  let capacity: Int
  /// z_l of each layer, capacity × outputs; the last one is the network's output.
  private(set) var preactivations: [[T]]
  /// a_l = φ(z_l) of each hidden layer.
  private(set) var activations: [[T]]
  /// ∂L/∂z_l of each layer, the mean's 1/N included.
  private(set) var deltas: [[T]]
  /// A layer's pre-activations feature-major, before they are transposed.
  private var scratch: [T]

  init(_ network: FullyConnectedNetwork, capacity: Int) {
    self.network = network
    self.layers = network.layers
    self.capacity = capacity
    preactivations = network.widths.dropFirst().map { [T](repeating: 0, count: capacity * $0) }
    activations = network.widths.dropFirst().dropLast().map {
      [T](repeating: 0, count: capacity * $0)
    }
    deltas = preactivations
    scratch = [T](repeating: 0, count: capacity * (network.widths.dropFirst().max() ?? 0))
  }

  /// Runs `rows` samples forward; `inputs` is rows × network.inputs.
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
      network.activation.apply(source.span.extracting(0..<rows * layer.outputs), into: &part)
    }
  }

  /// The network's outputs for the samples of the last forward pass, rows × outputs.
  var outputs: [T] { preactivations[preactivations.count - 1] }

  /// After `forward`: the sum of the samples' losses; ∂L/∂z of the last layer is left in `deltas`.
  mutating func evaluate(_ loss: Loss, _ targets: BatchTargets<T>, rows: Int, scale: T) -> Double {
    let last = layers.count - 1
    let count = rows * network.outputs
    let outputs = preactivations[last]
    var delta = deltas[last].mutableSpan
    var part = delta._mutatingExtracting(0..<count)
    return loss.evaluate(
      outputs: outputs.span.extracting(0..<count), targets, samples: rows,
      classes: network.outputs, scale: scale, delta: &part)
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
      network.activation.multiplyBySlope(
        &part, z: z.span.extracting(0..<count), a: previous.span.extracting(0..<count))
    }
  }

  /// How many of the first `rows` outputs have their label's class largest.
  func countCorrect(labels: Span<Int32>, rows: Int) -> Int {
    let outputs = outputs
    return Saddle.countCorrect(
      outputs: outputs.span.extracting(0..<rows * network.outputs), labels: labels,
      classes: network.outputs)
  }
}

/// The targets of a batch: those of the whole, from sample `start` on.
enum BatchTargets<T: Scalar> {
  case classes([Int32], start: Int)
  case values([T], start: Int)

  init(_ targets: Targets<T>, start: Int) {
    switch targets {
    case .classes(let labels): self = .classes(labels, start: start)
    case .values(let matrix): self = .values(matrix.elements, start: start)
    }
  }

  /// Those of the samples from number `count` on.
  func advanced(by count: Int) -> Self {
    switch self {
    case .classes(let labels, let start): .classes(labels, start: start + count)
    case .values(let values, let start): .values(values, start: start + count)
    }
  }
}

extension Loss {
  /// The sum of the losses of a batch's samples, and ∂ℓ/∂z·`scale` of each (samples × classes).
  func evaluate<T: Scalar>(
    outputs: Span<T>, _ targets: BatchTargets<T>, samples: Int, classes: Int, scale: T,
    delta: inout MutableSpan<T>
  ) -> Double {
    switch targets {
    case .classes(let labels, let start):
      return evaluate(
        outputs: outputs, labels: labels.span.extracting(start..<start + samples),
        classes: classes, scale: scale, delta: &delta)
    case .values(let values, let start):
      let first = start * classes
      return evaluate(
        outputs: outputs, values: values.span.extracting(first..<first + samples * classes),
        scale: scale, delta: &delta)
    }
  }
}
