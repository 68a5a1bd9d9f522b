import Foundation
import Oracles

/// Properties that are known to hold and to fail, tried by the kit.
extension VerifierCheck {
  static let trying = [
    calls, sizes, sizesInTurn, listed, foreignErrors, ratios, shrinking, shrinkingErrors,
    sameFailure,
    replaying, lines, oneSample, seeds, seedsInLines, corpus, formerFailure, floors, discards,
    counted,
    deadlines, endlessShrinking,
  ]

  private static func large(_ x: Int) throws {
    if x >= 1000 { throw PropertyViolation("large", "\(x)", ratio: 7) }
  }

  static let calls = VerifierCheck("a property is tried on as many values as wanted") { verifier in
    for samples in [1, 50, 300] {
      var count = 0
      var trial = PropertyTrial(samples: samples)
      trial.property = { _ in count += 1 }
      let verdict = verifier.property(trial)
      try demand(verdict.kind == .passed && verdict.samples == samples, "it holds")
      try demand(count == samples, "\(count) calls for \(samples)")
    }
  }

  static let sizes = VerifierCheck("what fails on the largest values alone is found") { verifier in
    var trial = PropertyTrial(samples: 40)
    trial.generator = Generator { size, _ in Shrinkable(size) }
    for (bad, label) in [(100, "the largest"), (5, "the smallest")] {
      trial.property = { if $0 == bad { throw PropertyViolation(label) } }
      try demand(verifier.property(trial).kind == .falsified, label)
    }
  }

  static let sizesInTurn = VerifierCheck("sizes go from the first to the last in equal steps") {
    verifier in
    var seen: [Int] = []
    var trial = PropertyTrial(samples: 5, sizes: 0...40)
    trial.generator = Generator { size, _ in Shrinkable(size) }
    trial.property = { seen.append($0) }
    _ = verifier.property(trial)
    try demand(seen == [0, 10, 20, 30, 40], "\(seen)")
  }

  static let listed = VerifierCheck("of listed values none is missed") { verifier in
    for count in [1, 2, 9] {
      var seen: [Int] = []
      try demand(verifier.each(count) { seen.append($0) } == nil, "they pass")
      try demand(seen == Array(0..<count), "\(seen)")
      for bad in [0, count / 2, count - 1] {
        let found = verifier.each(count) { if $0 == bad { throw PropertyViolation("bad") } }
        try demand(found == bad, "\(bad) of \(count)")
      }
    }
  }

  static let foreignErrors = VerifierCheck("errors of other types are failures") { verifier in
    struct Other: Error {}
    var trial = PropertyTrial()
    trial.property = { if $0 > 5000 { throw Other() } }
    let verdict = verifier.property(trial)
    try demand(verdict.kind == .falsified && verdict.ratio == .infinity, "another error")
    try demand(verifier.each(3) { if $0 == 1 { throw Other() } } == 1, "another error, listed")
  }

  static let ratios = VerifierCheck("a failure keeps its ratio, however near to one") { verifier in
    for ratio in [1.5, 900] {
      var trial = PropertyTrial()
      trial.property = { if $0 > 5000 { throw PropertyViolation("over", ratio: ratio) } }
      let verdict = verifier.property(trial)
      try demand(verdict.kind == .falsified && verdict.ratio == ratio, "\(ratio)", ratio: ratio)
    }
  }

  static let shrinking = VerifierCheck("the simplified value fails, and nothing simpler") {
    verifier in
    var trial = PropertyTrial()
    trial.property = large
    let verdict = verifier.property(trial)
    try demand(verdict.kind == .falsified, "it fails")
    try demand((verdict.original ?? 0) >= 1000, "the original fails")
    // Steps of one are among the simpler values: nothing above the bound is minimal.
    try demand(verdict.simplified == 1000 && verdict.isMinimal, "\(verdict.simplified ?? -1)")
  }

