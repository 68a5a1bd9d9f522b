import Foundation
import Oracles
import Saddle
import Support

/// What the oracles did to a mutant.
struct MutantRecord: Sendable {
  let mutant: Mutant
  /// The greatest error over its tolerance by check, infinite where a thing is not a matter of
  /// degree.
  let kills: [String: Double]
  /// A sentence of one failure, for the control.
  let firstViolation: String?
}

extension Mutant {
  /// Meets every oracle in every case of the rule that it claims to be.
  func met() throws -> MutantRecord {
    var kills: [String: Double] = [:]
    var first: String?
    let kind = OptimizerOracle.Kind(try catalogEntry(optimizer).family)
    for values in try OptimizerPromises.cases(of: optimizer) {
      let subject = make(Settings(values: values))
      let declarations = try OptimizerPromises.declarations(
        of: optimizer, hyperparameters: values)
      for oracle in OptimizerOracle.all(for: kind) {
        let verdict = oracle.verdict(on: subject, declaring: declarations)
        guard case .failed(let violation) = verdict.outcome else { continue }
        kills[oracle.name] = max(kills[oracle.name] ?? 0, violation.ratio)
        first = first ?? "\(oracle.name), \(values): \(violation)"
      }
    }
    return MutantRecord(mutant: self, kills: kills, firstViolation: first)
  }
}

/// The table of `docs/optimizer-mutants.md`.
struct MutantTable {
  let records: [MutantRecord]

  static let file = projectFolder.appending(path: "docs/optimizer-mutants.md")

  /// Why only one check can see some faults.
  static let singleKills: [String: String] = [
    "adam takesNaN": "no rule says what a step along NaN is",
    "adam refusesTooLate": "no rule says what a refusal leaves behind",
    "adam takesAnyMemory": "no run has a memory of another dimension",
    "noisySGD losesNoise": "only a reload shows it, and no rule says which noise comes",
    "perturbedGD losesNoise": "only a reload shows it, and no rule says which noise comes",
    "perturbedGD losesVectors": "only a reload shows when the last noise was forgotten",
    "perturbedGD losesStepCount": "only a reload shows when the steps are counted anew",
  ]

  var text: String {
    let mutants = records.filter { $0.mutant.fault != nil }
    var lines = [
      "# Planted faults, and the oracles that find them",
      "",
      "\(mutants.count) optimizers in plain loops, each with one fault, meet every oracle with what",
      "the right rule promises. Beside each check stands the worst error over its tolerance, as a",
      "power of ten; ∞ where a thing is not a matter of degree. The right rules pass every check.",
      "",
      "Written by `SADDLE_RECORD=1 swift test -c release --filter MutantTests`, and held to what",
      "the oracles find by every test run.",
      "",
      "| rule | fault | found by |",
      "|---|---|---|",
    ]
    for record in mutants {
      let found = record.kills.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) (\(Self.magnitude($0.value)))" }
      let reason = Self.singleKills[record.mutant.id].map { " — only one can: \($0)" } ?? ""
      lines.append(
        "| \(record.mutant.optimizer) | \(record.mutant.fault ?? "") | "
          + found.joined(separator: ", ") + reason + " |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table without its margins, which differ in their last digits between machines.
  static func names(in text: String) -> [[String]] {
    text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.split(separator: "|").map {
        $0.replacing(#/ \([^)]*\)/#, with: "").split(separator: ",")
          .map { $0.trimmingCharacters(in: .whitespaces) }.sorted().joined(separator: ",")
      }
    }
  }

  private static func magnitude(_ ratio: Double) -> String {
    ratio.isFinite && ratio > 0 && ratio < 1e300 ? "1e\(Int(log10(ratio).rounded(.down)))" : "∞"
  }
}
