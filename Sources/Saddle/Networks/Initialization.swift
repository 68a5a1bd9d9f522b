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

extension FullyConnectedNetwork {
  /// Parameters to start training from, drawn in `Double` and rounded to `T`, so that both
  /// precisions start at the same point.
  public func initialParameters<T: Scalar>(
    _ initialization: Initialization = .glorotUniform,
    using generator: inout some RandomNumberGenerator
  ) -> [T] {
    var parameters = [T](repeating: 0, count: parameterCount)
    for layer in layers {
      for i in layer.weights {
        parameters[i] = T(
          initialization.weight(fanIn: layer.inputs, fanOut: layer.outputs, using: &generator))
      }
    }
    return parameters
  }
}
