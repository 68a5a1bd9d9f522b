import Foundation

/// The learning rate η_t of step t, counted from 1.
public typealias RateOfStep = @Sendable (_ step: Int) -> Double

/// Where an optimizer must stand after a history of gradients.
public struct ReferenceRule: Sendable {
  /// θ₁, …, θ_T.
  public let path: @Sendable (OptimizerHistory) -> [[Double]]
  /// Whether a path costs no more than some passes over the history, however long it is.
  let isQuick: Bool

  /// - Parameter path: θ₁, …, θ_T, in a time that grows as T.
  public init(path: @escaping @Sendable (OptimizerHistory) -> [[Double]]) {
    self.path = path
    isQuick = true
  }

  /// - Parameter place: θ_T; θ₀ for a history without gradients.
  public init(_ place: @escaping @Sendable (OptimizerHistory) -> [Double]) {
    path = { history in history.gradients.indices.map { place(history.upTo($0 + 1)) } }
    isQuick = false
  }

  /// θ_T.
  public func callAsFunction(_ history: OptimizerHistory) -> [Double] {
    path(history).last ?? history.start
  }
}

/// The rules of the field from the papers: each a few weighted sums of the history, in twice the
/// working precision, so that 20,000 steps are as exact as one.
///
/// In each, g_k is the gradient of step k = 1, …, T. The sums are held against their unrolled
/// definitions by tests, the rules against hands and closed forms.
public enum ReferenceRules {
  /// A rule that walks in every coordinate by itself.
  ///
  /// - Parameter path: θ₁, …, θ_T of a coordinate.
  static func byCoordinate(
    _ path: @escaping @Sendable (_ start: Double, _ gradients: [DoubleDouble]) -> [Double]
  ) -> ReferenceRule {
    ReferenceRule(path: { history in
      let paths = history.start.indices.map { i in
        path(history.start[i], history.gradients.map { DoubleDouble($0[i]) })
      }
      return history.gradients.indices.map { t in paths.map { $0[t] } }
    })
  }
}

/// θ_T = θ₀ Π_t (1 − η_tλ) − Σ_t η_t u_t Π_{s>t} (1 − η_sλ), u_t the moves in units of the rate and λ a
/// weight decay that is decoupled from them (Loshchilov, Hutter 2019, algorithm 2).
struct ReferenceWalk {
  private let rate: RateOfStep
  private let weightDecay: DoubleDouble
  private(set) var step = 0
  private(set) var place: DoubleDouble

  init(from start: Double, rate: @escaping RateOfStep, weightDecay: Double = 0) {
    self.rate = rate
    self.weightDecay = DoubleDouble(weightDecay)
    place = DoubleDouble(start)
  }

  /// θ_t after a move u_t.
  mutating func move(_ move: DoubleDouble) -> Double {
    step += 1
    let η = DoubleDouble(rate(step))
    place = place - η * (weightDecay * place + move)
    return Double(place)
  }
}

/// Σ_{k ≤ t} βᵗ⁻ᵏ x_k, with the sum of its weights.
struct DecayedSum {
  private let decay: DoubleDouble
  private(set) var value = DoubleDouble(0)
  private(set) var weight = DoubleDouble(0)

  init(_ decay: Double) { self.init(DoubleDouble(decay)) }
  init(_ decay: DoubleDouble) { self.decay = decay }

  mutating func add(_ x: DoubleDouble) {
    value = decay * value + x
    weight = decay * weight + DoubleDouble(1)
  }

  /// (1 − β) Σ: the exponential average from 0.
  var average: DoubleDouble { (DoubleDouble(1) - decay) * value }
  /// 1 − βᵗ = (1 − β) Σ βᵗ⁻ᵏ: what the average is short of.
  var bias: DoubleDouble { (DoubleDouble(1) - decay) * weight }
  /// The average over its bias: a weighted mean, whose weights sum to 1.
  var mean: DoubleDouble { value / weight }
}

extension OptimizerHistory {
  /// Its first gradients.
  func upTo(_ step: Int) -> OptimizerHistory {
    OptimizerHistory(start: start, gradients: Array(gradients[..<step]))
  }
}

extension DoubleDouble {
  /// x/y, and 0 where y is 0: where ε = 0 and no gradient has been, a coordinate stays.
  func over(_ y: DoubleDouble) -> DoubleDouble { y.high == 0 ? DoubleDouble(0) : self / y }

  /// −1, 0 or 1.
  var sign: DoubleDouble { DoubleDouble(signum(high)) }
}

/// −1, 0 or 1.
func signum(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
