import Foundation
import Oracles
import Saddle
import Support

/// A verifier with one planted fault, or with none: the control.
struct VerifierMutant: Sendable {
  /// What meets it; all parts for the control.
  let parts: [VerifierPart]
  let name: String
  let fault: String?
  let verifier: Verifier
  var reasonForOne: String?

  init(
    _ part: VerifierPart?, _ name: String, _ fault: String?, only reasonForOne: String? = nil,
    _ plant: (inout Verifier) -> Void = { _ in }
  ) {
    parts = part.map { [$0] } ?? VerifierPart.allCases
    self.name = name
    self.fault = fault
    self.reasonForOne = reasonForOne
    var verifier = Verifier()
    plant(&verifier)
    self.verifier = verifier
  }
}

private let right = Verifier()

private let comparisonMutants: [VerifierMutant] = [
  VerifierMutant(.comparisons, "comparison", "a tolerance × 10³") { verifier in
    verifier.require = { right.require($0, 1e3 * $1) }
    verifier.deviation = { right.deviation($0, $1, $2) / 1e3 }
  },
  VerifierMutant(.comparisons, "comparison", "a tolerance × 10⁻³") { verifier in
    verifier.require = { right.require($0, 1e-3 * $1) }
    verifier.deviation = { right.deviation($0, $1, $2) * 1e3 }
  },
  VerifierMutant(.comparisons, "bounds", "NaN compares as pass", only: "only NaN shows it") {
    verifier in
    verifier.require = { $0 > $1 ? right.require($0, $1) : nil }
  },
  VerifierMutant(
    .comparisons, "bounds", "below, not at most", only: "only the bound itself shows it"
  ) { verifier in
    verifier.require = { error, bound in
      error < bound
        ? nil : right.require(error, bound) ?? PropertyViolation("at the bound", ratio: 1)
    }
  },
  VerifierMutant(.comparisons, "bounds", "the ratio left out", only: "it decides the same") {
    verifier in
    verifier.require = { right.require($0, $1).map { PropertyViolation($0.label) } }
  },
  VerifierMutant(.comparisons, "deviations", "NaN compares as pass", only: "only NaN shows it") {
    verifier in
    verifier.deviation = { got, expected, tolerance in
      zip(got, expected).reduce(got.count == expected.count ? 0 : .infinity) { worst, pair in
        let ratio = (pair.0 - pair.1).magnitude / tolerance.absolute
        return ratio > worst ? ratio : worst
      }
    }
  },
  VerifierMutant(.comparisons, "deviations", "one side alone") { verifier in
    verifier.deviation = { got, expected, tolerance in
      let above = zip(got, expected).map { $0 < $1 ? $1 : $0 }
      return right.deviation(above + got.dropFirst(above.count), expected, tolerance)
    }
  },
  VerifierMutant(
    .comparisons, "deviations", "as far as both go", only: "equal lengths show nothing"
  ) { verifier in
    verifier.deviation = { got, expected, tolerance in
      let count = min(got.count, expected.count)
      return right.deviation(Array(got.prefix(count)), Array(expected.prefix(count)), tolerance)
    }
  },
  VerifierMutant(.comparisons, "deviations", "the first element alone") { verifier in
    verifier.deviation = { right.deviation(Array($0.prefix(1)), Array($1.prefix(1)), $2) }
  },
  VerifierMutant(.comparisons, "deviations", "an empty loop") { verifier in
    verifier.deviation = { _, _, _ in 0 }
  },
  VerifierMutant(
    .comparisons, "residual", "over the largest entry, not the norm",
    only: "its norm is the only fault"
  ) { verifier in
    verifier.residual = { rows, values, vectors in
      let greatest = rows.joined().reduce(0) { max($0, $1.magnitude) }
      let norm = rows.map { $0.reduce(0) { $0 + $1.magnitude } }.max() ?? 0
      return right.residual(rows, values, vectors) * norm / greatest * 1.001
    }
  },
  VerifierMutant(.comparisons, "residual", "over n²", only: "its norm is the only fault") {
    verifier in
    verifier.residual = { right.residual($0, $1, $2) / Double($0.count) }
  },
  VerifierMutant(.comparisons, "residual", "over no norm", only: "its norm is the only fault") {
    verifier in
    verifier.residual = { rows, values, vectors in
      right.residual(rows, values, vectors)
        * (rows.map { $0.reduce(0) { $0 + $1.magnitude } }.max() ?? 0)
    }
  },
  VerifierMutant(.comparisons, "residual", "NaN compares as pass", only: "only NaN shows it") {
    verifier in
    verifier.residual = { rows, values, vectors in
      (values + vectors.joined()).contains(where: \.isNaN)
        ? 0 : right.residual(rows, values, vectors)
    }
  },
]

