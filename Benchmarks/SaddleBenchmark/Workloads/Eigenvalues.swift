import Saddle

/// All eigenvalues of a symmetric matrix, which is handed over. The roofline counts 4/3·n³ flops
/// for the tridiagonal form.
struct Eigenvalues: Workload {
  let name = "eigenvalues"
  let summary = "all eigenvalues of a GOE matrix, n = 6000, Double"
  let targets: [Target] = [.ratioToPeer(atLeast: 2)]

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let matrix = wigner(order: denseOrder)
    roofline.sample(Double.self)
    let clock = ContinuousClock()
    let start = clock.now
    keep(try matrix.eigenvalues())
    let seconds = (clock.now - start) / .seconds(1)
    let n = Double(denseOrder)
    var figures: [Figure: Double] = [.seconds: seconds, .parameters: n]
    figures.compare(flops: 4 / 3 * n * n * n, in: seconds, with: &roofline, Double.self)
    return figures
  }
}

/// Index and degeneracy from two factorizations, the eigenvalues left alone; the peer takes all
/// eigenvalues to count them. The roofline counts 1/3·n³ flops a factorization.
struct Counts: Workload {
  let name = "counts"
  let summary = "index and degeneracy of a GOE matrix, n = 6000, Double, by LDLᵀ"
  let targets: [Target] = [.ratioToPeer(atLeast: 4)]

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let matrix = wigner(order: denseOrder)
    roofline.sample(Double.self)
    let clock = ContinuousClock()
    let start = clock.now
    let below = try SymmetricFactorization(matrix, shift: -1e-3).inertia
    let above = try SymmetricFactorization(matrix, shift: 1e-3).inertia
    keep(below.negative)
    keep(denseOrder - below.negative - above.positive)
    let seconds = (clock.now - start) / .seconds(1)
    let n = Double(denseOrder)
    var figures: [Figure: Double] = [.seconds: seconds, .parameters: n]
    figures.compare(flops: 2 / 3 * n * n * n, in: seconds, with: &roofline, Double.self)
    return figures
  }
}

private let denseOrder = 6000

/// Symmetric with normal entries, its spectrum about −2 … 2.
private func wigner(order: Int) -> Matrix<Double> {
  var generator = RandomStream(seed: 1, name: "matrix")
  var matrix = Matrix<Double>(rows: order, columns: order)
  let scale = 1 / Double(order).squareRoot()
  for i in 0..<order {
    for j in 0...i {
      let entry = generator.normal() * scale
      matrix[i, j] = entry
      matrix[j, i] = entry
    }
  }
  return matrix
}
