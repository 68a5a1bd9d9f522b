import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// What the mutants in wrappers and on schedules are held to, kept by Saddle's own.
@Suite struct WrapperClaimsTests {
  struct Wrapped: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let claims: OptimizerClaims
    let description: @Sendable ([String: Double]) -> OptimizerDescription

    init(
      _ name: String, _ claims: OptimizerClaims,
      _ description: @escaping @Sendable ([String: Double]) -> OptimizerDescription
    ) {
      testDescription = name
      self.claims = claims
      self.description = description
    }
  }

  static let all = [
    Wrapped("sgd in clipNorm", .clipNormSGD) {
      OptimizerDescription("sgd", rule($0), wrappers: [.clipNorm($0["limit"] ?? 1)])
    },
    Wrapped("adam in clipNorm", .clipNormAdam) {
      OptimizerDescription("adam", rule($0), wrappers: [.clipNorm($0["limit"] ?? 1)])
    },
    Wrapped("momentum in clipValue", .clipValueMomentum) {
      OptimizerDescription("momentum", rule($0), wrappers: [.clipValue($0["limit"] ?? 1)])
    },
    Wrapped("momentum in decoupledWeightDecay", .decayedMomentum) {
      OptimizerDescription(
        "momentum", rule($0), wrappers: [.decoupledWeightDecay($0["weightDecay"] ?? 0.1)])
    },
    Wrapped("sgd in sharpnessRadius", .sharpSGD) {
      OptimizerDescription("sgd", rule($0), wrappers: [.sharpnessRadius($0["radius"] ?? 0.05)])
    },
    Wrapped("momentum on a schedule", .scheduledMomentum) {
      OptimizerDescription("momentum", schedule: schedule($0["schedule"]))
    },
    Wrapped("adamw on a schedule", .scheduledAdamW) {
      OptimizerDescription(
        "adamw", ["learningRate": 0.01, "weightDecay": 0.3], schedule: schedule($0["schedule"]))
    },
  ]

  @Test(.tags(.oracle), arguments: all)
  func `rules in wrappers and on schedules keep what is claimed of them`(wrapped: Wrapped) throws {
    for values in wrapped.claims.cases {
      let subject = try wrapped.description(values).subject()
      let declarations = try wrapped.claims.declarations(values)
      for oracle in OptimizerOracle.all(for: wrapped.claims.kind) {
        let verdict = oracle.verdict(on: subject, declaring: declarations)
        if case .failed(let violation) = verdict.outcome {
          Issue.record("\(wrapped.testDescription), \(oracle), \(values): \(violation)")
        }
      }
    }
  }

  /// The numbers that are the rule's own.
  private static func rule(_ values: [String: Double]) -> [String: Double] {
    values.filter { !["limit", "weightDecay", "radius"].contains($0.key) }
  }

  private static func schedule(_ number: Double?) -> Schedule {
    switch number.flatMap(PlainSchedule.init) {
    case .step: .step(factor: 0.5, every: 7)
    case .exponential: .exponential(factor: 0.9)
    case .cosine: .cosine(warmUp: 5, steps: 30, final: 0.1)
    case .longCosine: .cosine(warmUp: 5, steps: 300, final: 0.1)
    case .inverseRoot: .inverseSquareRoot
    case nil: .constant
    }
  }
}
