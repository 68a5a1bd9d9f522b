import Oracles
import Support

/// What a verifier must do with what is known to be right and what is known to be wrong, by name:
/// a test of tests. Plain comparisons alone: no helper that it is about.
struct VerifierCheck: Sendable {
  let name: String
  /// Throws `PropertyViolation`, with how plain the case was that was decided wrongly.
  let body: @Sendable (Verifier) throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (Verifier) throws -> Void) {
    self.name = name
    self.body = body
  }

  static let all = VerifierPart.allCases.flatMap(\.checks)
}

/// What the checks of one kind are about: a fault in one part changes nothing for the others.
enum VerifierPart: CaseIterable {
  case comparisons, oracles, kit, pValues, repulsion, reader

  var checks: [VerifierCheck] {
    switch self {
    case .comparisons: VerifierCheck.comparing
    case .oracles: VerifierCheck.judging
    case .kit: VerifierCheck.trying
    case .pValues: VerifierCheck.statistics
    case .repulsion: VerifierCheck.repulsion
    case .reader: VerifierCheck.reading
    }
  }
}

/// Throws unless something holds.
///
/// - Parameter ratio: how far beyond its tolerance the fault was that was not seen.
func demand(_ holds: Bool, _ label: String, ratio: Double = .infinity) throws(PropertyViolation) {
  guard holds else { throw PropertyViolation(label, ratio: ratio) }
}

/// Comparisons of numbers.
extension VerifierCheck {
  private static let unit = Tolerance(absolute: 1, why: "a tolerance of one")

  static let comparing = [bounds, beyond, notNumbers, elements, residuals]

  static let bounds = VerifierCheck("what is within a bound passes") { verifier in
    for (error, bound) in [(1.0, 1.0), (0, 0), (0.999, 1), (-5, 1), (1, .infinity)] {
      try demand(verifier.require(error, bound) == nil, "\(error) within \(bound)")
    }
    try demand(verifier.deviation([1, 2], [1, 2.999], unit) <= 1, "0.999 of a tolerance")
    try demand(verifier.deviation([], [], unit) <= 1, "no elements")
  }

  static let beyond = VerifierCheck("what is beyond a bound fails, by its ratio") { verifier in
    for (error, bound) in [(1.001, 1.0), (3, 2), (1e-300, 0), (500, 1)] {
      guard let found = verifier.require(error, bound) else {
        throw PropertyViolation("\(error) beyond \(bound)", ratio: bound > 0 ? error / bound : 2)
      }
      try demand(found.ratio == (bound > 0 ? error / bound : .infinity), "its ratio")
    }
    for (got, ratio) in [(3.5, 2.5), (-1.5, 2.5), (901, 900)] {
      try demand(
        (verifier.deviation([got], [1], unit) / ratio - 1).magnitude < 1e-12, "\(got) for 1",
        ratio: ratio)
    }
  }

  static let notNumbers = VerifierCheck("NaN and infinity never pass") { verifier in
    for (error, bound) in [(Double.nan, 1.0), (1, .nan), (.nan, .infinity), (.infinity, 1)] {
      try demand(verifier.require(error, bound) != nil, "\(error) within \(bound)")
    }
    for got in [Double.nan, .infinity, -.infinity] {
      try demand(!(verifier.deviation([0, got], [0, 0], unit) <= 1), "\(got) for 0")
    }
    try demand(!(verifier.residual([[1]], [.nan], [[1]]) <= 60), "an eigenvalue that is NaN")
    try demand(!(verifier.residual([[1]], [1], [[.nan]]) <= 60), "a vector that is NaN")
  }

  static let elements = VerifierCheck("every element counts, and how many there are") { verifier in
    for k in 0..<3 {
      var got = [1.0, 2, 3]
      got[k] += 2
      try demand(verifier.deviation(got, [1, 2, 3], unit) == 2, "element \(k)", ratio: 2)
    }
    let lengths: [([Double], [Double])] = [([1], [1, 2]), ([1, 2], [1]), ([], [1])]
    for (got, expected) in lengths {
      try demand(verifier.deviation(got, expected, unit) == .infinity, "\(got) for \(expected)")
    }
  }

  // A − UΛUᵀ = [[0, 3], [3, 0]]·2⁻⁴⁰ with ‖A‖₁ = 4 and n = 2: 3·2⁻⁴⁰/(2·4·2⁻⁵²) = 1536.
  static let residuals = VerifierCheck("a residual worked by hand, whatever the scale") {
    verifier in
    for scale in [1.0, 0x1p600, 0x1p-600] {
      let beside = 3 * 0x1p-40 * scale
      let found = verifier.residual(
        [[4 * scale - beside, beside], [beside, scale]], [4 * scale - beside, scale],
        [[1, 0], [0, 1]])
      try demand((found / 1536 - 1).magnitude < 1e-9, "\(found), not 1536", ratio: 1536 / 60)
    }
    try demand(
      verifier.residual([[2, 0], [0, 3]], [2, 3], [[1, 0], [0, 1]]) == 0, "nothing left")
  }
}

