import RealModule

/// How far down a loss is followed, and how often its Hessian is taken on the way.
public struct TrajectorySettings: Codable, Hashable, Sendable {
  /// The loss to come to.
  public let lowest: Double
  /// Spectra to each factor of ten of the loss.
  public let perDecade: Int
  /// Steps at most.
  public let steps: Int

  public init(lowest: Double, perDecade: Int = 2, steps: Int = 2000) {
    self.lowest = lowest
    self.perDecade = perDecade
    self.steps = steps
  }
}

/// Loss, index and extremes of the Hessian along one descent of the loss with all samples.
public struct LossTrajectory: Codable, Equatable, Sendable {
  public struct Stage: Codable, Equatable, Sendable {
    public let step: Int
    public let loss: Double
    public let gradientNorm: Double
    /// ‖θ‖.
    public let length: Double
    public let least, greatest: Double
    /// Eigenvalues below −ε·max|λ|, one for each of `LossTrajectory.tolerances`.
    public let index: [Int]
  }

  /// P.
  public let order: Int
  public let stages: [Stage]

  /// ε at which the index is counted.
  public static let tolerances = [1e-10, 1e-6, 1e-3]

  /// Steps of `TrustRegionNewton`, as in `Descent`; the Hessian's spectrum at the start and wherever
  /// the loss has first fallen below lowest·10^(k/perDecade), k a whole number.
  ///
  /// - Parameter θ: P parameters.
  /// - Throws: `SpectrumError.tooLarge`; `OptimizerError.notFinite`; `LinearAlgebraError` where LAPACK
  ///   gives up.
  public init(
    of objective: some Objective<Double>, from θ: [Double], _ settings: TrajectorySettings
  ) throws {
    try PointAnalysis.requireMemory(order: θ.count, matrices: 3)
    order = θ.count
    stages = try Self.walk(AssembledObjective(objective), θ, settings)
  }

  private static func walk(
    _ objective: some Objective<Double>, _ θ: [Double], _ settings: TrajectorySettings
  ) throws -> [Stage] {
    let rule = try TrustRegionNewton<Double>(iterations: max(100, 2 * θ.count))
    var model = ObjectiveModel(objective)
    var state = rule.initialState(dimension: θ.count)
    var (point, stages) = (θ, [Stage]())
    var next = Double.infinity
    for step in 0...settings.steps {
      let before = point
      let loss = try rule.step(&point, on: &model, state: &state)
      if loss <= next || step == 0 {
        let spectrum = try Spectrum(eigenvalues: objective.hessian(at: before).eigenvalues())
        stages.append(
          Stage(
            step: step, loss: loss, gradientNorm: model.gradient.norm, length: before.norm,
            least: spectrum.least, greatest: spectrum.greatest,
            index: tolerances.map(spectrum.index(at:))))
        // The next level below this loss.
        let level = (Double.log10(loss / settings.lowest) * Double(settings.perDecade)).rounded(.up)
        next = settings.lowest * Double.pow(10, (level - 1) / Double(settings.perDecade))
      }
      if loss <= settings.lowest || point == before && model.gradient.norm == 0 { break }
    }
    return stages
  }

  /// The slope of log index on log loss by least squares, over the stages whose index is not zero; nil
  /// for less than three of them.
  public func indexSlope(at tolerance: Double) -> Double? {
    guard let column = Self.tolerances.firstIndex(of: tolerance) else { return nil }
    let points = stages.compactMap { stage -> (x: Double, y: Double)? in
      stage.index[column] > 0 && stage.loss > 0
        ? (Double.log(stage.loss), Double.log(Double(stage.index[column]))) : nil
    }
    guard points.count > 2 else { return nil }
    let n = Double(points.count)
    let (x, y) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
    let square = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    guard square > 0 else { return nil }
    return points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / square
  }
}
