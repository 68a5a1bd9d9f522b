/// One layer of a `Network`, by what it computes; its shapes follow from where it stands.
public indirect enum Layer: Hashable, Sendable {
  /// Wx + b of a vector x.
  case dense(outputs: Int, hasBias: Bool = true)
  /// Cross-correlation with `channels` kernels, as deep learning calls convolution, plus a bias per
  /// channel. Beyond the edges there are `padding` rows and columns of zeros on each side; what the
  /// last stride does not reach is left out.
  case convolution(
    channels: Int, kernel: Extent, stride: Extent = 1, padding: Extent = 0, hasBias: Bool = true)
  /// The largest element of each window. Of equal ones the first, row by row, passes derivatives
  /// on: at such a tie the derivative is that of one side.
  case maxPool(size: Extent, stride: Extent)
  /// The mean of each window.
  case averagePool(size: Extent, stride: Extent)
  /// The same numbers as a vector: channel by channel, row by row.
  case flatten
  case activation(Activation)
  /// γ(x − mean)/√(variance + epsilon) + β, channel by channel, with the statistics of an
  /// evaluation: constants, one a channel, beside the parameters γ and β. No means are means of 0,
  /// no variances are variances of 1.
  case batchNorm(epsilon: Double = 1e-5, mean: [Double] = [], variance: [Double] = [])
  /// γ·x̂ + β, channel by channel, where x̂ are a sample's numbers less their mean over their standard
  /// deviation, at every position by itself (Ba, Kiros, Hinton 2016).
  case layerNorm(epsilon: Double = 1e-5)
  /// The same with mean and deviation of all positions of some of the channels, of which there are
  /// `groups` (Wu, He 2018).
  case groupNorm(groups: Int, epsilon: Double = 1e-5)
  /// A vector of `channels` numbers for each of a sample's numbers, which are tokens 0 ..< `tokens`:
  /// what comes out has a row for every token. First of a network's layers only.
  case embedding(tokens: Int, channels: Int)
  /// x + b with a number for every element of a sample, such as learned position embeddings.
  case offset
  /// Self-attention of all positions with biases, `heads` of them (Vaswani et al. 2017, §3.2): queries,
  /// keys and values in one affine map of the channels, scaled dot products, and an affine map.
  case attention(heads: Int)
  /// f(x) + s(x), where f is the body and s the shortcut; without layers, either is x itself.
  case residual([Layer], shortcut: [Layer] = [])

  /// The layer's name in a network's encoding.
  public var kind: String {
    switch self {
    case .dense: "dense"
    case .convolution: "convolution"
    case .maxPool: "maxPool"
    case .averagePool: "averagePool"
    case .flatten: "flatten"
    case .activation: "activation"
    case .batchNorm: "batchNorm"
    case .layerNorm: "layerNorm"
    case .groupNorm: "groupNorm"
    case .embedding: "embedding"
    case .offset: "offset"
    case .attention: "attention"
    case .residual: "residual"
    }
  }

  /// Whether what it computes is twice differentiable everywhere.
  public var isSmooth: Bool {
    switch self {
    case .maxPool: false
    case .activation(let activation): activation.isSmooth
    case .residual(let body, let shortcut): (body + shortcut).allSatisfy(\.isSmooth)
    case .dense, .convolution, .averagePool, .flatten, .batchNorm, .layerNorm, .groupNorm,
      .embedding, .offset, .attention:
      true
    }
  }
}

extension Layer: CustomStringConvertible {
  public var description: String {
    switch self {
    case .dense(let outputs, let hasBias):
      return "dense \(outputs)" + (hasBias ? "" : " without bias")
    case .convolution(let channels, let kernel, let stride, let padding, let hasBias):
      return "convolution \(channels) @ \(kernel)" + (stride == 1 ? "" : ", stride \(stride)")
        + (padding == 0 ? "" : ", padding \(padding)") + (hasBias ? "" : ", without bias")
    case .maxPool(let size, let stride), .averagePool(let size, let stride):
      return "\(kind) \(size)" + (stride == size ? "" : ", stride \(stride)")
    case .flatten, .batchNorm, .layerNorm, .offset: return kind
    case .groupNorm(let groups, _): return "groupNorm of \(groups)"
    case .embedding(let tokens, let channels): return "embedding \(tokens) × \(channels)"
    case .attention(let heads): return "attention of \(heads)"
    case .activation(let activation): return activation.rawValue
    case .residual(let body, let shortcut):
      return "residual(\(Self.list(body)) + \(shortcut.isEmpty ? "x" : Self.list(shortcut)))"
    }
  }

  static func list(_ layers: [Layer]) -> String {
    layers.map(\.description).joined(separator: ", ")
  }
}
