import Saddle

/// A grid on drawn figures that runs in a moment.
public func smallGrid(
  optimizers: [OptimizerChoice] = [OptimizerChoice("sgd")], seeds: [UInt64] = [1, 2],
  epochs: Int = 2, tuning: TuningProtocol = TuningProtocol(extensions: 1),
  measure: EndMeasurement = EndMeasurement()
) -> ExperimentGrid {
  ExperimentGrid(
    name: "small",
    groups: [
      ExperimentGroup(
        name: "drawn", data: DatasetDescription(.syntheticDigits(seed: 1, count: 60), pooling: 7),
        test: .syntheticDigits(seed: 2, count: 40),
        networks: [.dense(hidden: [2], activation: .tanh)], batches: [20],
        epochs: epochs, optimizers: optimizers, seeds: seeds, tuning: tuning, measure: measure)
    ])
}
