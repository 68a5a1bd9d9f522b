extension OptimizerSettings {
  /// - Throws: `OptimizerError.invalidHyperparameter` where a schedule was set for an optimizer
  ///   that has no learning rate.
  func requireConstantSchedule() throws(OptimizerError) {
    guard schedule == .constant else {
      throw .invalidHyperparameter(
        name: "schedule", value: "\(schedule)",
        expected: "constant: this optimizer chooses its own steps")
    }
  }
}
