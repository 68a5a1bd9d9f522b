import Oracles
import Saddle

extension CurvatureSubject {
  /// A program's objective with its products of one kind, as the oracles see it: what it broke off
  /// with is thrown.
  ///
  /// - Throws: `RemoteError.kind` where it has no such products.
  public init(_ objective: RemoteObjective, _ kind: CurvatureKind = .hessian) throws(RemoteError) {
    try objective.require(kind)
    @Sendable func whole<Value>(_ value: Value) throws -> Value {
      if let failure = objective.failure { throw failure }
      return value
    }
    let samples = objective.description.samples.flatMap { count in
      !objective.description.offers.contains("sample")
        ? nil
        : Samples(count: count, weightDecay: objective.weightDecay) { point, index in
          let term = objective.sample(index, at: point)
          return try whole((term.value, term.gradient))
        }
    }
    self.init(
      dimension: objective.dimension,
      precision: objective.precision == .float ? .single : .double,
      isSmooth: objective.description.smooth, isSemidefinite: kind.isPositiveSemidefinite,
      isHessian: kind == .hessian, samples: samples,
      value: { try whole(objective.value(at: $0)) },
      gradient: { try whole(objective.gradient(at: $0).gradient) },
      products: { point, vectors in
        let matrix = objective.curvature(kind, at: point, includingPenalty: true)
        let products = try whole(matrix.apply(Matrix(vectors)))
        return (0..<products.rows).map { Array(products.row($0)) }
      })
  }
}
