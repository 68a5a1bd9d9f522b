/// A point that training passed.
public struct PointAlong: Codable, Equatable, Sendable {
  /// Epochs completed.
  public let epoch: Int
  public let point: PointRecord

  public init(epoch: Int, point: PointRecord) {
    self.epoch = epoch
    self.point = point
  }
}

/// Measures points along a run: at its start, after every so many epochs, and at its end.
struct PointRecorder {
  let every: Int
  let lastEpoch: Int
  let fitsBulk: Bool
  private(set) var records: [PointAlong]

  /// - Parameter records: those of the run's earlier part; what lies beyond `epoch` is dropped.
  init(
    every: Int, lastEpoch: Int, fitsBulk: Bool, records: [PointAlong], upTo epoch: Int
  ) {
    self.every = every
    self.lastEpoch = lastEpoch
    self.fitsBulk = fitsBulk
    self.records = records.filter { $0.epoch <= epoch }
  }

  /// Measures the point where it is due and not there yet.
  mutating func record(
    epoch: Int, of objective: some SampledObjective<Double>, at parameters: [Double]
  ) throws {
    guard epoch % every == 0 || epoch == lastEpoch, records.last?.epoch ?? -1 < epoch else {
      return
    }
    let measured = try PointMeasurement(
      of: objective, at: parameters,
      settings: .along(order: objective.dimension, fit: fitsBulk))
    records.append(PointAlong(epoch: epoch, point: measured.record))
  }
}
