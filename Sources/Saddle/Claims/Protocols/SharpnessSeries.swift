import RealModule

/// The greatest eigenvalue of runs that differ in their batch alone, at one and the same loss: the
/// least that all of them come to. At ends of training larger batches have another loss as well.
package struct SharpnessSeries {
  /// A run's batch, and loss and λmax at points that it passed, in their order.
  package struct Run {
    let batch: Int
    package let points: [(loss: Double, greatest: Double)]

    package init(batch: Int, points: [(loss: Double, greatest: Double)]) {
      self.batch = batch
      self.points = points
    }
  }

  /// The loss that all are compared at.
  package let loss: Double
  /// λmax there, by batch.
  let greatest: [(batch: Int, value: Double)]

  /// Fewer batches make no slope.
  static let leastBatches = 3

  /// - Returns: nil for fewer than `leastBatches`, and where a run has no points or one is not
  ///   positive.
  package init?(_ runs: [Run]) {
    guard Set(runs.map(\.batch)).count >= Self.leastBatches,
      runs.allSatisfy({ run in
        !run.points.isEmpty && run.points.allSatisfy { $0.loss > 0 && $0.greatest > 0 }
      })
    else { return nil }
    let loss = runs.reduce(0) { max($0, $1.points.reduce(.infinity) { min($0, $1.loss) }) }
    self.loss = loss
    greatest = runs.map { ($0.batch, Self.greatest(of: $0.points, at: loss)) }
  }

  /// - Returns: nil where a run diverged or has no points along.
  init?(ofRuns runs: [RunResult]) {
    let known = runs.compactMap { run -> Run? in
      guard let along = run.end?.along, let batch = run.experiment.plan?.batchSize else { return nil }
      let points = along.compactMap { step in
        step.point.spectrum.map { (step.point.evaluation.loss, $0.greatest.value) }
      }
      return Run(batch: batch, points: points)
    }
    guard known.count == runs.count else { return nil }
    self.init(known)
  }

  /// Where the loss first comes down to a level: between two points by straight lines of logarithms.
  private static func greatest(
    of points: [(loss: Double, greatest: Double)], at level: Double
  ) -> Double {
    guard let k = points.firstIndex(where: { $0.loss <= level }), k > 0 else {
      return points[0].greatest
    }
    let (above, below) = (points[k - 1], points[k])
    let share = Double.log(above.loss / level) / Double.log(above.loss / below.loss)
    return above.greatest * Double.pow(below.greatest / above.greatest, share)
  }

  /// d log λmax / d log batch, by least squares.
  package var slope: Double {
    let x = greatest.map { Double.log(Double($0.batch)) }
    let y = greatest.map { Double.log($0.value) }
    let (meanX, meanY) = (
      x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count)
    )
    let (xy, xx) = zip(x, y).reduce((0.0, 0.0)) {
      ($0.0 + ($1.0 - meanX) * ($1.1 - meanY), $0.1 + ($1.0 - meanX) * ($1.0 - meanX))
    }
    return xy / xx
  }
}
