import Foundation
import Oracles
import Saddle

private let goeEdge = LawSubject.tracyWidom(1)
private let gueEdge = LawSubject.tracyWidom(2)

/// The normal law of a mean and a variance, claiming to be another.
private func normal(mean: Double, variance: Double, as claim: LawSubject.Law) -> LawSubject {
  let deviation = variance.squareRoot()
  return LawSubject(
    claim,
    density: { x in
      exp(-(x - mean) * (x - mean) / (2 * variance)) / (2 * Double.pi * variance).squareRoot()
    },
    cumulative: { 0.5 * erfc((mean - $0) / deviation / 2.0.squareRoot()) },
    survival: { 0.5 * erfc(($0 - mean) / deviation / 2.0.squareRoot()) })
}

private let tracyWidomMutants: [LawMutant] = [
  LawMutant("Tracy–Widom", "β = 2 for 1", .tracyWidom(2, as: 1)),
  LawMutant("Tracy–Widom", "β = 1 for 2", .tracyWidom(1, as: 2)),
  LawMutant("Tracy–Widom", "centred on its mean", goeEdge.moved(by: 1.206533574582)),
  LawMutant("Tracy–Widom", "centred on 2√n at n = 100", goeEdge.moved(by: -0.1077)),
  LawMutant("Tracy–Widom", "of 2^(1/6) the scale", goeEdge.moved(scaledBy: pow(2, 1.0 / 6))),
  LawMutant(
    "Tracy–Widom", "a normal law of its mean and variance",
    normal(mean: -1.206533574582, variance: 1.607781034581, as: goeEdge.law)),
  LawMutant(
    "Tracy–Widom", "F₂ for F₁²",
    goeEdge.changed(cumulative: { x, _ in (try gueEdge.cumulative?(x) ?? .nan).squareRoot() })),
  LawMutant(
    "Tracy–Widom", "the upper tail cut at 2",
    goeEdge.changed(
      density: { $0 > 2 ? 0 : $1 }, cumulative: { $0 > 2 ? 1 : $1 },
      survival: { $0 > 2 ? 0 : $1 })),
  LawMutant(
    "Tracy–Widom", "the upper tail as 1 − F",
    goeEdge.changed(survival: { x, _ in 1 - (try goeEdge.cumulative?(x) ?? .nan) }),
    only: "in absolute terms nothing is wrong"),
  LawMutant("Tracy–Widom", "12 nodes", .tracyWidom(1, nodes: 12)),
  LawMutant(
    "Tracy–Widom", "a density by differences of step 0.1",
    goeEdge.changed(density: { x, _ in
      guard let law = goeEdge.cumulative else { return .nan }
      return try (law(x + 0.1) - law(x - 0.1)) / 0.2
    })),
  LawMutant(
    "Tracy–Widom", "the upper quantile for the lower",
    goeEdge.changed(quantile: { p, _ in try goeEdge.quantile?(1 - p) ?? .nan })),
]

/// Like s^β·exp(−c·s²), of mean and mass 1, for any β.
private func surmise(_ exponent: Double, as claim: LawSubject.Law) -> LawSubject {
  let root = tgamma((exponent + 2) / 2) / tgamma((exponent + 1) / 2)
  let scale = 2 * pow(root, exponent + 1) / tgamma((exponent + 1) / 2)
  return LawSubject(
    claim, density: { s in s < 0 ? 0 : scale * pow(s, exponent) * exp(-root * root * s * s) })
}

private let goeSpacings = LawSubject.spacings(.goe)

private let spacingMutants: [LawMutant] = [
  LawMutant("spacings", "β = 2 for 1", .spacings(.gue, as: 1)),
  LawMutant("spacings", "β = 1 for 2", .spacings(.goe, as: 2)),
  LawMutant("spacings", "no repulsion", .spacings(.poisson, as: 1)),
  LawMutant("spacings", "repulsion like s^1.5", surmise(1.5, as: goeSpacings.law)),
  LawMutant("spacings", "repulsion like s^1.1", surmise(1.1, as: goeSpacings.law)),
  LawMutant(
    "spacings", "mean √(π/2)", goeSpacings.moved(scaledBy: (Double.pi / 2).squareRoot())),
  LawMutant("spacings", "π/2 left out", goeSpacings.changed(density: { $1 / (Double.pi / 2) })),
  LawMutant(
    "spacings", "upper tail for lower",
    goeSpacings.changed(cumulative: { 1 - $1 }, survival: { 1 - $1 })),
  LawMutant(
    "spacings", "cut at 3",
    goeSpacings.changed(
      density: { $0 > 3 ? 0 : $1 }, cumulative: { $0 > 3 ? 1 : $1 },
      survival: { $0 > 3 ? 0 : $1 })),
  LawMutant(
    "spacings", "GUE's second term left out",
    LawSubject.spacings(.gue).changed(
      cumulative: { s, right in s > 0 ? erf(2 * s / Double.pi.squareRoot()) : right })),
  LawMutant("spacing ratios", "β = 2 for 1", .ratios(.gue, as: 1)),
  LawMutant("spacing ratios", "no repulsion", .ratios(.poisson, as: 1)),
  LawMutant(
    "spacing ratios", "not folded at 1", LawSubject.ratios(.goe).changed(density: { $1 / 2 })),
  LawMutant(
    "spacing ratios", "exponent 1 + β below",
    LawSubject.ratios(.goe).changed(density: { r, right in
      right * (1 + r + r * r).squareRoot()
    })),
  LawMutant(
    "spacing ratios", "the wrong exponent, of mass one",
    LawSubject.ratios(.goe).changed(density: { r, _ in r < 0 || r > 1 ? 0 : 2 * r })),
]

