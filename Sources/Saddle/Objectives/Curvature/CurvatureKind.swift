/// Which curvature matrix of a mean loss L(θ) = (1/N) Σₙ ℓₙ(zₙ(θ)) is meant.
///
/// With Jₙ = ∂zₙ/∂θ, every kind but the Hessian and the residual is (1/N) Σₙ JₙᵀBₙJₙ for some
/// matrix Bₙ on the outputs of sample n (Schraudolph 2002; Martens 2020, §§5–9; Kunstner, Balles,
/// Hennig 2019).
public enum CurvatureKind: Codable, Hashable, Sendable {
  /// ∂²L/∂θ².
  case hessian
  /// Generalized Gauss–Newton: Bₙ = ∂²ℓ/∂z².
  case gaussNewton
  /// Fisher's information of the model whose negative log-likelihood is the loss: the labels are
  /// drawn from softmax(z), or N(z, I) for squared error. For both it is the Gauss–Newton matrix.
  case fisher
  /// The same, its expectation over labels replaced by the mean over `draws` of them per sample.
  case monteCarloFisher(draws: Int, seed: UInt64)
  /// The mean of gₙgₙᵀ over the samples' own gradients: no Fisher information, since the labels
  /// are the data's.
  case empiricalFisher
  /// The covariance of the samples' gradients: the empirical Fisher less ḡḡᵀ.
  case gradientCovariance
  /// Hessian less Gauss–Newton: (1/N) Σₙ Σₖ (∂ℓₙ/∂zₖ)·∂²zₙₖ/∂θ².
  case residual

  /// What it is made of: the one place where a kind is told from another.
  var matrix: any CurvatureMatrix {
    switch self {
    case .hessian: LossHessian()
    case .gaussNewton: GaussNewton()
    case .fisher: Fisher()
    case .monteCarloFisher(let draws, let seed): MonteCarloFisher(draws: draws, seed: seed)
    case .empiricalFisher: EmpiricalFisher()
    case .gradientCovariance: GradientCovariance()
    case .residual: ResidualCurvature()
    }
  }

  /// Whether the network's second derivatives come in.
  public var hasSecondDerivatives: Bool { matrix.hasSecondDerivatives }

  /// Whether the penalty ½α‖θ‖² adds α·I.
  public var seesPenalty: Bool { matrix.seesPenalty }

  /// Whether no eigenvalue is negative, whatever the network and its parameters are.
  public var isPositiveSemidefinite: Bool { matrix.isPositiveSemidefinite }
}

extension CurvatureKind: CustomStringConvertible {
  public var description: String { matrix.title }
}
