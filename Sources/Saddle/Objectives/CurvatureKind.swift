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

  /// Whether the network's second derivatives come in.
  public var hasSecondDerivatives: Bool { self == .hessian || self == .residual }

  /// Whether the penalty ½α‖θ‖² adds α·I: it is quadratic, so it belongs to the Gauss–Newton part,
  /// and shifts all samples' gradients alike, so their covariance does not see it.
  public var seesPenalty: Bool { self != .residual && self != .gradientCovariance }

  /// Whether no eigenvalue is negative, whatever the network and its parameters are: both losses
  /// are convex in the outputs, the others are sums of squares, and a penalty adds α ≥ 0.
  public var isPositiveSemidefinite: Bool { self != .hessian && self != .residual }
}

extension CurvatureKind: CustomStringConvertible {
  public var description: String {
    switch self {
    case .hessian: "Hessian"
    case .gaussNewton: "generalized Gauss–Newton"
    case .fisher: "Fisher"
    case .monteCarloFisher(let draws, _): "Monte-Carlo Fisher, \(draws) draws a sample"
    case .empiricalFisher: "empirical Fisher"
    case .gradientCovariance: "gradient covariance"
    case .residual: "Hessian less Gauss–Newton"
    }
  }
}
