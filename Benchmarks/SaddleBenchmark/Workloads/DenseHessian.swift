import Saddle

/// The exact Hessian by assembly. Its roofline counts N·P² flops.
struct DenseHessian: Workload {
  let name = "dense-hessian"
  let summary = "exact Hessian of 100-25-25-10 tanh, N = 1000, Double"
  let targets: [Target] = [.ratioToPeer(atLeast: 40), .rooflineFraction(atLeast: 0.7)]

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let point = try NetworkPoint<Double>(widths: [100, 25, 25, 10], samples: 1000)
    roofline.sample(Double.self)
    let timings = Timings(repetitions: 7) {
      keep(point.objective.hessian(at: point.parameters))
    }
    let order = Double(point.parameters.count)
    var figures = [Figure: Double](timings).merging(point.sizes) { $1 }
    figures.compare(
      flops: Double(point.objective.samples) * order * order, in: timings.best, with: &roofline,
      Double.self)
    return figures
  }
}
