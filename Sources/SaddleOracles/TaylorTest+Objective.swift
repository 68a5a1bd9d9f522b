// Objectives become closures here. No number is computed by the core but what is to be tested.
import Oracles
import Saddle

extension TaylorTest {
  /// The test of an objective's own gradient and Hessian-vector products.
  ///
  /// - Parameters:
  ///   - objective: of n parameters.
  ///   - x: the point, n components.
  ///   - v: the direction, n components, not zero; its length sets the scale of the steps.
  /// - Throws: as for closures.
  public static func slopes(
    of objective: some Objective<Double>, at x: [Double], along v: [Double]
  ) throws(OracleError) -> TaylorSlopes {
    guard x.count == objective.dimension else {
      throw .wrongLength(of: "point", expected: objective.dimension, found: x.count)
    }
    return try slopes(
      value: { objective.value(at: $0) }, gradient: { objective.gradient(at: $0).gradient },
      hessianVectorProduct: { objective.linearized(at: $0).apply($1) }, at: x, along: v)
  }
}
