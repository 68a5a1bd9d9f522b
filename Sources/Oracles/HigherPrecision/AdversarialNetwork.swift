/// A small network with data and parameters that are made to bring rounding out: sums that cancel,
/// huge and tiny scales, saturated units, points that are nearly critical.
public struct AdversarialNetwork: Sendable {
  /// What was done to it, for a failure's message.
  public let kind: Kind
  public let network: PlainNetwork
  public let parameters: [Double]

  public enum Kind: String, CaseIterable, Sendable {
    /// As `RandomNetwork.draw`.
    case plain
    /// Targets ± 10⁴ … 10¹² of the same samples, so that gradients cancel.
    case cancellingResiduals
    /// Samples twice, with opposite targets or with all classes: a gradient of nearly nothing.
    case duplicatedSamples
    /// Inputs of one scale from 10⁻¹⁵⁰ to 10⁶.
    case scaledInputs
    /// Inputs of scales from 10⁻⁸ to 10⁶ in one sample.
    case gradedInputs
    /// Weights of 10 … 1000.
    case hugeWeights
    /// Weights of 10⁻³⁰ … 10⁻³.
    case tinyWeights
    /// Biases that saturate the hidden units.
    case saturated
    /// Sure of the right class: losses and gradients near zero.
    case separated
    /// Targets that are the network's outputs, rounded, or all but.
    case nearlyCritical
    /// All parameters zero.
    case zero
  }

  /// Draws 0 to 2 hidden layers of 1 to 4 units, 1 to 4 inputs, 1 to 3 outputs, 1 to 8 samples, and
  /// a decay every other time.
  public static func draw(using generator: inout some RandomNumberGenerator) -> Self {
    let kind = element(of: Kind.allCases, using: &generator)
    let activation = element(of: PlainNetwork.Activation.allCases, using: &generator)
    var widths = [1 + Draw.integer(below: 4, using: &generator)]
    for _ in 0..<Draw.integer(below: 3, using: &generator) {
      widths.append(1 + Draw.integer(below: 4, using: &generator))
    }
    widths.append(1 + Draw.integer(below: 3, using: &generator))
    let outputs = widths[widths.count - 1]
    let decay =
      Draw.sign(using: &generator) > 0
      ? 0 : power10(-6, 0, using: &generator)
    var inputs = (0..<1 + Draw.integer(below: 8, using: &generator)).map { _ in
      Draw.normals(widths[0], using: &generator)
    }
    let weightScale =
      switch kind {
      case .hugeWeights: power10(1, 3, using: &generator)
      case .tinyWeights: power10(-30, -3, using: &generator)
      case .zero: 0.0
      case .separated: 4.0
      default: 1.0
      }
    let biasScale = kind == .saturated ? power10(1, 2.5, using: &generator) : 0.5 * weightScale
    var parameters = [Double]()
    for (fanIn, units) in zip(widths, widths.dropFirst()) {
      let scale = weightScale / Double(fanIn).squareRoot()
      parameters += Draw.normals(fanIn * units, using: &generator).map { scale * $0 }
      parameters += Draw.normals(units, using: &generator).map { biasScale * $0 }
    }
    switch kind {
    case .scaledInputs:
      let scale = power10(-150, 6, using: &generator)
      inputs = inputs.map { $0.map { scale * $0 } }
    case .gradedInputs:
      for n in inputs.indices {
        for j in inputs[n].indices { inputs[n][j] *= power10(-8, 6, using: &generator) }
      }
    case .cancellingResiduals, .duplicatedSamples: inputs += inputs
    default: break
    }

    let takesValues = kind == .cancellingResiduals || Draw.sign(using: &generator) > 0
    var labels = inputs.map { _ in Draw.integer(below: outputs, using: &generator) }
    if kind == .duplicatedSamples {
      for n in labels.indices { labels[n] = (n * 2 / labels.count + labels[0]) % outputs }
    }
    if kind == .separated {
      let model = PlainNetwork(
        widths: widths, activation: activation, loss: .softmaxCrossEntropy, inputs: inputs,
        labels: labels)
      labels = model.outputs(at: parameters).map { z in
        z.indices.reduce(0) { z[$1] > z[$0] ? $1 : $0 }
      }
    }
    guard takesValues else {
      return AdversarialNetwork(
        kind: kind,
        network: PlainNetwork(
          widths: widths, activation: activation,
          loss: element(of: PlainNetwork.Loss.allCases, using: &generator), weightDecay: decay,
          inputs: inputs, labels: labels), parameters: parameters)
    }
    let residual = power10(4, 12, using: &generator)
    let noise = element(of: [0, 1e-15, 1e-9], using: &generator)
    let model = PlainNetwork(
      widths: widths, activation: activation, inputs: inputs,
      values: inputs.map { _ in [Double](repeating: 0, count: outputs) })
    let values = model.outputs(at: parameters).enumerated().map { n, z in
      z.map { z in
        switch kind {
        case .cancellingResiduals: z + (2 * n < inputs.count ? residual : -residual)
        case .duplicatedSamples: z + (2 * n < inputs.count ? 1 : -1)
        case .nearlyCritical: z + noise * Draw.normal(using: &generator)
        default: Draw.normal(using: &generator)
        }
      }
    }
    return AdversarialNetwork(
      kind: kind,
      network: PlainNetwork(
        widths: widths, activation: activation, weightDecay: decay, inputs: inputs, values: values),
      parameters: parameters)
  }

  private static func element<T>(
    of elements: [T], using generator: inout some RandomNumberGenerator
  ) -> T { elements[Draw.integer(below: elements.count, using: &generator)] }

  /// 10^x, x uniform.
  private static func power10(
    _ least: Double, _ most: Double, using generator: inout some RandomNumberGenerator
  ) -> Double { power(10, Draw.uniform(least, most, using: &generator)) }
}
