import Saddle

/// What `Matrix` products reach, beside what the machine allows.
struct MatrixProduct<T: Scalar>: Workload {
  let name = "gemm-\(T.self)".lowercased()
  let summary = "product of two 2000 × 2000 matrices, \(T.self)"

  func measure(beside roofline: inout Roofline) -> [Figure: Double] {
    let sample = roofline.sample(T.self)
    var figures = [Figure: Double](sample.product)
    figures.add(roofline: sample)
    figures[.rooflineFraction] = Roofline.gigaflops(sample.product.best) * 1e9 / sample.flops
    return figures
  }
}
