import Saddle

extension [Figure: Double] {
  /// Times products with one vector, and with eight at once: so many of either, and a fifth as many before
  /// them that do not count.
  ///
  /// - Parameter flops: of a product with one vector.
  mutating func time<T: Scalar>(
    _ matrix: NetworkCurvature<T>, flops: Double, repetitions: (ofOne: Int, ofEight: Int),
    beside roofline: inout Roofline
  ) {
    let one = products(matrix, vectors: 1, repetitions.ofOne)
    let eight = products(matrix, vectors: 8, repetitions.ofEight)
    merge([Figure: Double](one)) { $1 }
    compare(flops: flops, in: one.best, with: &roofline, T.self)
    self[.secondsPerVectorOfEight] = eight.best / 8
    let product = (self[.productGigaflops] ?? .nan) * 1e9
    self[.productFraction] = flops / one.best / product
    self[.productFractionOfEight] = 8 * flops / eight.best / product
  }
}

private func products<T: Scalar>(
  _ matrix: NetworkCurvature<T>, vectors count: Int, _ repetitions: Int
) -> Timings {
  var generator = RandomStream(seed: 1, name: "vectors")
  let vectors = Matrix<T>(
    rows: count, columns: matrix.dimension,
    elements: (0..<count * matrix.dimension).map { _ in T(generator.normal()) })
  var products = Matrix<T>(rows: count, columns: matrix.dimension)
  return Timings(repetitions: repetitions, warmUps: repetitions / 5) {
    matrix.apply(vectors, into: &products)
  }
}
