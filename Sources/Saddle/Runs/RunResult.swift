import Foundation

/// What came of one run of a grid.
public struct RunResult: Codable, Equatable, Sendable {
  public let key: String
  public package(set) var experiment: Experiment
  public let measure: EndMeasurement
  public package(set) var outcome: Outcome
  /// Wall time of training (of its last part, where it was resumed) and of the analysis, in s.
  public let trainingSeconds: Double
  public let analysisSeconds: Double
  /// The BLAS and its kernels, since they decide the last bits of a trajectory.
  public let blas: String

  public enum Outcome: Codable, Equatable, Sendable {
    case finished(EndPoint)
    /// Training stopped being finite: that is a result, and the grid goes on.
    case diverged(epoch: Int, cause: String)
  }

  /// Where the run ended; nil where it diverged.
  public package(set) var end: EndPoint? {
    get { if case .finished(let end) = outcome { end } else { nil } }
    set { if let newValue { outcome = .finished(newValue) } }
  }
}

extension RunResult {
  /// A key names a folder: one from elsewhere could name any. And an end that took other epochs than
  /// were planned, or has lengths below zero, is of no run.
  ///
  /// - Throws: `RunError.corrupt` where the key is not the hash of the experiment and what is measured,
  ///   or figures are not those of a run.
  func requireSound(in path: String) throws(RunError) {
    let own = try? GridRun(experiment, measure: measure).key
    guard key == own else {
      throw .corrupt(
        path: path, cause: "the key \(key) is not that of its experiment, \(own ?? "which has none")")
    }
    guard let end else { return }
    if let plan = experiment.plan, end.epochs != plan.epochs {
      throw .corrupt(
        path: path, cause: "\(key) took \(end.epochs) epochs of \(plan.epochs)")
    }
    for near in [end.point.criticality, end.refined?.point.criticality].compactMap({ $0 }) {
      guard near.gradientNorm >= 0, near.newtonStep >= 0, near.lengthScale >= 0 else {
        throw .corrupt(path: path, cause: "\(key) has lengths below zero")
      }
    }
  }
}

/// The point where a run ended, in figures.
public struct EndPoint: Codable, Equatable, Sendable {
  /// How many epochs the run took.
  public let epochs: Int
  public let startingLoss: Double
  /// The samples held out.
  public let test: Evaluation?
  /// Steps in which the optimizer's mechanism for leaving saddle points acted; nil where it has
  /// none, and in results from before it was counted.
  public package(set) var interventions: Int?
  /// The measurement of the point, as far as it was asked for.
  public package(set) var point: PointRecord
  /// Where a search for a critical point led, and what kind of point that is.
  public let refined: RefinedRecord?
  /// Points along the run, where they were asked for.
  public let along: [PointAlong]?
  /// The critical point that a descent from the end came to, where it was asked for.
  public let critical: CriticalEnd?
  /// The loss followed down from the end, where it was asked for.
  public let trajectory: LossTrajectory?

  init(
    epochs: Int, startingLoss: Double, test: Evaluation?, interventions: Int?,
    _ measurement: PointMeasurement, along: [PointAlong]?, critical: CriticalEnd? = nil,
    trajectory: LossTrajectory? = nil
  ) {
    self.epochs = epochs
    self.startingLoss = startingLoss
    self.test = test
    self.interventions = interventions
    point = measurement.record
    refined = measurement.refinement?.record
    self.along = along
    self.critical = critical
    self.trajectory = trajectory
  }

  init(
    _ result: TrainedNetwork, _ measurement: PointMeasurement, critical: CriticalEnd?,
    trajectory: LossTrajectory?
  ) {
    let last = result.history[result.history.count - 1]
    self.init(
      epochs: last.epoch, startingLoss: result.history[0].evaluation.loss, test: result.test,
      interventions: last.interventions, measurement, along: result.along, critical: critical,
      trajectory: trajectory)
  }
}
