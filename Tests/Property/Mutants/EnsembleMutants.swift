import Oracles
import Saddle

/// A sampler or its solver with one planted fault, or with none: the control.
struct EnsembleMutant: Sendable {
  let sampler: String
  let fault: String?
  let subject: EnsembleSubject
  var reasonForOne: String?
}

private let controls: [(String, EnsembleSubject)] = [
  ("plain loops", .plain()),
  ("GOE", .core(.goe, .goe)),
  // As a matrix it is tridiagonal, and no GOE matrix.
  ("β-Hermite, β = 1", .core(.goe, .betaHermite(beta: 1)).spectraAlone),
  // A matrix has every eigenvalue twice.
  ("GUE", .core(.gue, .gue).spectraAlone),
  ("GUE in plain loops", .hermitian(.gue)),
  ("Rademacher", .core(.wigner, .wigner(.rademacher))),
  ("uniform", .core(.wigner, .wigner(.uniform))),
  ("Laplace", .core(.wigner, .wigner(.laplace))),
  ("Wishart", .core(.wishart(degrees: 800), .wishart(degrees: 800)) { _ in 800 }),
  ("spiked Wigner", .core(.spikedWigner(strength: 2), .spikedWigner(strengths: [2])) { _ in 1 }),
  ("Wishart in plain loops", .wishart(400, drawn: 400)),
  ("a spike in plain loops", .spiked(by: 2)),
  ("χ in plain loops", .tridiagonal { $0 - $1 }),
]

let ensembleMutants: [EnsembleMutant] =
  controls.map { EnsembleMutant(sampler: $0.0, fault: nil, subject: $0.1) }
  + samplerFaults.map {
    EnsembleMutant(sampler: "sampler", fault: $0.0, subject: $0.1, reasonForOne: $0.2)
  }
  + solverFaults.map {
    EnsembleMutant(sampler: "solver", fault: $0.0, subject: $0.1, reasonForOne: $0.2)
  }
