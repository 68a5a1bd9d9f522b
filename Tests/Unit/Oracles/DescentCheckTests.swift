import Oracles
import Saddle
import SaddleOracles
import Testing

@Suite struct DescentCheckTests {
  private func verdict(
    _ name: String, _ optimizer: some Optimizer<Double>, _ declaration: OptimizerDeclaration,
    kind: OptimizerOracle.Kind = .firstOrder
  ) throws -> OptimizerVerdict.Outcome {
    let oracle = try #require(OptimizerOracle.all(for: kind).first { $0.name == name })
    return oracle.verdict(
      on: OptimizerInProcess(optimizer), declaring: [declaration]
    ).outcome
  }

  private func failed(_ outcome: OptimizerVerdict.Outcome) -> Bool {
    if case .failed = outcome { true } else { false }
  }

  @Test func `a line search never rises, and a fixed rate does somewhere`() throws {
    let searched = try verdict(
      "never rises", ArmijoGD<Double>(), .neverRises, kind: .lineSearch)
    #expect(!failed(searched) && searched != .notDeclared)
    // Rosenbrock's valley is too steep for 0.01, and 1e-9 leads nowhere but down.
    #expect(failed(try verdict("never rises", SGD<Double>(learningRate: 0.01), .neverRises)))
    #expect(!failed(try verdict("never rises", SGD<Double>(learningRate: 1e-6), .neverRises)))
  }

  @Test func `descent keeps nothing in mind, momentum and a schedule do`() throws {
    let name = "keeps nothing in mind"
    #expect(!failed(try verdict(name, SGD<Double>(learningRate: 0.1), .memoryless)))
    #expect(failed(try verdict(name, Momentum<Double>(learningRate: 0.1), .memoryless)))
    let falling = try SGD<Double>(learningRate: LearningRate(0.1, .inverseSquareRoot))
    #expect(failed(try verdict(name, falling, .memoryless)))
  }
}
