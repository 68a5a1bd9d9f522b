/// The Hessian's Ritz pairs in a Krylov space of the gradient: Newton steps from which the modes of
/// little curvature are left out.
///
/// Where the space is invariant, as it is when its dimension reaches P, these are all the
/// eigenvectors that the gradient has a part in.
struct KrylovModes: Sendable {
  private let modes: CurvatureModes<Double>?
  /// vᵀg of each mode.
  let components: [Double]
  private let order: Int

  /// The most Lanczos vectors that are kept.
  static let budget = 300

  /// - Throws: `CriticalPointError.productNotFinite`, `.hessianRefused`.
  init(
    of objective: some Objective<Double>, at point: [Double], gradient: [Double]
  ) throws(CriticalPointError) {
    var model = ObjectiveModel(objective)
    let found: CurvatureModes<Double>
    do throws(OptimizerError) {
      found = try CurvatureModes(
        krylov: &model, at: point.span, from: gradient, count: Self.budget)
    } catch {
      switch error {
      case .productNotFinite(let coordinate): throw .productNotFinite(coordinate: coordinate)
      case .hessianRefused(let cause): throw .hessianRefused(cause)
      default: throw .productNotFinite(coordinate: 0)
      }
    }
    modes = found.values.isEmpty ? nil : found
    components = modes?.components(of: gradient) ?? []
    order = gradient.count
  }

  /// The Ritz values θ.
  var values: [Double] { modes?.values ?? [] }

  /// The largest |θ|: a lower bound of ‖H‖.
  var scale: Double { modes?.scale ?? 0 }

  /// p = −Σ v·(vᵀg)/θ over the modes with |θ| > cut, and ‖Hp‖² in the space, which is −gᵀHp.
  func step(above cut: Double) -> (step: [Double], gain: Double) {
    guard let modes else { return ([Double](repeating: 0, count: order), 0) }
    var gain = 0.0
    var weights = components
    for (k, value) in modes.values.enumerated() {
      guard value.magnitude > cut else {
        weights[k] = 0
        continue
      }
      gain += components[k] * components[k]
      weights[k] = -components[k] / value
    }
    return (modes.combination(weights), gain)
  }
}