private func accusing(
  _ fault: String, only reasonForOne: String? = nil,
  _ change: @escaping @Sendable (JudgedSubject, [String: Double]) -> [String: Double]
) -> VerifierMutant {
  VerifierMutant(.oracles, "oracles", fault, only: reasonForOne) { verifier in
    verifier.accusers = { change($0, $0.accusers) }
  }
}

/// A subject whose NaN is taken for what is right.
private func lenient(_ judged: JudgedSubject) -> JudgedSubject {
  var subject = judged.subject
  switch judged.subject {
  case .solver(let solver):
    subject = .solver(
      EigensolverSubject(eigenvalues: { rows in
        let values = try solver.eigenvalues(rows)
        return values.contains(where: \.isNaN) ? try GSL.eigenvalues(rows) : values
      }))
  case .sampler(let sampler):
    subject = .sampler(
      EnsembleSubject(sampler.ensemble, matrix: sampler.matrix) { n, seed in
        let values = try sampler.spectrum(n, seed)
        guard values.contains(where: \.isNaN), let matrix = sampler.matrix else { return values }
        return try GSL.eigenvalues(matrix(n, seed))
      })
  case .law(let law):
    subject = .law(law.changed(density: { $1.isNaN ? 0 : $1 }))
  }
  return JudgedSubject(name: judged.name + ", lenient", subject: subject, seed: judged.seed)
}

private let oracleMutants: [VerifierMutant] =
  [
    accusing("a tolerance × 10³") { _, kills in
      kills.mapValues { $0 / 1e3 }.filter { $0.value > 1 }
    },
    accusing("a tolerance × 10⁻³ for solvers", only: "only what is right shows it") {
      subject, kills in
      if case .solver = subject.subject, kills.isEmpty { return ["gsl": 2] }
      return kills
    },
    accusing("NaN compares as pass") { subject, _ in
      lenient(subject).accusers
    },
    accusing("an empty loop") { _, _ in [:] },
    accusing("one accusation at most") { _, kills in
      kills.sorted { $0.key < $1.key }.first.map { [$0.key: $0.value] } ?? [:]
    },
    accusing("listed matrices left out") { _, kills in
      kills.filter { $0.key != "LAPACK's matrix types" }
    },
    accusing("exact laws of samplers left out", only: "limits show plain faults") {
      subject, kills in
      kills.filter {
        ![
          "trace", "squares", "fourth power", "two levels", "three levels", "definiteness",
          "largest eigenvalue",
        ].contains($0.key)
      }
    },
    accusing("too good passes", only: "only what is too good shows it") { subject, kills in
      subject.name == "sampler levels at the law's quantiles"
        ? kills.filter { $0.key != "semicircle" } : kills
    },
    accusing("seeds ignored", only: "only what depends on the seed shows it") { subject, _ in
      JudgedSubject(name: subject.name, subject: subject.subject, seed: 1).accusers
    },
    accusing("the ratio left out", only: "it decides the same") { _, kills in
      kills.mapValues { _ in .infinity }
    },
  ]
  + ["integral", "symmetry", "draws"].map { silent in
    accusing("'\(silent)' of laws never throws") { subject, kills in
      guard case .law = subject.subject else { return kills }
      return kills.filter { $0.key != silent }
    }
  }

let judgingMutants: [VerifierMutant] =
  [VerifierMutant(nil, "as they ship", nil)] + comparisonMutants + oracleMutants + kitMutants
