import Saddle

/// Stochastic Lanczos quadrature from the parameters on: the pass, 100 products of four probes at once,
/// and their Gauss rules. Steps and probes are the peers' too, so that the error is: it is a matter of
/// both alone. The roofline counts 4·N·P flops a product with one vector.
struct SpectralQuadrature<T: Scalar>: Workload {
  let name = "slq-\(T.self)".lowercased()
  let summary = "spectral density of 784-128-10 tanh, N = 1000, 100 steps, 4 probes, \(T.self)"
  let targets: [Target] = [.ratioToPeer(atLeast: 3)]

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let point = try NetworkPoint<T>(widths: [784, 128, 10], samples: 1000)
    let quadrature = try StochasticLanczosQuadrature(steps: 100, probes: 4)
    roofline.sample(T.self)
    let timings = try Timings(repetitions: 3) {
      var generator = RandomStream(seed: 1, name: "probes")
      keep(
        try quadrature.density(
          of: point.objective.linearized(at: point.parameters), using: &generator))
    }
    var figures = [Figure: Double](timings).merging(point.sizes) { $1 }
    figures.compare(
      flops: 1600 * Double(point.objective.samples) * Double(point.parameters.count),
      in: timings.best, with: &roofline, T.self)
    return figures
  }
}

/// The memory of the same for a network of a million parameters.
struct QuadratureMemory: Workload {
  let name = "slq-memory"
  let summary = "spectral density of 784-1258-10 tanh, N = 1000, 20 steps, 4 probes, Double"
  let targets: [Target] = [.peakMemory(atMostGiB: 1)]
  let peer = PeerAvailability.absent(because: "it is a bound on memory, not on time")

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let point = try NetworkPoint<Double>(widths: [784, 1258, 10], samples: 1000)
    var generator = RandomStream(seed: 1, name: "probes")
    let quadrature = try StochasticLanczosQuadrature(steps: 20, probes: 4)
    let timings = try Timings(repetitions: 1, warmUps: 0) {
      keep(
        try quadrature.density(
          of: point.objective.linearized(at: point.parameters), using: &generator))
    }
    var figures = [Figure: Double](timings).merging(point.sizes) { $1 }
    figures[.peakMemory] = peakMemory()
    return figures
  }
}