private let kolmogorovMutants: [LawMutant] = {
  func claim(_ n: Int) -> LawSubject.Law { .kolmogorov(count: n) }
  /// 2·Σ (−1)^(k−1)·exp(−2k²t²).
  @Sendable func limit(_ t: Double) -> Double {
    guard t > 0.1 else { return 1 }
    var sum = 0.0
    for k in 1...100 { sum += (k % 2 == 1 ? 2 : -2) * exp(-2 * Double(k * k) * t * t) }
    return sum
  }
  func distribution(_ n: Int, _ upper: @escaping @Sendable (Double) -> Double) -> LawSubject {
    LawSubject(
      claim(n), cumulative: { $0 >= 1 ? 1 : $0 <= 0 ? 0 : 1 - upper($0) },
      survival: { $0 >= 1 ? 0 : $0 <= 0 ? 1 : upper($0) })
  }
  guard let right = try? LawSubject.kolmogorov(10),
    let eleven = try? LawSubject.kolmogorov(9, as: 10)
  else { return [] }
  return [
    LawMutant(
      "Kolmogorov", "the limit law at n = 10", distribution(10) { limit(10.0.squareRoot() * $0) }),
    LawMutant(
      "Kolmogorov", "Stephens's correction at n = 10",
      distribution(10) { limit((10.0.squareRoot() + 0.12 + 0.11 / 10.0.squareRoot()) * $0) }),
    LawMutant("Kolmogorov", "n − 1 for n", eleven),
    LawMutant(
      "Kolmogorov", "one side",
      right.changed(
        cumulative: { 1 - (1 - $1) / 2 }, survival: { $1 / 2 })),
    LawMutant(
      "Kolmogorov", "both sides as if independent",
      right.changed(
        cumulative: { (1 - (1 - $1) / 2) * (1 - (1 - $1) / 2) },
        survival: { $1 - $1 * $1 / 4 })),
    LawMutant(
      "Kolmogorov", "the upper tail as 1 − F",
      right.changed(survival: { x, _ in 1 - (try right.cumulative?(x) ?? .nan) }),
      only: "in absolute terms nothing is wrong"),
    LawMutant(
      "Kolmogorov", "no least distance",
      right.changed(cumulative: { x, value in x < 0.05 ? 0.01 : value })),
  ]
}()

private func numberVariance(
  _ change: @escaping @Sendable (_ length: Double, _ right: Double) -> Double
) -> LawSubject {
  .numberVariance(beta: 1) { change($0, SpacingLaw.goe.numberVariance($0)) }
}

private let levelMutants: [LawMutant] = [
  LawMutant("number variance", "β = 2 for 1", .numberVariance(.gue, as: 1)),
  LawMutant("number variance", "β = 1 for 2", .numberVariance(.goe, as: 2)),
  LawMutant("number variance", "no repulsion", .numberVariance(.poisson, as: 1)),
  LawMutant("number variance", "π²/8 left out", numberVariance { $1 + 0.25 }),
  LawMutant(
    "number variance", "ln L for ln 2πL",
    numberVariance { $1 - 2 / (Double.pi * Double.pi) * log(2 * Double.pi) }),
  LawMutant(
    "number variance", "Euler's constant left out",
    numberVariance { $1 - 2 / (Double.pi * Double.pi) * 0.5772156649015329 },
    only: "0.117 is within the error of 2400 windows"),
  LawMutant(
    "number variance", "half of the slope",
    numberVariance { length, right in
      right - log(length) / (Double.pi * Double.pi)
    }),
  LawMutant(
    "unfolding", "by a line",
    .unfolding { values in
      let n = Double(values.count)
      return values.map { n * (0.5 + $0 / (4 * n.squareRoot())) }
    }),
  LawMutant(
    "unfolding", "by a polynomial of degree 3",
    .unfolding { values in
      // The distribution function's Taylor polynomial: ½ + (2t − t³/3)/π.
      let n = Double(values.count)
      return values.map { x in
        let t = x / (2 * n.squareRoot())
        return n * (0.5 + (2 * t - t * t * t / 3) / Double.pi)
      }
    }),
  LawMutant(
    "unfolding", "radius √2 too large",
    .unfolding { values in
      try LevelStatistics.unfolded(
        values, by: SemicircleLaw(radius: (8 * Double(values.count)).squareRoot()))
    }),
  LawMutant(
    "unfolding", "not times n",
    .unfolding { values in
      try LevelStatistics.unfolded(
        values, by: SemicircleLaw(radius: 2 * Double(values.count).squareRoot())
      ).map { $0 / Double(values.count) }
    }),
  LawMutant("unfolding", "by rank", .unfolding { $0.indices.map { Double($0) + 0.5 } }),
  LawMutant(
    "unfolding", "from above",
    .unfolding { values in
      try LevelStatistics.unfolded(
        values, by: SemicircleLaw(radius: 2 * Double(values.count).squareRoot())
      ).map { Double(values.count) - $0 }
    }),
]

private let controls: [LawMutant] =
  ([goeEdge, gueEdge] + SpacingLaw.allCases.map { .spacings($0) }
  + SpacingLaw.allCases.map { .ratios($0) } + SpacingLaw.allCases.map { .numberVariance($0) }
  + [1, 2, 3, 10, 20, 50, 100].compactMap { try? LawSubject.kolmogorov($0) }
  + [LawSubject.unfolding])
  .map { LawMutant("\($0.law)", nil, $0) }

let levelLawMutants =
  controls + tracyWidomMutants + spacingMutants + kolmogorovMutants + levelMutants
