/// What Prodigy has beside Adam's numbers: d₀, the factor c of its estimates, and how much d may
/// grow in a step, 0 where that is not limited.
public struct ProdigyConstants: Sendable {
  public let initialDistance: Double
  public let distanceFactor: Double
  public let growthRate: Double

  public init(initialDistance: Double, distanceFactor: Double = 1, growthRate: Double = 0) {
    self.initialDistance = initialDistance
    self.distanceFactor = distanceFactor
    self.growthRate = growthRate
  }
}

extension ReferenceRules {
  /// θ_{t+1} = θ_t − η_t d_t (m_t/(√v_t + d_{t+1}ε) + λθ_t), m_t and v_t the averages of d_k g_k and
  /// d_k² g_k² from 0, not corrected; d_{t+1} = max(d_t, c r_t/‖s_t‖₁), r_t and s_t the sums of
  /// η_k d_k² ⟨g_k, θ₀ − θ_k⟩ and η_k d_k² g_k with weights √β₂ᵗ⁻ᵏ (Mishchenko, Defazio 2023,
  /// algorithm 4).
  ///
  /// As in prodigyopt 1.1.2: d_{t+1} beside ε, where the paper has d_t; d grows by at most the growth
  /// rate once it has left d₀, towards the largest estimate so far; where no gradient has been
  /// nothing moves. Its correction of bias, its β₃ and its safeguard, all off by default, are left
  /// out.
  public static func prodigy(
    rate: @escaping RateOfStep, _ c: AdamConstants, _ p: ProdigyConstants, weightDecay: Double = 0
  ) -> ReferenceRule {
    @Sendable func path(_ history: OptimizerHistory, unit: Double) -> [[Double]] {
      var estimate = DistanceEstimate(p, decay: DoubleDouble(c.beta2).squareRoot)
      let start = history.start.map { DoubleDouble($0) }
      var place = start
      let n = start.count
      var m = [DecayedSum](repeating: DecayedSum(c.beta1, unit: unit), count: n)
      var v = [DecayedSum](repeating: DecayedSum(c.beta2, unit: unit), count: n)
      var s = [DecayedSum](repeating: DecayedSum(estimate.decay, unit: unit), count: n)
      return history.gradients.enumerated().map { k, gradient in
        let (d, η) = (estimate.distance, DoubleDouble(rate(k + 1)))
        var (inner, norm) = (DoubleDouble(0), DoubleDouble(0))
        for i in 0..<n {
          let g = DoubleDouble(gradient[i])
          m[i].add(d * g)
          v[i].add(d * d * g * g)
          s[i].add(η * d * d * g)
          inner = inner + η * d * d * g * (start[i] - place[i])
          norm = norm + s[i].value.magnitude
        }
        guard norm.high > 0 else { return place.map { Double($0) } }
        estimate.add(inner, over: norm)
        for i in 0..<n {
          let divisor = v[i].average.squareRoot + estimate.distance * DoubleDouble(c.epsilon)
          let move = m[i].average.over(divisor) + DoubleDouble(weightDecay) * place[i]
          place[i] = place[i] - η * d * move
        }
        return place.map { Double($0) }
      }
    }
    return ReferenceRule(
      path: { path($0, unit: 0) },
      shakenPaths: [{ path($0, unit: 0x1p-53) }, { path($0, unit: -0x1p-53) }])
  }
}

/// d_t, the estimate of how far the start is from a minimum.
private struct DistanceEstimate {
  let decay: DoubleDouble
  private let constants: ProdigyConstants
  private(set) var distance: DoubleDouble
  private var largest: DoubleDouble
  private var inner: DecayedSum

  init(_ constants: ProdigyConstants, decay: DoubleDouble) {
    self.decay = decay
    self.constants = constants
    distance = DoubleDouble(constants.initialDistance)
    largest = distance
    inner = DecayedSum(decay)
  }

  mutating func add(_ product: DoubleDouble, over norm: DoubleDouble) {
    inner.add(product)
    let estimate = DoubleDouble(constants.distanceFactor) * inner.value / norm
    if distance == DoubleDouble(constants.initialDistance) { distance = max(distance, estimate) }
    largest = max(largest, estimate)
    let limit = distance * DoubleDouble(constants.growthRate)
    distance = constants.growthRate > 0 ? min(largest, limit) : largest
  }
}
