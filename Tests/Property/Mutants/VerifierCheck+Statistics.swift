import Foundation
import Oracles
import Saddle

/// p-values and intervals, by enumeration where there are few outcomes.
extension VerifierCheck {
  static let statistics = [
    binomial, superUniform, coverage, allHits, kolmogorovKnown, kolmogorovCalibrated, families,
    familyWise,
  ]

  /// C(n, k)/2ⁿ.
  private static func binomial(_ n: Int, probability p: Double = 0.5) -> [Double] {
    var row = [1.0]
    for _ in 0..<n {
      row = (0...row.count).map {
        ($0 < row.count ? row[$0] * (1 - p) : 0) + ($0 > 0 ? row[$0 - 1] * p : 0)
      }
    }
    return row
  }

  static let binomial = VerifierCheck("the p-value of votes is twice the binomial's lesser tail") {
    verifier in
    for n in 1...12 {
      let row = binomial(n)
      for k in 0...n {
        let expected = min(1, 2 * min(row[k...].reduce(0, +), row[...k].reduce(0, +)))
        // By bisection, to a part in ten thousand; near 1 nothing is decided.
        guard expected < 0.99 else { continue }
        let error = (verifier.votes(k, n) / expected - 1).magnitude
        try demand(error < 2e-4, "\(k) of \(n)", ratio: error / 2e-4)
      }
    }
  }

  static let superUniform = VerifierCheck("P(p ≤ α) ≤ α where there is nothing to find") {
    verifier in
    for n in [1, 5, 10, 20] {
      let row = binomial(n)
      for alpha in [0.5, 0.1, 0.05, 0.01] {
        let share = row.indices.reduce(0.0) {
          $0 + (verifier.votes($1, n) <= alpha ? row[$1] : 0)
        }
        try demand(share <= alpha + 1e-12, "\(share) of \(n) at \(alpha)", ratio: share / alpha)
      }
      try demand(n == 1 || verifier.votes(n, n) <= 2.001 * pow(0.5, Double(n)), "all of \(n)")
    }
  }

  static let coverage = VerifierCheck("intervals miss as rarely as stated, on either side") {
    verifier in
    let (n, tail) = (20, 0.025)
    let intervals = (0...n).map { verifier.proportion($0, n, 0.95) }
    for p in stride(from: 0.02, through: 0.98, by: 0.04) {
      let row = binomial(n, probability: p)
      let above = row.indices.reduce(0.0) { $0 + (intervals[$1].lowerBound > p ? row[$1] : 0) }
      let below = row.indices.reduce(0.0) { $0 + (intervals[$1].upperBound < p ? row[$1] : 0) }
      try demand(max(above, below) <= tail, "at \(p)", ratio: max(above, below) / tail)
    }
  }

  // p with pⁿ = 0.025.
  static let allHits = VerifierCheck("intervals are no longer than need be") { verifier in
    let found = verifier.proportion(15, 15, 0.95)
    try demand((found.lowerBound - pow(0.025, 1.0 / 15)).magnitude < 1e-9, "15 of 15")
    try demand(found.upperBound == 1, "15 of 15")
    try demand(
      (verifier.proportion(0, 15, 0.95).upperBound - 1 + found.lowerBound).magnitude < 1e-9, "none")
  }

  static let kolmogorovKnown = VerifierCheck("Kolmogorov's p is that of counting") { verifier in
    for (n, distance) in [(3, 0.4), (10, 0.274), (20, 0.3), (60, 0.12)] {
      let expected = 1 - UniformBand(count: n).probability(within: distance)
      let error = (verifier.kolmogorov(n, distance) / expected - 1).magnitude
      try demand(error < 1e-9, "n = \(n)", ratio: error / 1e-9)
    }
  }

  /// D of 10 000 samples of ten.
  private static let distances: [Double] = {
    var rng = SplitMix64(seed: 11)
    return (0..<10_000).map { _ in
      DistributionDistance.kolmogorovSmirnov((0..<10).map { _ in Draw.unit(using: &rng) }) { $0 }
    }
  }()

  static let kolmogorovCalibrated = VerifierCheck("Kolmogorov's p is uniform on ten draws") {
    verifier in
    let pValues = distances.map { verifier.kolmogorov(10, $0) }
    try Calibration(pValues).require(isExact: true)
  }

  // Holm 1979 by hand: 3·0.01, max of that and 2·0.02, and 1·0.5.
  static let families = VerifierCheck("Holm's adjustment worked by hand") { verifier in
    for (pValues, expected) in [
      ([0.5, 0.01, 0.02], [0.5, 0.03, 0.04]), ([0.02, 0.019], [0.038, 0.038]),
      ([0.9, 0.8], [1, 1]),
      ([0.3], [0.3]),
    ] {
      let found = verifier.adjusted(pValues)
      try demand(
        found.count == expected.count
          && zip(found, expected).allSatisfy { ($0 - $1).magnitude < 1e-12 }, "\(found)")
    }
  }