  static let shrinkingErrors = VerifierCheck("errors of other types are simplified, too") {
    verifier in
    struct Other: Error {}
    var trial = PropertyTrial()
    trial.property = { if $0 >= 300 { throw Other() } }
    let verdict = verifier.property(trial)
    try demand(verdict.simplified == 300 && verdict.isMinimal, "\(verdict.simplified ?? -1)")
  }

  static let sameFailure = VerifierCheck("simplifying keeps to the failure") { verifier in
    var trial = PropertyTrial(samples: 50)
    trial.generator = .integer(in: 0...100_000)
    trial.property = {
      try large($0)
      if $0 <= 10 { throw PropertyViolation("small") }
    }
    let verdict = verifier.property(trial)
    try demand(verdict.cause.hasPrefix("large"), verdict.cause)
    try demand(verdict.simplified == 1000, "\(verdict.simplified ?? -1)")
  }

  static let replaying = VerifierCheck("a failure's line draws it again, alone") { verifier in
    var trial = PropertyTrial(name: "in the middle", samples: 60)
    // Drawn by size, so that another size draws another value.
    trial.generator = Generator { size, rng in
      Shrinkable(100 * size + Draw.integer(below: 100, using: &rng))
    }
    trial.property = { if $0 >= 6000 { throw PropertyViolation("large") } }
    let verdict = verifier.property(trial)
    try demand(verdict.kind == .falsified, "it fails")
    var seen: [Int] = []
    trial.replay = verdict.replay
    trial.property = { seen.append($0) }
    _ = verifier.property(trial)
    try demand(seen == [verdict.original], "\(seen), not \(verdict.original ?? -1)")
    // Another property does not pass by what it would draw otherwise.
    seen = []
    trial.name = "another"
    try demand(verifier.property(trial).kind == .notReplayed && seen.isEmpty, "another property")
    trial.replay = String(verdict.replay.dropLast())
    try demand(verifier.property(trial).kind == .unreadable && seen.isEmpty, "half a line")
  }

  static let lines = VerifierCheck("a failure's line has the seed and the size that drew it") {
    verifier in
    var trial = PropertyTrial(name: "of two words", samples: 30)
    trial.generator = Generator { size, rng in
      Shrinkable(1000 * size + Draw.integer(below: 1000, using: &rng))
    }
    trial.property = { if $0 >= 40_000 { throw PropertyViolation("large") } }
    let verdict = verifier.property(trial)
    let words = verdict.replay.split(separator: " ")
    guard words.count == 5, let seed = UInt64(words[3]), words[4].last == ".",
      let size = Int(words[4].dropLast())
    else {
      throw PropertyViolation("a line", verdict.replay)
    }
    var rng = SplitMix64(seed: seed)
    try demand(trial.generator.draw(size, &rng).value == verdict.original, verdict.replay)
  }

  static let oneSample = VerifierCheck("a line that passes is one sample") { verifier in
    let verdict = verifier.property(PropertyTrial(replay: "a property 5 50."))
    try demand(verdict.kind == .passed && verdict.samples == 1, "\(verdict.samples) samples")
  }

  static let seeds = VerifierCheck("a seed draws the same values, another others") { verifier in
    func drawn(_ seed: UInt64) -> [Int] {
      var values: [Int] = []
      var trial = PropertyTrial(samples: 20, seed: seed)
      trial.property = { values.append($0) }
      _ = verifier.property(trial)
      return values
    }
    try demand(drawn(1) == drawn(1), "the same")
    try demand(Set([drawn(1), drawn(2), drawn(3)]).count == 3, "others")
  }

  static let seedsInLines = VerifierCheck("failures of other seeds have other lines") { verifier in
    let lines = (1...3 as ClosedRange<UInt64>).map { seed in
      var trial = PropertyTrial(seed: seed)
      trial.property = { _ in throw PropertyViolation("always") }
      return verifier.property(trial).replay
    }
    try demand(Set(lines).count == 3, "\(lines)")
  }

