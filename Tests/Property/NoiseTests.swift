import Foundation
import Oracles
import Saddle
import Testing

/// How often the checks of noise accuse what is right, and how surely they find what is not.
@Suite(
  .tags(.statistical),
  .enabled(if: MutantTests.isWhole, "minutes of simulation: SADDLE_ALL_MUTANTS=1, as script/regress"))
struct NoiseTests {
  private typealias Gather = @Sendable (NoiseSample, inout Evidence, inout SplitMix64) -> Void

  /// What a check watches, as `NoiseCourse` has it.
  private enum Course { case still, steady, changing }

  private static let checks: [String: (course: Course, gather: Gather)] = [
    "lengths": (.still, { sample, evidence, _ in sample.gatherLengths(into: &evidence) }),
    "moments": (.steady, { $0.gatherMoments(into: &$1, using: &$2) }),
    "projections": (.steady, { $0.gatherProjections(into: &$1, using: &$2) }),
    "joint law": (.still, { sample, evidence, _ in sample.gatherJointLaw(into: &evidence) }),
    "lags": (.steady, { sample, evidence, _ in sample.gatherLags(into: &evidence) }),
    "repeats": (.still, { sample, evidence, _ in sample.gatherRepeats(into: &evidence) }),
    "surroundings": (
      .changing, { sample, evidence, _ in sample.gatherSurroundings(into: &evidence) }
    ),
  ]

  private static let dimensions = [1, 2, 3, 8, 33]

  /// Draws in a row, each in its surroundings.
  private func sample(
    _ dimension: Int, _ shape: PerturbationLaw.Shape, _ fault: NoiseFault?, count: Int,
    on course: Course, seed: UInt64, using generator: inout SplitMix64
  ) -> NoiseSample {
    var sample = NoiseSample(dimension: dimension, shape: shape)
    var memory = PlainMemory()
    memory.noise = RandomStream(seed: seed, name: "\(dimension)")
    memory["pool", 1] = [Double(seed)]
    let zeros = [Double](repeating: 0, count: dimension)
    let steady = NoiseSample.right(dimension, .sphere, using: &generator)
    for _ in 0..<count {
      var around = NoiseSample.Surroundings(
        gradient: zeros, size: nil, point: zeros, move: memory["last move", dimension])
      switch course {
      case .still: break
      case .steady: around.gradient = steady
      case .changing:
        let level = Draw.unit(using: &generator)
        around.size = level
        around.gradient = Draw.direction(dimension, using: &generator).map {
          1e6 * pow(1e-9, 1 - level) * $0
        }
        around.point = Draw.direction(dimension, using: &generator)
      }
      let ξ = plainNoise(
        dimension, inBall: shape == .ball, fault, along: around.gradient, &memory)
      sample.append(ξ, in: around)
      memory["last move", dimension] = zip(ξ, around.gradient).map { $0 - $1 }
    }
    return sample
  }

  private func logP(
    _ check: String, _ shape: PerturbationLaw.Shape, _ fault: NoiseFault?, draws: Int, seed: UInt64
  ) throws -> Double {
    let (course, gather) = try #require(Self.checks[check])
    var generator = SplitMix64(seed: seed)
    var evidence = Evidence()
    for n in Self.dimensions {
      let sample = sample(
        n, shape, fault, count: min(draws, 24_000 / n), on: course, seed: seed, using: &generator)
      gather(sample, &evidence, &generator)
    }
    return evidence.logP
  }

  // The bounds are theorems at every level, so that what is seen at 10 % and 1 % speaks for the
  // 10⁻⁹ that no simulation reaches. Six standard deviations of the binomial law.
  @Test(arguments: checks.keys.sorted(), [PerturbationLaw.Shape.sphere, .ball])
  func `right noise is accused no more often than stated`(
    check: String, shape: PerturbationLaw.Shape
  ) throws {
    let runs = 200
    let found = try (0..<runs).map { run in
      try logP(check, shape, nil, draws: 300, seed: 1_000_003 * UInt64(run) + 11)
    }
    for level in [0.1, 0.01] {
      let accused = found.count { $0 <= log(level) }
      let deviation = (Double(runs) * level * (1 - level)).squareRoot()
      #expect(
        Double(accused) <= Double(runs) * level + 6 * deviation,
        "\(accused) of \(runs) at \(level)")
    }
  }

  // Massart's bound is sharp in the limit: a test at 10 % that never accused would have no power.
  @Test func `one test of right draws accuses nearly as often as it may`() {
    let runs = 2000
    var generator = SplitMix64(seed: 3)
    var accused = 0
    for _ in 0..<runs {
      var evidence = Evidence()
      evidence.add(
        uniform: (0..<500).map { _ in Draw.unit(using: &generator) }, "uniform")
      if evidence.logP <= log(0.1) { accused += 1 }
    }
    let range = GSL.proportion(hits: accused, trials: runs, confidence: 1 - 1e-9)
    #expect(range.lowerBound <= 0.1 && range.upperBound >= 0.07, "\(accused) of \(runs)")
    #expect(accused > 100)
  }

  /// What finds each fault in 2000 draws, and in the 198 that an interval of 100 leaves.
  private static let power: [(NoiseFault, many: [String], few: [String])] = [
    (.alongAxes, ["moments", "projections", "joint law"], ["moments", "projections"]),
    (.signs, ["moments", "projections", "joint law"], ["moments", "projections"]),
    (.cube, ["moments", "joint law"], ["moments", "joint law"]),
    (.correlatedPair, ["moments", "projections", "joint law"], ["joint law"]),
    (.halfInOneDirection, ["moments", "projections"], ["projections", "repeats"]),
    (.alongGradient, ["moments", "projections", "surroundings"], ["projections", "surroundings"]),
    (.againstLastMove, ["surroundings", "lags"], ["surroundings"]),
    (.noneWhereSteep, ["surroundings"], ["surroundings"]),
    (.antitheticAtLagTwo, ["lags", "repeats"], ["lags", "repeats"]),
    (.perpendicularToLast, ["lags", "projections"], ["lags"]),
    (.turnedOver, ["lags", "repeats"], ["repeats"]),
    (.lengthsInTurn, ["lengths", "lags"], ["lengths", "lags"]),
    (.poolOf100, ["projections", "repeats"], ["repeats"]),
    (.poolOf200, ["repeats"], ["repeats"]),
    (.poolInTurn, ["projections", "repeats"], ["repeats"]),
    (.rootRadii, ["lengths", "surroundings"], ["lengths", "surroundings"]),
    (.twoLengths, ["lengths", "surroundings"], ["lengths", "lags"]),
  ]

  // 10 of 10 say that the power is at least 0.69 (Clopper, Pearson 1934, 95 %).
  @Test(arguments: NoiseFault.allCases)
  func `what is wrong is found on every seed`(fault: NoiseFault) throws {
    let (_, many, few) = try #require(Self.power.first { $0.0 == fault })
    let bound = log(1e-9)
    for shape in [PerturbationLaw.Shape.sphere, .ball] {
      if shape == .sphere && NoiseFault.ofBall.contains(fault) { continue }
      for (draws, checks) in [(2000, many), (198, few)] {
        for check in checks {
          let found = try (0..<10).count { run in
            try logP(check, shape, fault, draws: draws, seed: 104_729 * UInt64(run) + 5) < bound
          }
          #expect(found == 10, "\(check), \(shape): \(found) of 10 in \(draws) draws")
        }
      }
    }
  }
}
