import Saddle

/// The time to a spectral density of stated error: as many probes as the error takes, by groups of a
/// pool of them, and then the time of a density with so many. The error is the Wasserstein-1 distance
/// to all eigenvalues, over their root mean square; the peers', each on its own network of that size, too.
struct DensityError: Workload {
  let name = "density-error"
  let summary = "density of 100-25-25-10 tanh, N = 1000, 100 steps, within 3 % of all eigenvalues, Double"
  let targets: [Target] = [.ratioToPeer(atLeast: 3)]
  private let bound = 0.03
  private let pool = 64

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let point = try NetworkPoint<Double>(widths: [100, 25, 25, 10], samples: 1000)
    let eigenvalues = try point.objective.hessian(at: point.parameters).eigenvalues()
    let truth = try DiscreteMeasure(eigenvalues: eigenvalues)
    let size = truth.moment(2).squareRoot()
    let parts = try density(of: point, probes: pool).probes.map(\.measure)
    var figures = point.sizes
    for probes in 1...pool / 4 {
      let errors = try stride(from: 0, through: pool - probes, by: probes).map { first in
        try mean(parts[first..<first + probes]).wasserstein1(to: truth) / size
      }
      let error = errors.reduce(0, +) / Double(errors.count)
      guard error <= bound else { continue }
      let timings = try Timings(repetitions: 5) {
        keep(try density(of: point, probes: probes))
      }
      figures.merge([Figure: Double](timings)) { $1 }
      figures[.probes] = Double(probes)
      figures[.densityError] = error
      break
    }
    return figures
  }

  private func density(of point: NetworkPoint<Double>, probes: Int) throws -> SpectralDensity {
    var generator = RandomStream(seed: 1, name: "probes")
    return try StochasticLanczosQuadrature(steps: 100, probes: probes).density(
      of: point.objective.linearized(at: point.parameters), using: &generator)
  }

  private func mean(_ parts: ArraySlice<DiscreteMeasure>) throws -> DiscreteMeasure {
    try DiscreteMeasure(
      nodes: parts.flatMap(\.nodes),
      weights: parts.flatMap { $0.weights.map { $0 / Double(parts.count) } })
  }
}
