/// Which methods to start on a saddle, and for how long.
public struct EscapeSettings: Codable, Hashable, Sendable {
  /// A method by the catalog's name and what differs from its defaults.
  public struct Method: Codable, Hashable, Sendable {
    public let name: String
    public let set: [String: Double]

    public init(_ name: String, _ set: [String: Double] = [:]) {
      self.name = name
      self.set = set
    }
  }

  public let methods: [Method]
  /// Steps with all samples.
  public let steps: Int

  public init(methods: [Method], steps: Int) {
    self.methods = methods
    self.steps = steps
  }
}

/// What methods do that start on a certified saddle: a critical network with one idle unit more.
public struct EscapeTrial: Codable, Equatable, Sendable {
  public struct Outcome: Codable, Equatable, Sendable {
    public let method: String
    /// Steps in which its mechanism for leaving saddle points acted; nil where it has none.
    public let interventions: Int?
    /// The loss at the end less the saddle's; nil where it stopped being finite.
    public let change: Double?

    /// Whether the loss fell by more than `leastFall` of what it was.
    public func hasLeft(loss: Double) -> Bool? { change.map { $0 < -EscapeTrial.leastFall * loss } }
  }

  /// What is proved of the point that all start from.
  public let certificate: CriticalPointCertificate
  public let loss: Double
  public let outcomes: [Outcome]

  /// A fall of the loss by so much of it is no wandering about the saddle.
  public static let leastFall = 1e-3

  /// - Parameters:
  ///   - θ: a critical point.
  ///   - seed: of the methods' noise.
  /// - Returns: nil where no unit can be added.
  /// - Throws: as `CriticalPointCertificate`; `OptimizerError` for methods that do not exist.
  init?(
    of objective: NetworkObjective<Double>, at θ: [Double], _ settings: EscapeSettings, seed: UInt64
  ) throws {
    guard let (wider, start) = try objective.withIdleUnit(at: θ) else { return nil }
    certificate = try CriticalPointCertificate(of: wider, at: start, seed: seed)
    let loss = wider.value(at: start)
    self.loss = loss
    outcomes = try settings.methods.map { method in
      let rule = try OptimizerDescription(method.name, method.set, seed: seed)
        .makeOptimizer(Double.self)
      return try Self.walk(by: rule, method.name, wider, start, loss, steps: settings.steps)
    }
  }

  private static func walk(
    by rule: some Optimizer<Double>, _ name: String, _ objective: NetworkObjective<Double>,
    _ start: [Double], _ loss: Double, steps: Int
  ) throws -> Outcome {
    var (point, model) = (start, ObjectiveModel(objective))
    var state = rule.initialState(dimension: point.count)
    do throws(OptimizerError) {
      for _ in 0..<steps { try rule.step(&point, on: &model, state: &state) }
    } catch .notFinite, .krylov {
      return Outcome(
        method: name, interventions: rule.interventions(in: state), change: nil)
    }
    let end = objective.value(at: point)
    return Outcome(
      method: name, interventions: rule.interventions(in: state),
      change: end.isFinite ? end - loss : nil)
  }
}
