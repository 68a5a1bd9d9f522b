/// Exponential averages of gradients and of their squares: the memory of Adam and its kin.
public struct Moments<Element: Scalar>: OptimizerMemory {
  /// Steps taken.
  public internal(set) var step = 0
  /// m, P elements.
  public internal(set) var mean: [Element]
  /// v, P elements, none negative.
  public internal(set) var square: [Element]

  public init(dimension: Int) {
    mean = [Element](repeating: 0, count: dimension)
    square = mean
  }

  public func isValid(dimension: Int) -> Bool {
    isStepCount(step) && mean.areFinite(count: dimension)
      && square.areNotNegative(count: dimension)
  }
}

/// A rule of Adam's kin: a rate, two averages' coefficients, and ε.
public protocol MomentRule: CatalogedOptimizer {
  init(
    learningRate: LearningRate<Element>, beta1: Element, beta2: Element, epsilon: Element
  ) throws(OptimizerError)
}

extension MomentRule {
  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), epsilon: settings.value("epsilon"))
  }
}

extension OptimizerError {
  /// The ranges that Adam and its kin share: β₁ and β₂ in [0, 1), ε ≥ 0.
  static func requireMoments<T: Scalar>(
    beta1: T, beta2: T, epsilon: T
  ) throws(OptimizerError) {
    try requireDecay("beta1", beta1)
    try requireDecay("beta2", beta2)
    try requireNotNegative("epsilon", epsilon)
  }
}

/// Adam's step in one pass over memory, a zero divisor giving no step:
///
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← s·θ − η·m/(√v·c + ε)
func stepByMoments<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>,
  mean: inout [T], square: inout [T],
  beta1: T, beta2: T, shrinkage: T = 1, rate: T, rootScale: T, epsilon: T
) {
  let count = gradient.count
  precondition(parameters.count == count && mean.count == count && square.count == count)
  parameters.withUnsafeMutableBufferPointer { theta in
    gradient.withUnsafeBufferPointer { g in
      mean.withUnsafeMutableBufferPointer { m in
        square.withUnsafeMutableBufferPointer { v in
          guard let theta = theta.baseAddress, let g = g.baseAddress,
            let m = m.baseAddress, let v = v.baseAddress
          else { return }
          forEachPiece(of: count) { piece in
            let i = piece.lowerBound
            T.adam(
              piece.count, theta + i, g + i, m + i, v + i, beta1, beta2, shrinkage, rate,
              rootScale, epsilon)
          }
        }
      }
    }
  }
}
