import Saddle

/// Products with the Hessian at a fixed point, whose forward pass is kept. The roofline counts
/// 4·N·P flops a vector.
struct HessianVectorProduct<T: Scalar>: Workload {
  let name = "hvp-\(T.self)".lowercased()
  let summary = "Hessian-vector product of 784-128-10 tanh, N = 1000, \(T.self), pass kept"
  let targets: [Target] = [
    .ratioToPeer(atLeast: 1.5), .rooflineFraction(atLeast: 0.7),
    .productFractionOfEight(atLeast: 0.8),
  ]

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let point = try NetworkPoint<T>(widths: [784, 128, 10], samples: 1000)
    roofline.sample(T.self)
    let hessian = point.objective.linearized(at: point.parameters)
    var figures = point.sizes
    figures.time(
      hessian, flops: 4 * Double(point.objective.samples) * Double(hessian.dimension),
      repetitions: (200, 25), beside: &roofline)
    return figures
  }
}
