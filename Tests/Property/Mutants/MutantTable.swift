import Oracles
import Saddle
import Support

extension Mutant {
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
}

extension FaultTable {
  /// The table of `docs/optimizer-mutants.md`.
  static func optimizers(_ records: [MutantRecord]) -> FaultTable {
    let rows = records.compactMap { record in
      record.mutant.fault.map {
        FaultRow(
          subject: record.mutant.optimizer, fault: $0, kills: record.kills,
          reasonForOne: Mutant.singleKills[record.mutant.id])
      }
    }
    return FaultTable(
      file: projectFolder.appending(path: "docs/optimizer-mutants.md"),
      introduction: [
        "# Planted faults, and the oracles that find them",
        "",
        "\(rows.count) optimizers in plain loops, each with one fault, meet every oracle with what",
        "the right rule promises. Beside each check stands the worst error over its tolerance, as a",
        "power of ten; ∞ where a thing is not a matter of degree. The right rules pass every check.",
        "",
        "Written by `SADDLE_RECORD=1 swift test -c release --filter MutantTests`, and held to what",
        "the oracles find by every test run.",
      ], isExact: true, rows: rows)
  }
}
