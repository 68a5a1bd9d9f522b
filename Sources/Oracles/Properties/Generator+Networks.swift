extension Generator where Value == RandomNetwork {
  /// Networks with data and parameters, as `RandomNetwork.draw`.
  ///
  /// They shrink to fewer samples, inputs, units, layers and classes, to no weight decay, and to
  /// simpler inputs and parameters.
  public static func network(
    activation: PlainNetwork.Activation? = nil, loss: PlainNetwork.Loss? = nil
  ) -> Generator {
    Generator(
      show: { $0.summary }, simpler: { $0.simpler },
      { _, rng in RandomNetwork.draw(activation: activation, loss: loss, using: &rng) })
  }
}

extension RandomNetwork {
  /// Widths, activation, loss, data and parameters, for a failure's message.
  fileprivate var summary: String {
    """
    \(widths.map(String.init).joined(separator: "-")), \(activation.rawValue), \(loss.rawValue), \
    weight decay \(weightDecay)
    inputs \(showMatrix(inputs))
    labels \(labels)
    parameters \(parameters)
    """
  }

  fileprivate var simpler: [RandomNetwork] {
    var result: [RandomNetwork] = []
    if inputs.count > 1 {
      let half = inputs.count / 2
      result.append(with(inputs: Array(inputs[..<half]), labels: Array(labels[..<half])))
      for n in inputs.indices {
        result.append(with(inputs: leaving(n, out: inputs), labels: leaving(n, out: labels)))
      }
    }
    for layer in widths.indices.dropFirst().dropLast() { result.append(withoutLayer(layer)) }
    for layer in widths.indices where widths[layer] > 1 {
      for unit in 0..<widths[layer] { result.append(withoutUnit(unit, of: layer)) }
    }
    if weightDecay != 0 { result.append(with(weightDecay: 0)) }
    if parameters.contains(where: { $0 != 0 }) {
      result.append(with(parameters: parameters.map { _ in 0 }))
    }
    for i in parameters.indices {
      for simpler in simplerReals(parameters[i]) {
        var changed = parameters
        changed[i] = simpler
        result.append(with(parameters: changed))
      }
    }
    for n in inputs.indices {
      for j in inputs[n].indices {
        for simpler in simplerReals(inputs[n][j]) {
          var changed = inputs
          changed[n][j] = simpler
          result.append(with(inputs: changed))
        }
      }
    }
    return result
  }

  private func with(
    widths: [Int]? = nil, weightDecay: Double? = nil, inputs: [[Double]]? = nil,
    labels: [Int]? = nil, parameters: [Double]? = nil
  ) -> RandomNetwork {
    RandomNetwork(
      widths: widths ?? self.widths, activation: activation, loss: loss,
      weightDecay: weightDecay ?? self.weightDecay, inputs: inputs ?? self.inputs,
      labels: labels ?? self.labels, parameters: parameters ?? self.parameters)
  }

  /// Weights (outputs × inputs) and biases of each layer.
  private var layers: [(weights: [[Double]], biases: [Double])] {
    var start = 0
    return zip(widths, widths.dropFirst()).map { inputs, outputs in
      let weights = (0..<outputs).map { o in
        Array(parameters[(start + o * inputs)..<(start + (o + 1) * inputs)])
      }
      let biases = Array(parameters[(start + outputs * inputs)..<(start + outputs * (inputs + 1))])
      start += outputs * (inputs + 1)
      return (weights, biases)
    }
  }

  private static func flat(_ layers: [(weights: [[Double]], biases: [Double])]) -> [Double] {
    layers.flatMap { $0.weights.joined() + $0.biases }
  }

  /// Without a unit: its row of weights before, its column behind; an input with its column of
  /// data; a class, whose samples become the first class's.
  private func withoutUnit(_ unit: Int, of layer: Int) -> RandomNetwork {
    var layers = layers
    if layer > 0 {
      layers[layer - 1].weights.remove(at: unit)
      layers[layer - 1].biases.remove(at: unit)
    }
    if layer < layers.count {
      layers[layer].weights = layers[layer].weights.map { leaving(unit, out: $0) }
    }
    var widths = widths
    widths[layer] -= 1
    return with(
      widths: widths, inputs: layer == 0 ? inputs.map { leaving(unit, out: $0) } : inputs,
      labels: layer == widths.count - 1
        ? labels.map { $0 == unit ? 0 : $0 > unit ? $0 - 1 : $0 } : labels,
      parameters: Self.flat(layers))
  }

  /// Without a hidden layer: the next one's weights are dealt out to what lies before it.
  private func withoutLayer(_ layer: Int) -> RandomNetwork {
    var (layers, widths) = (layers, widths)
    let next = layers[layer]
    let before = widths[layer - 1]
    layers[layer - 1] = (
      next.weights.map { row in (0..<before).map { row[$0 % row.count] } }, next.biases
    )
    layers.remove(at: layer)
    widths.remove(at: layer)
    return with(widths: widths, parameters: Self.flat(layers))
  }
}

private func leaving<Element>(_ index: Int, out elements: [Element]) -> [Element] {
  var left = elements
  left.remove(at: index)
  return left
}
