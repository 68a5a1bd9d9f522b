import Oracles
import Saddle
import SaddleOracles
import Testing

/// A hyperparameter that is zero is a number, not one that is missing: `beta2 or 0.999`.
struct OptimizerZeroTests {
  /// A hyperparameter that may be 0 and is not by default.
  struct Zero: CustomTestStringConvertible, Sendable {
    let rule: String
    let name: String
    var testDescription: String { "\(rule), \(name) = 0" }

    static let all = OptimizerPromises.names.flatMap { rule in
      ((try? OptimizerPromises.hyperparameters(of: rule)) ?? []).filter {
        $0.defaultValue != 0 && $0.domain.hasZero
      }.map { Zero(rule: rule, name: $0.name) }
    }

    /// What a validation sets it to 0 in.
    func cases() throws -> [[String: Double]] {
      try OptimizerPromises.cases(of: rule).filter { $0[name] == 0 }
    }
  }

  @Test(arguments: Zero.all)
  func `every hyperparameter that may be zero is tried at zero`(_ zero: Zero) throws {
    #expect(try !zero.cases().isEmpty)
  }

  /// Where no check comes between a zero and the default: thresholds so low that only thousands of
  /// steps on a slope lower still would tell, and a choice between two ways to the same step.
  private static let unseen: Set<String> = [
    "cubicNewton, exactLimit = 0", "negativeCurvatureDescent, gradientThreshold = 0",
    "negativeCurvatureDescent, curvatureThreshold = 0",
    "thirdOrder, gradientThreshold = 0", "thirdOrder, curvatureThreshold = 0",
  ]

  @Test(.tags(.oracle), arguments: Zero.all.filter { !unseen.contains($0.testDescription) })
  func `a zero that is taken for missing is found`(_ zero: Zero) throws {
    let entry = try #require(
      optimizerCatalog(Double.self).map(\.entry).first { $0.name == zero.rule })
    let oracles = OptimizerOracle.all(for: OptimizerOracle.Kind(entry.family), isQuick: true)
      .filter { $0.name != "refuses invalid hyperparameters" }
    let isFound = try zero.cases().contains { values in
      let declared = try OptimizerPromises.declarations(
        of: zero.rule, hyperparameters: values)
      let subject = try OptimizerDescription(
        zero.rule, values.filter { $0.key != zero.name }
      ).subject()
      return oracles.contains { $0.violation(of: subject, declaring: declared) != nil }
    }
    #expect(isFound)
  }
}

extension PromisedHyperparameter.Domain {
  /// Whether 0 is in it.
  fileprivate var hasZero: Bool {
    switch self {
    case .notNegative, .decay, .flag, .whole, .zeroOrFromOne: true
    case .positive, .fraction, .count, .aboveOne: false
    }
  }
}
