import Foundation
import Oracles
import Saddle
import SaddleOracles

/// A program to be held to the oracles, and how.
struct ProgramToValidate {
  let command: String
  /// What tables and files call it.
  let name: String
  let limits: ProgramLimits
  let declared: ValidateOptimizerCommand.Declaration
  /// What it asks for, where it declares no rule.
  let kind: OptimizerOracle.Kind?
  /// What it computes in, whatever it says itself.
  let precision: OptimizerPrecision?
  let profile: ValidationProfile?
}

extension Validation {
  /// A program, to what it declares.
  ///
  /// - Throws: `ProgramAbsence` where it does not start, or has no first word.
  mutating func hold(_ validated: ProgramToValidate, _ settings: [NamedNumber]) throws {
    let (command, declared) = (validated.command, validated.declared)
    let program = ProgramSubject(command: command, limits: validated.limits)
    let another = program.inAnotherProcess()
    var numbers: [String: Double] = [:]
    for number in declared.numbers + settings { numbers[number.name] = number.value }

    if declared.rule == "none" {
      try converse(
        // Of what declares no rule nothing is known: it may well decay, with no gradient at all.
        validated, program.with(numbers), another.with(numbers), to: [.movesAtZeroGradient],
        of: validated.kind ?? .firstOrder, refusing: [], numbers)
    } else {
      let rule = declared.rule
      let entry = try catalogEntry(rule)
      let given = try entry.canonical(
        (declared.numbers + settings).map { (name: $0.name, value: $0.value) })
      for values in try cases(of: entry, given, isQuick: isQuick) {
        // Numbers that were given are all that is sent, as they were given: the rest are the
        // program's defaults, which the declaration says are the rule's.
        let sent = given.isEmpty ? entry.spelledOut(values) : numbers
        let declarations = try OptimizerPromises.declarations(of: rule, hyperparameters: values)
        let invalid = try OptimizerPromises.invalid(of: rule).map { parameter, value in
          let name = numbers[parameter] == nil ? entry.aliased(parameter) : parameter
          let refused = program.with(sent.merging([name: value]) { $1 })
          return (
            InvalidHyperparameter(name, value) { _ = try refused.begin(dimension: 2) },
            allowed: validated.profile?.allowances.first {
              $0.concerns(rule) && $0.takes(entry.aliased(parameter), value)
            }
          )
        }
        try converse(
          validated, program.with(sent), another.with(sent), to: declarations,
          of: OptimizerOracle.Kind(entry.family), refusing: invalid, sent)
      }
    }
    try check(
      "quits when told to", validated.name, "", [program, another],
      law: "the program ends when it is told to"
    ) {
      try program.quit()
      try another.quit()
    }
  }

  /// - Throws: `ProgramAbsence`.
  private mutating func converse(
    _ validated: ProgramToValidate, _ program: ProgramSubject, _ another: ProgramSubject,
    to declarations: [OptimizerDeclaration], of kind: OptimizerOracle.Kind,
    refusing invalid: [(InvalidHyperparameter, allowed: Allowance?)], _ numbers: [String: Double]
  ) throws {
    let (name, hyperparameters) = (validated.name, described(numbers))
    // Where it does not, the oracles would say the same of every check.
    let speaks =
      try !program.isGivenUp
      && check(
        "speaks the protocol", name, hyperparameters, [program],
        law: "the program answers init, step, save and load as the protocol wants"
      ) {
        var run = try program.begin(dimension: 2)
        var point = [1.0, -2.0]
        try run.step(&point, on: StepFunction(gradient: [0.5, -0.25]))
        try run.load(try run.save())
      }
    let oracles = OptimizerOracle.all(for: kind)
    guard speaks else {
      for oracle in oracles { skip(oracle, name, hyperparameters) }
      return
    }
    var declarations = declarations + [.anotherProcess(another)]
    precision = validated.precision ?? program.traits?.precision
    if let precision { declarations.append(.precision(precision)) }
    for (hyperparameter, allowance) in invalid {
      // What is known to be taken is tried apart, so that the check is about all the rest.
      if let allowance, !skipped.contains(OptimizerOracle.refusingHyperparameters),
        (try? hyperparameter.attempt()) != nil
      {
        note(allowance)
      } else {
        declarations.append(.refuses(hyperparameter))
      }
    }
    let rule = validated.declared.rule
    try meet(
      program, in: [program, another], named: name, hyperparameters, to: oracles, declarations
    ) { violation, check in
      validated.profile?.allowances.first {
        $0.concerns(rule)
          && $0.explains(
            violation, by: check, with: numbers,
            breaches: [program, another].compactMap(\.breaches.last))
      }
    }
  }
}
