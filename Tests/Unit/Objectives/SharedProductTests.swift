import Saddle
import Support
import Synchronization
import Testing
import Threads

/// Products whose samples several threads share.
@Suite struct SharedProductTests {
  /// More samples than five chunks of 256.
  private static func objective<T: Scalar>(_: T.Type) throws -> NetworkObjective<T> {
    var generator = RandomStream(seed: 5, name: "shared")
    return try NetworkObjective<T>(
      network: Network.dense([7, 5, 4, 3], .tanh),
      loss: .softmaxCrossEntropy,
      inputs: Matrix(
        rows: 1299, columns: 7, elements: (0..<1299 * 7).map { _ in T(generator.normal()) }),
      targets: .classes((0..<1299).map { _ in Int32(generator.index(below: 3)) }),
      weightDecay: 0.125)
  }

  private static func vectors<T: Scalar>(_ rows: Int, order: Int) -> Matrix<T> {
    var generator = RandomStream(seed: 6, name: "vectors")
    return Matrix(
      rows: rows, columns: order,
      elements: (0..<rows * order).map { _ in T(generator.normal()) })
  }

  @Test(arguments: [
    CurvatureKind.hessian, .gaussNewton, .empiricalFisher, .gradientCovariance, .residual,
  ])
  func `products over many chunks are the assembled matrix's`(kind: CurvatureKind) throws {
    let objective = try Self.objective(Double.self)
    let θ: [Double] = Self.vectors(1, order: objective.dimension).row(0)
    let matrix = objective.curvatureMatrix(kind, at: θ, includingPenalty: true)
    let vectors: Matrix<Double> = Self.vectors(11, order: objective.dimension)
    var products = Matrix<Double>(rows: 11, columns: objective.dimension, repeating: .nan)
    let curvature = objective.curvature(kind, at: θ, includingPenalty: true)
    // Twice: the buffers' contents from the first time are to mean nothing.
    for _ in 0..<2 { curvature.apply(vectors, into: &products) }
    for v in 0..<11 {
      let plain = (0..<matrix.rows).map { i in
        (0..<matrix.columns).reduce(0) { $0 + matrix[i, $1] * vectors[v, $1] }
      }
      expectClose(
        products.row(v), plain,
        within: Tolerance(absolute: 1e-14, relative: 1e-12, why: "sums of 1299 samples"))
    }
  }

  @Test func `products on several threads at once are those of one thread, bit for bit`() throws {
    try check(Double.self)
    try check(Float.self)
  }

  private func check<T: Scalar>(_: T.Type) throws {
    let objective = try Self.objective(T.self)
    let θ: [T] = Self.vectors(1, order: objective.dimension).row(0)
    let curvature = objective.curvature(.hessian, at: θ, includingPenalty: true)
    let vectors: Matrix<T> = Self.vectors(3, order: objective.dimension)
    var expected = Matrix<T>(rows: 3, columns: objective.dimension)
    curvature.apply(vectors, into: &expected)
    let alone = expected.elements
    let hessian = objective.hessian(at: θ).elements
    let different = Atomic(0)
    concurrentPerform(iterations: 16) { i in
      if i % 4 == 0 {
        if objective.hessian(at: θ).elements != hessian { different.add(1, ordering: .relaxed) }
      } else {
        var products = Matrix<T>(rows: 3, columns: vectors.columns)
        curvature.apply(vectors, into: &products)
        if products.elements != alone { different.add(1, ordering: .relaxed) }
      }
    }
    #expect(different.load(ordering: .relaxed) == 0)
  }
}
