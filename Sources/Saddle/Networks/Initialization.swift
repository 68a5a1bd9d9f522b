/// The distribution that weights start from; biases start at zero.
public enum Initialization: String, CaseIterable, Codable, Sendable {
  /// Uniform on ±√(6 / (fan-in + fan-out)) (Glorot, Bengio 2010, eq. 16).
  case glorotUniform
  /// Normal with variance 2 / (fan-in + fan-out) (Glorot, Bengio 2010, eq. 12).
  case glorotNormal
  /// Uniform on ±√(6 / fan-in) (He et al. 2015, eq. 10).
  case heUniform
  /// Normal with variance 2 / fan-in (He et al. 2015, eq. 10).
  case heNormal

  func weight(
    fanIn: Int, fanOut: Int, using generator: inout some RandomNumberGenerator
  ) -> Double {
    let both = Double(fanIn + fanOut)
    switch self {
    case .glorotUniform: return generator.uniform(-1, 1) * (6 / both).squareRoot()
    case .glorotNormal: return generator.normal() * (2 / both).squareRoot()
    case .heUniform: return generator.uniform(-1, 1) * (6 / Double(fanIn)).squareRoot()
    case .heNormal: return generator.normal() * (2 / Double(fanIn)).squareRoot()
    }
  }
}

extension Network {
  /// Parameters to start training from, drawn in `Double` and rounded to `T`: weights by fan-in
  /// and fan-out, a convolution's times its kernel's size (as PyTorch counts); biases and β 0, γ 1.
  public func initialParameters<T: Scalar>(
    _ initialization: Initialization = .glorotUniform,
    using generator: inout some RandomNumberGenerator
  ) -> [T] {
    var parameters = [T](repeating: 0, count: parameterCount)
    for placed in placed.flatMap(\.all) {
      guard let weights = placed.weights else { continue }
      guard weights.shape.count > 1 else {
        for i in weights.range { parameters[i] = 1 }
        continue
      }
      let window = weights.shape.dropFirst(2).reduce(1, *)
      for i in weights.range {
        parameters[i] = T(
          initialization.weight(
            fanIn: weights.shape[1] * window, fanOut: weights.shape[0] * window,
            using: &generator))
      }
    }
    return parameters
  }
}
