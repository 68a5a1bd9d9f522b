import Support
import Testing

// What stands between `tutorial` and `end` is a file of the tutorial "Say what kind of point a run ended
// at", which shows it up to one `step` after another: it is run here, as it is read there.

// tutorial EndOfARun
import Saddle

/// Trains a small network, and says what kind of point that ends at.
func endOfARun() throws -> (analysis: PointAnalysis, end: CriticalPointCertificate) {
  let run = try Experiment(
    name: "tutorial",
    data: DatasetDescription(.syntheticDigits(seed: 1, count: 300), pooling: 7),
    hidden: [4], activation: .tanh, weightDecay: 1e-3,
    optimizer: OptimizerDescription("momentum", ["learningRate": 0.05]),
    plan: TrainingPlan(epochs: 50, batchSize: 50, seed: 1)
  ).prepared(from: DataFolder())
  let trained = try run.train()
  let objective = try run.objective(Double.self)
  // step
  let analysis = try PointAnalysis(of: objective, at: trained.parameters)
  for row in analysis.table() {
    print("\(row.name): \(row.value)")
  }
  // step
  if let certificate = analysis.certificate {
    print("vᵀHv = \(certificate.rayleighQuotient) by a product with H")
    print("vᵀHv = \(certificate.curvatureFromValues) by three values of the loss")
  }
  // step
  let descent = try Descent(of: objective, from: trained.parameters)
  print("‖∇L‖ = \(descent.report.gradientNorm) after \(descent.report.steps) steps")
  // step
  let end = try CriticalPointCertificate(of: objective, at: descent.point)
  for row in end.table {
    print("\(row.name): \(row.value)")
  }
  return (analysis, end)
}
// end

@Suite struct EndOfARunTutorialTests {
  /// As the tutorial says: no critical point, though curvature is negative; and where the gradient
  /// vanishes, a minimum.
  @Test func `it says what the tutorial says`() throws {
    let (analysis, end) = try endOfARun()
    #expect(analysis.kind == .notCritical)
    #expect(analysis.spectrum.index(at: 1e-6) > 0)
    #expect(analysis.certificate?.isValid == true)
    #expect(end.kind == .minimum && end.index == 0, "\(end.inWords)")
    #expect(end.gradientNorm < 1e-12)
  }
}
