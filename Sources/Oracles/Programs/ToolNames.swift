import Dialogue

// Ensembles and laws as docs/protocol.md writes them, and those that a program is asked about.

extension EnsembleSubject.Ensemble {
  /// Of each kind one that tells its numbers apart.
  public static let asked: [EnsembleSubject.Ensemble] = [
    .goe, .gue, .wigner, .wishart(degrees: 40), .spikedWigner(strength: 2),
  ]

  var json: String {
    switch self {
    case .goe: #"{"name":"goe"}"#
    case .gue: #"{"name":"gue"}"#
    case .wigner: #"{"name":"wigner"}"#
    case .wishart(let degrees): #"{"name":"wishart","degrees":\#(degrees)}"#
    case .spikedWigner(let strength): #"{"name":"spikedWigner","strength":\#(strength)}"#
    }
  }
}

extension LawSubject.Law {
  public static let asked: [LawSubject.Law] = [
    .semicircle(center: 0.5, radius: 2), .semicircle(center: 0, radius: 0.1),
    .marchenkoPastur(ratio: 0.3), .marchenkoPastur(ratio: 2, scale: 0.5, shift: 0.25),
    .freeConvolution(variance: 0.2, ratio: 0.5), .tracyWidom(beta: 1), .tracyWidom(beta: 2),
    .spacings(beta: 0), .spacings(beta: 1), .spacings(beta: 2), .spacingRatios(beta: 1),
    .spacingRatios(beta: 2), .kolmogorov(count: 10), .kolmogorov(count: 40),
  ]

  var json: String {
    func object(_ name: String, _ numbers: KeyValuePairs<String, Double>) -> String {
      "{\"name\":\"\(name)\"" + numbers.map { ",\"\($0)\":\($1)" }.joined() + "}"
    }
    func object(_ name: String, beta: Int) -> String { "{\"name\":\"\(name)\",\"beta\":\(beta)}" }
    return switch self {
    case .semicircle(let center, let radius):
      object("semicircle", ["radius": radius, "center": center])
    case .marchenkoPastur(let ratio, let scale, let shift):
      object("marchenkoPastur", ["ratio": ratio, "scale": scale, "shift": shift])
    case .freeConvolution(let variance, let ratio, let scale, let shift):
      object(
        "freeConvolution", ["variance": variance, "ratio": ratio, "scale": scale, "shift": shift])
    case .tracyWidom(let beta): object("tracyWidom", beta: beta)
    case .spacings(let beta): object("spacings", beta: beta)
    case .spacingRatios(let beta): object("spacingRatios", beta: beta)
    case .numberVariance(let beta): object("numberVariance", beta: beta)
    case .kolmogorov(let count): "{\"name\":\"kolmogorov\",\"count\":\(count)}"
    case .unfolding: "{\"name\":\"unfolding\"}"
    }
  }
}

extension ProgramError {
  /// Whether the program says that it cannot do this, which is no fault of it.
  public var isUnsupported: Bool {
    if case .refused(let why) = cause { why.hasPrefix("unsupported") } else { false }
  }
}
