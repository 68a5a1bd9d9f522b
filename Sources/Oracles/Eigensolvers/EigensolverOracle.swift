/// One law that every symmetric eigensolver obeys, by name.
///
///     @Test(arguments: EigensolverOracle.all)
///     func mySolver(_ oracle: EigensolverOracle) throws {
///       try oracle.check(EigensolverSubject(eigenvalues: { try mySolver($0) }))
///     }
///
/// The bounds are theorems with LAPACK's allowance for rounding in the solver's precision,
/// 60·n·ulp·‖A‖ (TESTING/EIG), and the matrices follow from the seed: a right solver is never
/// accused by chance.
public struct EigensolverOracle: Sendable, CustomStringConvertible {
  public enum Outcome: Sendable {
    /// With so many matrices.
    case passed(cases: Int)
    case failed(PropertyFailure)
    /// The subject has nothing that this law speaks of.
    case notAsked
  }

  typealias Check =
    @Sendable (EigensolverSubject, EigensolverTrial) throws(PropertyFailure) -> Int?

  public let name: String
  /// The law, in a sentence.
  public let law: String
  public var description: String { name }
  private let body: Check

  init(_ name: String, law: String, body: @escaping Check) {
    self.name = name
    self.law = law
    self.body = body
  }

  public static let all: [EigensolverOracle] =
    references + vectorLaws + perturbationLaws + symmetryLaws + inertiaLaws + refusals

  /// - Parameters:
  ///   - samples: matrices where they are drawn; families that can be listed are tried in full.
  ///   - order: of the largest matrices that are drawn.
  public func outcome(
    for subject: EigensolverSubject, samples: Int = 100, order: Int = 20, seed: UInt64 = 0,
    corpus: [Replay] = []
  ) -> Outcome {
    do {
      let trial = EigensolverTrial(
        name: name, samples: samples, order: order, seed: seed, corpus: corpus)
      return try body(subject, trial).map(Outcome.passed) ?? .notAsked
    } catch {
      return .failed(error)
    }
  }

  /// Holds an eigensolver to this law.
  ///
  /// - Returns: how many matrices it was held to it on; nil where the subject has nothing that the
  ///   law speaks of.
  /// - Throws: `PropertyFailure` with the matrix, simplified, and the line that draws it again.
  @discardableResult
  public func check(
    _ subject: EigensolverSubject, samples: Int = 100, order: Int = 20, seed: UInt64 = 0,
    corpus: [Replay] = []
  ) throws(PropertyFailure) -> Int? {
    try body(
      subject,
      EigensolverTrial(name: name, samples: samples, order: order, seed: seed, corpus: corpus))
  }
}

/// How a law is tried.
struct EigensolverTrial {
  let name: String
  let samples: Int
  let order: Int
  let seed: UInt64
  let corpus: [Replay]

  /// On symmetric matrices of all families, each with bits for what else is to be drawn.
  ///
  /// - Parameter coversAll: whether singular matrices and the like must be among them.
  func onMatrices(
    _ generator: Generator<[[Double]]>? = nil, sizes: ClosedRange<Int> = 5...100,
    coversAll: Bool = true,
    _ property: ([[Double]], inout SplitMix64) throws -> Void
  ) throws(PropertyFailure) -> Int {
    let matrices = generator ?? .symmetric(order: order)
    let outcome = try checkProperty(
      name, samples: samples, over: matrices.with(.integer(in: 0...999_999)), seed: seed,
      sizes: sizes, coverage: generator == nil && coversAll ? Self.floors : [], corpus: corpus
    ) { rows, bits in
      var rng = SplitMix64(seed: UInt64(bits))
      try property(rows, &rng)
    }
    return outcome.samples
  }

  /// What a campaign on symmetric matrices must have met: matrices with
  /// eigenvalues of both signs, singular ones, and ones of several rows.
  private static let floors: [CoverageFloor<([[Double]], Int)>] = [
    CoverageFloor("indefinite", atLeast: 0.2) { MatrixKind($0.0).isIndefinite },
    CoverageFloor("clustered", atLeast: 0.05) { MatrixKind($0.0).isClustered },
    CoverageFloor("singular", atLeast: 0.05) { MatrixKind($0.0).isSingular },
  ]
}

/// What kind of matrix this is, by GSL's eigenvalues.
struct MatrixKind {
  let isIndefinite: Bool
  let isClustered: Bool
  let isSingular: Bool

  init(_ rows: [[Double]]) {
    let values = (try? GSL.eigenvalues(rows)) ?? []
    let radius = values.reduce(0) { max($0, $1.magnitude) }
    let rounding = eigenvalueBound(rows)
    isIndefinite =
      values.contains { $0 > rounding } && values.contains { $0 < -rounding }
    isSingular = values.contains { $0.magnitude <= rounding }
    isClustered = zip(values, values.dropFirst()).contains {
      $1 - $0 <= 1e-10 * radius && radius > 0
    }
  }
}

/// 60·n·ulp·‖A‖, ‖A‖ the 1-norm, floored at the underflow threshold: what LAPACK allows an
/// eigenvalue (TESTING/EIG).
func eigenvalueBound(
  _ rows: [[Double]], ulp: Double = LAPACKRatios.ulp, floor: Double = .leastNormalMagnitude
) -> Double {
  let norm = max(LAPACKRatios.oneNorm(rows), floor)
  return LAPACKRatios.threshold * Double(max(rows.count, 1)) * ulp * norm
}

/// The greatest |a − b|; infinite for NaN.
func greatestDifference(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { worst, pair in
    let difference = (pair.0 - pair.1).magnitude
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
