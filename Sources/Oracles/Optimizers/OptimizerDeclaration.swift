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
  /// Where θ was put before a step, by the step's number. Rules of `Footing.point` alone heed it.
  var placed: [Int: [Double]] = [:]

  public init(start: [Double], gradients: [[Double]]) {
    self.start = start
    self.gradients = gradients
  }
}

/// A path that is known without the optimizer.
public struct KnownPath: Sendable {
  public let name: String
  /// θ₀.
  public let start: [Double]
  public let steps: Int
  /// What step t = 1, …, `steps` is taken on.
  public let function: @Sendable (_ step: Int) -> StepFunction
  /// θ_t.
  public let position: @Sendable (_ step: Int) -> [Double]
  /// Relative to the largest coordinate so far, and why that much.
  public let tolerance: Double
  public let why: String
  /// Whether digits beyond single precision decide where it leads: what computes in that is not led
  /// along it.
  public let needsDouble: Bool

  public init(
    name: String, start: [Double], steps: Int,
    function: @escaping @Sendable (Int) -> StepFunction,
    position: @escaping @Sendable (Int) -> [Double], tolerance: Double, why: String,
    needsDouble: Bool = false
  ) {
    self.needsDouble = needsDouble
    self.name = name
    self.start = start
    self.steps = steps
    self.function = function
    self.position = position
    self.tolerance = tolerance
    self.why = why
  }
}

/// How a method leaves the neighbourhood of a saddle, or does not.
public struct EscapePromise: Sendable {
  public enum Steps: Sendable, Equatable {
    /// ‖θ − saddle‖ ≥ radius for the first time after exactly this many steps.
    case exactly(Int)
    /// After at most this many.
    case within(Int)
    /// Not within this many.
    case notWithin(Int)
  }

  public let name: String
  public let landscape: Landscape
  public let saddle: [Double]
  public let start: [Double]
  public let radius: Double
  public let steps: Steps

  public init(
    name: String, landscape: Landscape, saddle: [Double], start: [Double], radius: Double,
    steps: Steps
  ) {
    self.name = name
    self.landscape = landscape
    self.saddle = saddle
    self.start = start
    self.radius = radius
    self.steps = steps
  }
}

/// What an optimizer computes in.
public enum OptimizerPrecision: String, Codable, Sendable, CaseIterable {
  case double = "float64"
  case single = "float32"

  /// The unit roundoff.
  var unit: Double { self == .single ? 0x1p-24 : 0x1p-53 }

  /// A tolerance for double precision in this one: as many roundings, but for the few that the
  /// sharpest bounds are above them, and never so much that a wrong rule would pass.
  func tolerance(_ inDouble: Double) -> Double {
    self == .single ? min(1e-2, 1e7 * inDouble) : inDouble
  }
}

/// A hyperparameter that must be refused with an error that names it.
public struct InvalidHyperparameter: Sendable {
  public let name: String
  public let value: Double
  /// Makes the optimizer; returns only if the value was taken.
  public let attempt: @Sendable () throws -> Void

  public init(_ name: String, _ value: Double, attempt: @escaping @Sendable () throws -> Void) {
    self.name = name
    self.value = value
    self.attempt = attempt
  }
}

/// What an optimizer promises; the oracles hold it to that, and to what every optimizer owes.
public enum OptimizerDeclaration: Sendable {
  /// Its path follows this change of the problem.
  case holds(Invariance)
  /// Its path must not follow it: Adam is not rotation-equivariant, and one that is is not Adam.
  case breaks(Invariance)
  /// Where it stands after any history of gradients, to 1e-10.
  case reference(ReferenceRule)
  /// A closed form of its path.
  case knownPath(KnownPath)
  /// What each of its steps on a function must be.
  case law(StepLaw)
  /// It takes the same path as another subject that shares no code with it, or the same rule by
  /// another name.
  case sameAs(name: String, any OptimizerSubject)
  /// No coordinate moves further than this in the last step of a history.
  case stepBound(name: String, @Sendable (OptimizerHistory) -> Double)
  /// On ½Σλᵢxᵢ² its error shrinks by this factor a step in the end, to 1e-6.
  case contraction(curvatures: [Double], factor: Double)
  /// No step ends higher than it began.
  case neverRises
  /// Its steps depend on the point alone, not on those before.
  case memoryless
  /// How it leaves a saddle.
  case escape(EscapePromise)
  case refuses(InvalidHyperparameter)
  /// It goes wrong, or right, where a published counterexample says so.
  case publishedFailure(PublishedFailure)
  /// Its steps are random, and its seed is part of its memory.
  case noisy
  /// Gradient descent with noise: when it comes, how long it is, and that it is uniform.
  case perturbs(PerturbationLaw)
  /// It is the same optimizer with the noise of another seed.
  case seeded(@Sendable (_ seed: UInt64) throws -> any OptimizerSubject)
  /// It moves although the gradient is zero: by decay of θ, say.
  case movesAtZeroGradient
  /// It computes and keeps its parameters in this precision: what rounding to it may do is no fault.
  case precision(OptimizerPrecision)
  /// It is the same optimizer in another process: bit for bit the same path.
  case anotherProcess(any OptimizerSubject)

  public static var rotationEquivariant: Self { .holds(.rotation) }

  /// Where it stands after any history of gradients: θ_T, and θ₀ after none.
  public static func reference(
    _ place: @escaping @Sendable (OptimizerHistory) -> [Double]
  ) -> Self { .reference(ReferenceRule(place)) }
}
