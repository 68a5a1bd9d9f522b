import Foundation
import Oracles
import Saddle
import Support

/// The things that decide in this project, each replaceable by one with a fault.
struct Verifier: Sendable {
  /// Whether an error is within a bound; what it says where it is not.
  var require: @Sendable (_ error: Double, _ bound: Double) -> PropertyViolation? = {
    error, bound in
    do throws(PropertyViolation) {
      try PropertyViolation.require(error, atMost: bound, "within the bound")
      return nil
    } catch {
      return error
    }
  }
  /// How far the worst of several numbers is off, in tolerances.
  var deviation: @Sendable (_ got: [Double], _ expected: [Double], Tolerance) -> Double = {
    worstDeviation($0, $1, within: $2)?.ratio ?? 0
  }
  var property: @Sendable (PropertyTrial) -> PropertyVerdict = { $0.verdict() }
  /// What falsifies a property of listed values, by its place.
  var each: @Sendable (_ count: Int, _ property: (Int) throws -> Void) -> Int? = {
    count, property in
    do throws(PropertyFailure) {
      try checkEach("listed", of: (0..<count).map { ("\($0)", $0) }, property)
      return nil
    } catch {
      guard case .falsified(let found) = error else { return -1 }
      return Int(found.original)
    }
  }
  /// Which oracles accuse a subject, with the error over its tolerance.
  var accusers: @Sendable (JudgedSubject) -> [String: Double] = { $0.accusers }
  /// ‖A − UΛUᵀ‖ / (n ‖A‖ ulp).
  var residual: @Sendable (_ rows: [[Double]], _ values: [Double], _ vectors: [[Double]]) -> Double = {
    LAPACKRatios.residual($0, values: $1, vectors: $2)
  }
  /// The p-value of so many seeds' votes that the share of all seeds is one half.
  var votes: @Sendable (_ count: Int, _ trials: Int) -> Double = { count, trials in
    ClusteredProportion((0..<trials).map { [$0 < count] })?.pValue(ClaimRegion(from: 0.5)) ?? .nan
  }
  /// Where the probability behind so many hits lies.
  var proportion: @Sendable (_ hits: Int, _ trials: Int, _ confidence: Double) -> ClosedRange<Double> =
    { GSL.proportion(hits: $0, trials: $1, confidence: $2) }
  /// P(sup |Fₙ − F| ≥ d).
  var kolmogorov: @Sendable (_ count: Int, _ distance: Double) -> Double = { count, distance in
    (try? KolmogorovDistribution(count: count).survival(at: distance)) ?? .nan
  }
  var adjusted: @Sendable ([Double]) -> [Double] = holmAdjusted
  var repulsion: @Sendable ([Double]) throws -> RepulsionVerdict = {
    let found = try LevelRepulsion(of: $0)
    return RepulsionVerdict(
      mean: found.meanRatio, error: found.standardError,
      pValues: SpacingLaw.allCases.map { found.pValue(of: $0) ?? .nan })
  }
  /// The eigenvalues in a file's bytes.
  var read: @Sendable (_ bytes: [UInt8], _ name: String) throws -> [Double] = { bytes, name in
    try withTemporaryFolder { folder in
      let file = folder.appending(path: name)
      try Data(bytes).write(to: file)
      return try EigenvalueFile(readingFrom: file.path).eigenvalues
    }
  }
}

/// What a test of level repulsion says: p-values in the order of `SpacingLaw.allCases`.
struct RepulsionVerdict: Sendable {
  var mean: Double
  var error: Double
  var pValues: [Double]
}

/// One property of whole numbers to be tried, with all that `checkProperty` takes.
struct PropertyTrial {
  var name = "a property"
  var samples = 100
  var generator = Generator.integer(in: 0...9999)
  var seed: UInt64 = 0
  var sizes = 5...100
  var coverage: [CoverageFloor<Int>] = []
  var corpus: [Replay] = []
  var deadline = 60.0
  var replay: String?
  var property: (Int) throws -> Void = { _ in }

  func verdict() -> PropertyVerdict {
    do throws(PropertyFailure) {
      let outcome = try checkProperty(
        name, samples: samples, over: generator, seed: seed, sizes: sizes, coverage: coverage,
        corpus: corpus, deadline: deadline, replay: replay, property)
      return PropertyVerdict(
        kind: .passed, samples: outcome.samples, discarded: outcome.discarded,
        coverage: outcome.coverage)
    } catch {
      var verdict = PropertyVerdict(kind: .falsified)
      switch error {
      case .falsified(let found):
        verdict.replay = "\(found.replay)"
        verdict.original = Int(found.original)
        verdict.simplified = Int(found.simplified)
        verdict.cause = found.cause
        verdict.ratio = found.ratio
        verdict.isMinimal = found.isLocallyMinimal
      case .discarded: verdict.kind = .discarded
      case .uncovered: verdict.kind = .uncovered
      case .deadline: verdict.kind = .late
      case .notReplayed: verdict.kind = .notReplayed
      case .replayUnreadable, .replayBeyond: verdict.kind = .unreadable
      }
      return verdict
    }
  }
}

struct PropertyVerdict: Equatable {
  enum Kind {
    case passed, falsified, discarded, uncovered, late, notReplayed, unreadable
  }
  var kind: Kind
  var samples = 0
  var discarded = 0
  var coverage: [String: Double] = [:]
  var replay = ""
  var original: Int?
  var simplified: Int?
  var cause = ""
  var ratio = 0.0
  var isMinimal = false
}

/// What oracles judge, by a name that is its own.
struct JudgedSubject: Sendable {
  enum Subject: Sendable {
    case solver(EigensolverSubject)
    case sampler(EnsembleSubject)
    case law(LawSubject)
  }
  let name: String
  let subject: Subject
  var seed: UInt64 = 1

  /// Taken once: oracles take their time, and many verifiers differ in what they make of it.
  var accusers: [String: Double] {
    Self.memo.value("\(name) \(seed)") {
      switch subject {
      case .law(let law): return LawOracle.accusations(of: law).kills
      case .sampler(let sampler):
        let quick = EnsembleOracle.all.filter { Self.quickOracles.contains($0.name) }
        return Self.found(
          quick.map { oracle in
            (oracle.name, { _ = try oracle.check(sampler, seed: seed) })
          })
      case .solver(let solver):
        return Self.found(
          EigensolverOracle.all.map { oracle in
            (oracle.name, { _ = try oracle.check(solver, order: 12) })
          })
      }
    }
  }

  private static func found(_ checks: [(String, () throws -> Void)]) -> [String: Double] {
    var kills: [String: Double] = [:]
    for (name, check) in checks {
      do { try check() } catch {
        if case .falsified(let found)? = error as? PropertyFailure {
          kills[name] = found.ratio
        } else {
          kills[name] = (error as? PropertyViolation)?.ratio ?? .infinity
        }
      }
    }
    return kills
  }

  private static let memo = VerdictMemo()
  /// Of samplers: the others take a second each, and `EnsembleMutantTests` tries them all.
  private static let quickOracles: Set = [
    "symmetric", "seeds", "normal entries", "squares", "two levels", "semicircle",
  ]
}

private final class VerdictMemo: @unchecked Sendable {
  private let lock = NSLock()
  private var verdicts: [String: [String: Double]] = [:]

  func value(_ name: String, _ take: () -> [String: Double]) -> [String: Double] {
    if let known = lock.withLock({ verdicts[name] }) { return known }
    let value = take()
    lock.withLock { verdicts[name] = value }
    return value
  }
}