  static let familyWise = VerifierCheck(
    "the least of five adjusted p-values is not below α too often"
  ) {
    verifier in
    var rng = SplitMix64(seed: 12)
    let least = (0..<4000).map { _ in
      verifier.adjusted((0..<5).map { _ in Draw.unit(using: &rng) }).min() ?? .nan
    }
    try Calibration(least).require(isExact: false)
  }
}

/// Level repulsion on levels of each class.
extension VerifierCheck {
  static let repulsion = [
    repulsionNull, repulsionPower, equalRatios, periodOfFour, repulsionRefusals,
  ]

  /// Spectra of few levels of each class, in the order of `SpacingLaw.allCases`.
  private static let spectra: [[[Double]]] = SpacingLaw.allCases.map { law in
    var rng = RandomStream(seed: 13, name: "repulsion")
    return (0..<2000).map { _ in levels(law, 54, &rng) }
  }

  private static let longSpectra: [[Double]] = SpacingLaw.allCases.map { law in
    var rng = RandomStream(seed: 14, name: "repulsion")
    return levels(law, 1200, &rng)
  }

  private static func levels(_ law: SpacingLaw, _ n: Int, _ rng: inout RandomStream) -> [Double] {
    guard law != .poisson else { return (0..<n).map { _ in rng.uniform(0, 1) }.sorted() }
    let ensemble = RandomMatrixEnsemble.betaHermite(beta: Double(law.beta))
    return (try? ensemble.spectrum(order: n, using: &rng)) ?? []
  }

  // A mean of 52 ratios is nearly normal: 5 % and 1 % as drawn. With the sample's own variance it
  // would be 9 % and 3.5 %.
  static let repulsionNull = VerifierCheck("each class's p-value is uniform on its levels") {
    verifier in
    for k in SpacingLaw.allCases.indices {
      let pValues = try spectra[k].map { try verifier.repulsion($0).pValues[k] }
      try Calibration(pValues).require(isExact: true)
    }
  }

  // GOE and GUE are 0.069 apart, some seven standard errors at n = 1200.
  static let repulsionPower = VerifierCheck("levels of other classes are refused") { verifier in
    for k in SpacingLaw.allCases.indices {
      let found = try verifier.repulsion(longSpectra[k])
      for other in SpacingLaw.allCases.indices where other != k {
        try demand(found.pValues[other] < 1e-6, "\(found.pValues[other]) of \(k) for \(other)")
      }
    }
  }

  /// n·Var of the mean of n ratios: of independent levels with the covariance of g(s), the mean ratio
  /// beside a spacing s, by quadrature; of GOE and GUE by counting.
  private static let variances = [0.10230221314939827, 0.0955, 0.0818]

  // Spacings 1 and r in turn: all ratios are r. Half of a deviation off, p = erfc(½/√2); the classes'
  // means are known to 1e-4.
  static let equalRatios = VerifierCheck("equal ratios half a deviation from a class's mean") {
    verifier in
    for (k, law) in SpacingLaw.allCases.enumerated() {
      for side in [-0.5, 0.5] {
        let ratio = law.meanRatio + side * (variances[k] / 198 + 1e-8).squareRoot()
        let levels = (0..<200).map { Double($0 / 2) * (1 + ratio) + ($0 % 2 == 1 ? 1 : 0) }
        let found = try verifier.repulsion(levels)
        try demand((found.mean - ratio).magnitude < 1e-9, "the mean of \(law)")
        try demand(
          (found.pValues[k] - erfc(0.5 / 2.0.squareRoot())).magnitude < 1e-6, "p of \(law)",
          ratio: (found.pValues[k] - erfc(0.5 / 2.0.squareRoot())).magnitude / 1e-6)
      }
    }
  }

  // Spacings 1, 2, 1, 4: ratios ½, ½, ¼, ¼. The error is the widest class's, whatever the sample's.
  static let periodOfFour = VerifierCheck("a mean and its error worked by hand") { verifier in
    let spacings = [1.0, 2, 1, 4]
    var levels = [0.0]
    for k in 0..<401 { levels.append(levels[k] + spacings[k % 4]) }
    let found = try verifier.repulsion(levels)
    try demand((found.mean - 0.375).magnitude < 1e-12, "\(found.mean)")
    let error = (variances[0] / 400).squareRoot()
    try demand(
      (found.error / error - 1).magnitude < 1e-9, "\(found.error), not \(error)",
      ratio: found.error / error)
    for (k, law) in SpacingLaw.allCases.enumerated() {
      let z = (law.meanRatio - 0.375) / (variances[k] / 400 + 1e-8).squareRoot()
      try demand((found.pValues[k] / erfc(z / 2.0.squareRoot()) - 1).magnitude < 1e-6, "p")
    }
  }

  static let repulsionRefusals = VerifierCheck("what has no ratios is refused") { verifier in
    for (label, levels) in [
      ("51 levels", (0..<51).map(Double.init)),
      ("descending levels", (0..<60).map { -Double($0) }),
      ("three equal levels", [0, 1, 2] + [Double](repeating: 3, count: 60)),
    ] {
      let found = try? verifier.repulsion(levels)
      try demand(found == nil, label)
    }
  }
}
