import Foundation
import Oracles

/// The numbers that a rule is made with, by the catalog's names.
struct Settings: Sendable {
  let values: [String: Double]
  /// Those that are rounded to single precision on the way in.
  var singles: Set<String> = []

  func callAsFunction(_ name: String, _ defaultValue: Double) -> Double {
    let value = values[name] ?? defaultValue
    return singles.contains(name) ? Double(Float(value)) : value
  }
}

/// What Adam's kin are made with.
struct MomentConstants: Sendable {
  let rate: Double, beta1: Double, beta2: Double, epsilon: Double

  init(_ set: Settings, rate: Double = 1e-3, epsilon: Double = 1e-8) {
    self.rate = set("learningRate", rate)
    beta1 = set("beta1", 0.9)
    beta2 = set("beta2", 0.999)
    self.epsilon = set("epsilon", epsilon)
  }

  /// 1 − β₁ᵗ.
  func bias1(_ t: Int) -> Double { 1 - pow(beta1, Double(t)) }
  /// 1 − β₂ᵗ.
  func bias2(_ t: Int) -> Double { 1 - pow(beta2, Double(t)) }
}

/// An optimizer in plain loops with one planted fault, or with none: the control.
struct Mutant: Sendable {
  /// The catalog's name of the rule that it claims to be.
  let optimizer: String
  /// What is wrong, or nil for the control.
  let fault: String?
  /// What it is held to, where that is not what the catalog's rule promises.
  var claims: OptimizerClaims?
  let make: @Sendable (Settings) -> PlainOptimizer

  var id: String { optimizer + " " + (fault ?? "(right)") }
}

/// A rule with its faults: the control first, then one mutant a fault.
func mutants<Fault: CaseIterable & RawRepresentable<String> & Sendable>(
  of optimizer: String, _ faults: Fault.Type, memoryFaults: [MemoryFault] = [],
  common: [CommonFault] = [], claims: OptimizerClaims? = nil,
  rule: @escaping @Sendable (Settings, Fault?) -> PlainOptimizer.Rule
) -> [Mutant] {
  func mutant(
    _ fault: String?, _ make: @escaping @Sendable (Settings) -> PlainOptimizer
  ) -> Mutant {
    Mutant(optimizer: optimizer, fault: fault, claims: claims, make: make)
  }
  var all = [mutant(nil) { PlainOptimizer(rule: rule($0, nil)) }]
  all += Fault.allCases.map { fault in
    mutant(fault.rawValue) { PlainOptimizer(rule: rule($0, fault)) }
  }
  all += memoryFaults.map { fault in
    mutant(fault.rawValue) { PlainOptimizer(rule: rule($0, nil), fault: fault) }
  }
  all += common.map { fault in
    mutant(fault.rawValue) { settings in
      PlainOptimizer(rule: fault.spoiling(rule(fault.rounding(settings), nil)))
    }
  }
  return all
}

/// A rule of one gradient per step.
func gradientRule(
  _ body:
    @escaping @Sendable (
      _ point: inout [Double], _ gradient: [Double], _ memory: inout PlainMemory
    ) -> Void
) -> PlainOptimizer.Rule {
  { point, function, memory in
    let gradient = function.gradient(point)
    memory.step += 1
    body(&point, gradient, &memory)
  }
}

/// The sign, 0 of 0.
func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