  static let corpus = VerifierCheck("failures of the past come first") { verifier in
    let former = Replay(name: "once", seed: 77, size: 50)
    var rng = SplitMix64(seed: 77)
    let value = PropertyTrial().generator.draw(50, &rng).value
    var trial = PropertyTrial(name: "once", samples: 5, corpus: [former])
    var seen: [Int] = []
    trial.property = { seen.append($0) }
    _ = verifier.property(trial)
    try demand(seen.first == value && seen.count == 6, "\(seen)")
  }

  static let formerFailure = VerifierCheck("what failed once is found though no sample shows it") {
    verifier in
    var rng = SplitMix64(seed: 78)
    let value = PropertyTrial().generator.draw(50, &rng).value
    var trial = PropertyTrial(name: "twice", samples: 1)
    trial.corpus = [Replay(name: "twice", seed: 78, size: 50)]
    trial.property = { if $0 == value { throw PropertyViolation("once") } }
    let verdict = verifier.property(trial)
    try demand(verdict.kind == .falsified && verdict.replay == "twice 78 50.", verdict.replay)
  }

  static let floors = VerifierCheck("too few values of a kind are a failure") { verifier in
    func verdict(_ share: Double, _ holds: @escaping @Sendable (Int) -> Bool)
      -> PropertyVerdict.Kind
    {
      let floor = CoverageFloor("of the kind", atLeast: share, holds)
      return verifier.property(PropertyTrial(samples: 200, coverage: [floor])).kind
    }
    try demand(verdict(0.2) { $0 < 100 } == .uncovered, "1 % for 20 %", ratio: 20)
    try demand(verdict(0.2) { $0 < 5000 } == .passed, "half for 20 %")
    try demand(verdict(0.01) { _ in false } == .uncovered, "none for 1 %")
  }

  static let discards = VerifierCheck("a property that discards nearly all is a failure") {
    verifier in
    var trial = PropertyTrial(deadline: 5)
    trial.property = { if $0 >= 100 { throw Discard() } }
    try demand(verifier.property(trial).kind == .discarded, "99 % discarded", ratio: 10)
    var kept = 0
    trial.property = {
      if $0 >= 5000 { throw Discard() }
      kept += 1
    }
    let verdict = verifier.property(trial)
    try demand(verdict.kind == .passed && kept == 100, "\(kept) kept of half")
  }

  static let counted = VerifierCheck("shares and discards are counted") { verifier in
    var (kept, even, discarded) = (0, 0, 0)
    let floor = CoverageFloor<Int>("even", atLeast: 0.1) { $0.isMultiple(of: 2) }
    var trial = PropertyTrial(samples: 50, coverage: [floor])
    trial.property = {
      if $0 >= 7000 {
        discarded += 1
        throw Discard()
      }
      kept += 1
      even += $0.isMultiple(of: 2) ? 1 : 0
    }
    let verdict = verifier.property(trial)
    try demand(verdict.discarded == discarded, "\(verdict.discarded) discarded of \(discarded)")
    try demand(verdict.coverage == ["even": Double(even) / Double(kept)], "\(verdict.coverage)")
  }

  static let deadlines = VerifierCheck("when time is up it is a failure") { verifier in
    var trial = PropertyTrial(samples: 5, deadline: 0.002)
    trial.property = { _ in Thread.sleep(forTimeInterval: 0.003) }
    try demand(verifier.property(trial).kind == .late, "3 ms for 2", ratio: 7.5)
  }

  static let endlessShrinking = VerifierCheck("simplification ends when time is up, and says so") {
    verifier in
    var trial = PropertyTrial(deadline: 0.004)
    trial.property = {
      if $0 >= 10 {
        Thread.sleep(forTimeInterval: 0.003)
        throw PropertyViolation("slow")
      }
    }
    // A busy machine may be late before the first value.
    var verdict = verifier.property(trial)
    for _ in 0..<9 where verdict.kind == .late { verdict = verifier.property(trial) }
    try demand(verdict.kind == .falsified && !verdict.isMinimal, "not to the end")
  }
}
