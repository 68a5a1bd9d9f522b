/// Upper bounds of sup|φ′|, sup|φ″| and sup|φ‴| over the line.
package struct DerivativeBounds: Sendable {
  package let first, second, third: Double
}

extension Activation {
  /// Each rounded up in the last digit that is given; nil where φ is not three times
  /// differentiable.
  ///
  /// tanh: 1, 4/(3√3), 2. Sigmoid is ½ + ½·tanh(z/2): ¼, 1/(6√3), ⅛. Softplus has the sigmoid for a
  /// slope. GELU with the normal density ϕ: φ′ = Φ + zϕ is greatest at √2, φ″ = (2 − z²)ϕ at 0, and
  /// |φ‴| = |z³ − 4z|ϕ where z² = (7 − √33)/2.
  package var derivativeBounds: DerivativeBounds? {
    switch self {
    case .tanh: DerivativeBounds(first: 1, second: 0.769801, third: 2)
    case .sigmoid: DerivativeBounds(first: 0.25, second: 0.0962251, third: 0.125)
    case .softplus: DerivativeBounds(first: 1, second: 0.25, third: 0.0962251)
    case .gelu: DerivativeBounds(first: 1.12891, second: 0.797885, third: 0.778770)
    case .identity: DerivativeBounds(first: 1, second: 0, third: 0)
    case .relu: nil
    }
  }
}
