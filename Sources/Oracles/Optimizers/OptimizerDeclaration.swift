/// A change of the problem that an optimizer's path may follow.
public enum Invariance: String, CaseIterable, Codable, Sendable {
  /// f(x + c) from x₀ − c.
  case translation
  /// Coordinates in another order.
  case permutation
  /// f(Qx) from Qᵀx₀, Q orthogonal.
  case rotation
  /// f(Ax) from A⁻¹x₀, A invertible.
  case affine
  /// c·f, c > 0: the same path.
  case gradientScale
}

/// The gradients that an optimizer was given, one a step.
public struct OptimizerHistory: Sendable {
  /// θ₀.
  public let start: [Double]
  /// g₁, …, g_T.
  public let gradients: [[Double]]

  public init(start: [Double], gradients: [[Double]]) {
    self.start = start
    self.gradients = gradients
  }
}

/// Where an optimizer must stand after a history.
public typealias ReferenceRule = @Sendable (OptimizerHistory) -> [Double]

/// What an optimizer promises; the oracles hold it to that, and to what every optimizer owes.
public enum OptimizerDeclaration: Sendable {
  /// Its path follows this change of the problem.
  case holds(Invariance)
  /// Its path must not follow it: Adam is not rotation-equivariant, and one that is is not Adam.
  case breaks(Invariance)
  /// Where it stands after any history of gradients, to 1e-10.
  case reference(ReferenceRule)

  public static var rotationEquivariant: Self { .holds(.rotation) }
}
