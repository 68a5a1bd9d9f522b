import Foundation

/// The learning rate η_t of step t, counted from 1.
public typealias RateOfStep = @Sendable (_ step: Int) -> Double

/// Where an optimizer must stand after a history of gradients.
public struct ReferenceRule: Sendable {
  /// θ₁, …, θ_T.
  public let path: @Sendable (OptimizerHistory) -> [[Double]]
  /// The same where every average is off, up or down, by what rounding may leave of it in another form
  /// of its sum: v + (1 − β)(x − v), say, which cancels where x is far below v.
  let shakenPaths: [@Sendable (OptimizerHistory) -> [[Double]]]
  /// θ_T alone, of a rule that is known place by place: then a path costs a place for every step.
  private let place: (@Sendable (OptimizerHistory) -> [Double])?
  /// Whether a path costs no more than some passes over the history, however long it is.
  var isQuick: Bool { place == nil }
  /// What its next step does where the point was put elsewhere.
  var footing = Footing.unknown

  /// From where a rule steps, once the point that it is sent is not the one that it answered with.
  ///
  /// A theorem only where all that the rule keeps is made of gradients. Of one that is given from
  /// without, or averages places (schedule-free), or measures from its start (Prodigy), a right
  /// implementation may keep the places themselves, and nothing is asked of it.
  enum Footing: Sendable {
    case unknown
    /// From the point that it is sent: its memory is of gradients in every form that is in use.
    case point
    /// The same, but the velocity may be kept as a difference of places: Polyak's
    /// θ_{t+1} = θ_t − ηg_t + μ(θ_t − θ_{t−1}), and Nesterov's two sequences. Those go along with a
    /// point that was moved, 1 + μ times as far.
    case velocity
  }

  /// - Parameters:
  ///   - path: θ₁, …, θ_T, in a time that grows as T.
  ///   - shakenPaths: the paths of averages that are a little off.
  public init(
    path: @escaping @Sendable (OptimizerHistory) -> [[Double]],
    shakenPaths: [@Sendable (OptimizerHistory) -> [[Double]]] = []
  ) {
    self.path = path
    self.shakenPaths = shakenPaths
    place = nil
  }

  /// - Parameter place: θ_T; θ₀ for a history without gradients.
  public init(_ place: @escaping @Sendable (OptimizerHistory) -> [Double]) {
    path = { history in history.gradients.indices.map { place(history.upTo($0 + 1)) } }
    shakenPaths = []
    self.place = place
  }

  /// θ_T.
  public func callAsFunction(_ history: OptimizerHistory) -> [Double] {
    place?(history) ?? path(history).last ?? history.start
  }

  /// How far θ₁, …, θ_T may be off by averages that are: zeros where nothing is known of them.
  func slack(_ history: OptimizerHistory, of path: [[Double]]) -> [[Double]] {
    shakenPaths.reduce(path.map { $0.map { _ in 0 } }) { slack, shaken in
      zip(slack, zip(path, shaken(history))).map { slack, pair in
        zip(slack, zip(pair.0, pair.1)).map { max($0, 4 * ($1.0 - $1.1).magnitude) }
      }
    }
  }
}

/// The rules of the field from the papers: each a few weighted sums of the history, in twice the
/// working precision, so that 20,000 steps are as exact as one.
///
/// In each, g_k is the gradient of step k = 1, …, T. The sums are held against their unrolled
/// definitions by tests, the rules against hands and closed forms.
public enum ReferenceRules {
  /// Makes the weighted sums of a path, by their decay.
  typealias Sums = (_ decay: Double) -> DecayedSum

  /// A rule that walks in every coordinate by itself.
  ///
  /// - Parameter path: θ₁, …, θ_T of a coordinate.
  static func byCoordinate(
    footing: ReferenceRule.Footing = .point,
    _ path:
      @escaping @Sendable (
        _ start: GivenPlaces, _ gradients: [DoubleDouble], _ sums: Sums
      ) -> [Double]
  ) -> ReferenceRule {
    @Sendable func whole(_ history: OptimizerHistory, _ unit: Double) -> [[Double]] {
      let paths = history.start.indices.map { i in
        path(GivenPlaces(history, coordinate: i), history.gradients.map { DoubleDouble($0[i]) }) {
          DecayedSum($0, unit: unit)
        }
      }
      return history.gradients.indices.map { t in paths.map { $0[t] } }
    }
    var rule = ReferenceRule(
      path: { whole($0, 0) }, shakenPaths: [{ whole($0, 0x1p-53) }, { whole($0, -0x1p-53) }])
    rule.footing = footing
    return rule
  }
}

/// Where a coordinate is put: at first, and before later steps.
struct GivenPlaces {
  let first: Double
  let later: [Int: Double]

  init(_ history: OptimizerHistory, coordinate i: Int) {
    first = history.start[i]
    later = history.placed.mapValues { $0[i] }
  }
}

/// θ_T = θ₀ Π_t (1 − η_tλ) − Σ_t η_t u_t Π_{s>t} (1 − η_sλ), u_t the moves in units of the rate and λ a
/// weight decay that is decoupled from them (Loshchilov, Hutter 2019, algorithm 2).
struct ReferenceWalk {
  private let rate: RateOfStep
  private let weightDecay: DoubleDouble
  private let given: [Int: Double]
  private(set) var step = 0
  private(set) var place: DoubleDouble

  init(from places: GivenPlaces, rate: @escaping RateOfStep, weightDecay: Double = 0) {
    self.rate = rate
    self.weightDecay = DoubleDouble(weightDecay)
    given = places.later
    place = DoubleDouble(places.first)
  }

  /// θ_t after a move u_t.
  mutating func move(_ move: DoubleDouble) -> Double {
    step += 1
    if let put = given[step] { place = DoubleDouble(put) }
    let η = DoubleDouble(rate(step))
    place = place - η * (weightDecay * place + move)
    return Double(place)
  }
}

/// Σ_{k ≤ t} βᵗ⁻ᵏ x_k, with the sum of its weights.
struct DecayedSum {
  private let decay: DoubleDouble
  /// The unit roundoff of the form that is allowed for, up or down; 0 for the sum itself.
  private let unit: Double
  private(set) var weight = DoubleDouble(0)
  private var sum = DoubleDouble(0)
  /// What the average may be off by.
  private var error = 0.0
  private var isOfSigns = false

  init(_ decay: Double, unit: Double = 0) { self.init(DoubleDouble(decay), unit: unit) }

  init(_ decay: DoubleDouble, unit: Double = 0) {
    self.decay = decay
    self.unit = unit
  }

  mutating func add(_ x: DoubleDouble) {
    let before = unit == 0 ? 0 : average.high.magnitude
    sum = decay * sum + x
    weight = decay * weight + DoubleDouble(1)
    if x.high < 0 { isOfSigns = true }
    if unit != 0 { error = decay.high * error + 2 * unit * (before + x.high.magnitude) }
  }

  /// Σ.
  var value: DoubleDouble {
    guard unit != 0 else { return sum }
    let shaken = sum + DoubleDouble(error) / (DoubleDouble(1) - decay)
    // What no rounding makes negative: a sum of squares.
    return isOfSigns ? shaken : max(shaken, DoubleDouble(0))
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
    var history = OptimizerHistory(start: start, gradients: Array(gradients[..<step]))
    history.placed = placed
    return history
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
