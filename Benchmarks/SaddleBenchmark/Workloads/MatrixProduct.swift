import Saddle

/// The roofline itself: what `Matrix` products reach on this machine.
struct MatrixProduct<T: Scalar>: Workload {
  let name = "gemm-\(T.self)".lowercased()
  let summary = "the roofline: product of two 2000 × 2000 matrices, \(T.self)"

  func measure(beside roofline: inout Roofline) -> [Figure: Double] {
    let product = roofline.sample(T.self)
    var figures = [Figure: Double](product)
    figures.add(roofline: product)
    return figures
  }
}
