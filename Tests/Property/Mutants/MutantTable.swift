import Oracles
import Saddle
import Support

extension Mutant {
  /// Why only one check can see some faults.
  static let singleKills: [String: String] = [
    "adam takesNaN": "no rule says what a step along NaN is",
    "adam refusesTooLate": "no rule says what a refusal leaves behind",
    "adam takesAnyMemory": "no run has a memory of another dimension",
    "adam takesInfiniteValues": "no rule says what a step at an infinite value is",
    "adam takesOtherRules": "no run has a memory of another rule",
    "momentum takesOtherRules": "no run has a memory of another rule",
    "adam ignoresThePoint": "elsewhere every step begins where the last one ended",
    "sgd ignoresThePoint": "elsewhere every step begins where the last one ended",
    "momentum ignoresThePoint": "elsewhere every step begins where the last one ended",
    "adam gradientClippedAt1e8": "only references walk along gradients so large",
    "sgd gradientClippedAt1e8": "only references walk along gradients so large",
    "momentum gradientClippedAt1e8": "only references walk along gradients so large",
    "noisySGD losesNoise": "only a reload shows it, and no rule says which noise comes",
    "perturbedGD losesNoise": "only a reload shows it, and no rule says which noise comes",
    "perturbedGD losesVectors": "only a reload shows when the last noise was forgotten",
    "perturbedGD losesStepCount": "only a reload shows when the steps are counted anew",
    "armijoGD tenCutsAtMost": "the law's functions need fewer cuts",
    "cubicNewton hardCaseForgotten": "only at a saddle itself is the case hard",
    "lion vectorsInFloat": "elsewhere rounding turns a sign once in 10⁷ steps of a coordinate",
    "saddleFreeNewton rateInFloat": "the law of single steps is held to 1e-6",
    "krylovSaddleFreeNewton beyond512Stay": "only closed forms go beyond 257 coordinates",
    "trustRegionNewton lengthOfFirst32": "only the closed form meets its radius in many coordinates",
    "krylovSaddleFreeNewton restPlain": "where the law holds, the vectors leave no rest",
    "momentum in decoupledWeightDecay missingAtOne": "only references walk in one coordinate",
  ]
}

extension MutantRecord {
  /// Why one check had to be enough.
  fileprivate var reasonForOne: String? {
    if let known = Mutant.singleKills[mutant.id] { return known }
    guard kills.count == 1, let only = kills.keys.first else { return nil }
    return Self.lonely[only]
  }

  /// Checks that see what no other looks at.
  private static let lonely = [
    "follows its reference rule for 66,000 steps": "only a path of thousands of steps shows it",
    "repeats itself for 7,000 steps": "no rule says what chance does",
    "steps by its law for 33,000 steps": "only a path of thousands of steps shows it",
    "steps by its law": "only the law of single steps knows which are right",
    "works in any dimension": "no other check of its kind is as wide",
    "saves and loads": "only a reload shows it",
    "takes its known paths": "a rule that asks for a second gradient has no reference",
  ]
}

extension FaultTable {
  /// The table of `docs/optimizer-mutants.md`.
  static func optimizers(_ records: [MutantRecord]) -> FaultTable {
    let rows = records.compactMap { record in
      record.mutant.fault.map {
        FaultRow(
          subject: record.mutant.optimizer, fault: $0, kills: record.kills,
          reasonForOne: record.reasonForOne)
      }
    }
    return FaultTable(
      file: projectFolder.appending(path: "docs/optimizer-mutants.md"),
      introduction: [
        "# Planted faults, and the oracles that find them",
        "",
        "\(rows.count) optimizers in plain loops, each with one fault, meet the oracles with what",
        "the right rule promises, until three have found it. Beside each check stands the worst error",
        "over its tolerance, as a power of ten; ∞ where a thing is not a matter of degree. The right",
        "rules meet every oracle in every case, and pass.",
        "",
        "Written by `SADDLE_RECORD=1 swift test -c release --filter MutantTests`, and held to what",
        "the oracles find by every test run.",
      ], isExact: true, rows: rows)
  }
}
