import Oracles

/// The numbers that a rule is made with, by the catalog's names.
struct Settings: Sendable {
  let values: [String: Double]

  func callAsFunction(_ name: String, _ defaultValue: Double) -> Double {
    values[name] ?? defaultValue
  }
}

/// An optimizer in plain loops with one planted fault, or with none: the control.
struct Mutant: Sendable {
  /// The catalog's name of the rule that it claims to be.
  let optimizer: String
  /// What is wrong, or nil for the control.
  let fault: String?
  let make: @Sendable (Settings) -> PlainOptimizer

  var id: String { optimizer + " " + (fault ?? "(right)") }
}

/// A rule with its faults: the control first, then one mutant a fault.
func mutants<Fault: CaseIterable & RawRepresentable<String> & Sendable>(
  of optimizer: String, _ faults: Fault.Type, memoryFaults: [MemoryFault] = [],
  rule: @escaping @Sendable (Settings, Fault?) -> PlainOptimizer.Rule
) -> [Mutant] {
  [Mutant(optimizer: optimizer, fault: nil) { PlainOptimizer(rule: rule($0, nil)) }]
    + Fault.allCases.map { fault in
      Mutant(optimizer: optimizer, fault: fault.rawValue) {
        PlainOptimizer(rule: rule($0, fault))
      }
    }
    + memoryFaults.map { fault in
      Mutant(optimizer: optimizer, fault: fault.rawValue) {
        PlainOptimizer(rule: rule($0, nil), fault: fault)
      }
    }
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