/// Oracles on subjects that are known.
extension VerifierCheck {
  static let judging = [acquittal, accusation, smallFaults, everyOracle, namedOracles, lateSeeds]

  private static func solver(_ fault: String?) -> JudgedSubject {
    let found = eigensolverMutants.first { $0.solver == "LAPACK" && $0.fault == fault }
    return JudgedSubject(
      name: "solver \(fault ?? "")", subject: .solver(found?.subject ?? .core))
  }

  private static func sampler(_ fault: String?) throws -> JudgedSubject {
    guard let found = ensembleMutants.first(where: { $0.fault == fault }) else {
      throw PropertyViolation("no sampler has the fault \(fault ?? "")")
    }
    return JudgedSubject(name: "sampler \(fault ?? "")", subject: .sampler(found.subject))
  }

  private static func law(_ law: String, _ fault: String?) throws -> JudgedSubject {
    let all = spectralLawMutants + levelLawMutants
    guard let found = all.first(where: { $0.fault == fault && $0.law.hasPrefix(law) }) else {
      throw PropertyViolation("no law \(law) has the fault \(fault ?? "")")
    }
    return JudgedSubject(name: "\(law) \(fault ?? "")", subject: .law(found.subject))
  }

  static let acquittal = VerifierCheck("nothing right is accused") { verifier in
    for subject in try [solver(nil), sampler(nil), law("semicircle", nil)] {
      let found = verifier.accusers(subject)
      try demand(found.isEmpty, "\(subject.name): \(found.keys.sorted())")
    }
  }

  static let accusation = VerifierCheck("what is plainly wrong is accused") { verifier in
    for subject in try [
      solver("NaN for the greatest"), solver("one eigenvalue repeated"),
      sampler("NaN for the greatest"), sampler("seeds ignored"), law("semicircle", "π left out"),
      law("semicircle", "NaN beyond the edges"), law("unfolding", "from above"),
    ] { try demand(!verifier.accusers(subject).isEmpty, subject.name) }
  }

  static let smallFaults = VerifierCheck("what is hardly wrong is accused, by its ratio") {
    verifier in
    for subject in try [
      solver("the greatest off by three bounds"), sampler("larger by 2 %"),
      law("number variance", "Euler's constant left out"),
      law("spacings", "repulsion like s^1.1"),
    ] {
      let right = subject.accusers
      let found = verifier.accusers(subject)
      for (oracle, ratio) in right {
        try demand(found[oracle] == ratio, "\(subject.name) by \(oracle)", ratio: ratio)
      }
    }
  }

  // Faults that all oracles of laws are needed for.
  static let everyOracle = VerifierCheck("every oracle of laws accuses somebody") { verifier in
    let faults = try [
      law("semicircle", "asin left out"), law("semicircle", "deviation for radius"),
      law("semicircle", "centre of the other sign"), law("semicircle", "π left out"),
      law("spacings", "cut at 3"), law("spacings", "β = 2 for 1"),
      law("number variance", "β = 2 for 1"), law("unfolding", "by rank"),
    ]
    let accusers = Set(faults.flatMap { verifier.accusers($0).keys })
    let silent = LawOracle.all.map(\.name).filter { !accusers.contains($0) }
    try demand(silent.isEmpty, "silent: \(silent)")
  }

  static let namedOracles = VerifierCheck("oracles accuse what they alone are for") { verifier in
    for (subject, oracle) in try [
      (solver("an entry forgotten beyond order 32"), "LAPACK's matrix types"),
      (solver("NaN taken for zero"), "refuses NaN and infinity"),
      (solver("made symmetric"), "refuses asymmetry"),
      (sampler("not symmetric"), "symmetric"), (sampler("seeds ignored"), "seeds"),
      (sampler("levels at the law's quantiles"), "semicircle"),
      (law("Kolmogorov", "the upper tail as 1 − F"), "tails"),
      (law("semicircle", "asin left out"), "integral"),
      (law("semicircle", "½ left out"), "symmetry"),
      (law("spacings", "β = 2 for 1"), "draws"),
    ] {
      try demand(verifier.accusers(subject)[oracle] != nil, "\(subject.name) by \(oracle)")
    }
  }

  // Wrong on late seeds alone.
  static let lateSeeds = VerifierCheck("a sampler that is wrong on some seeds is accused on those") {
    verifier in
    let subject = EnsembleSubject(.goe) { n, seed in
      var rng = SplitMix64(seed: seed)
      let values = try GSL.eigenvalues(RandomMatrix.goe(order: n, using: &rng))
      return seed >= 1 << 32 ? values.reversed() : values
    }
    let judged = JudgedSubject(name: "late", subject: .sampler(subject), seed: 1 << 32)
    try demand(!verifier.accusers(judged).isEmpty, "seeds from 2³² on")
  }
}
