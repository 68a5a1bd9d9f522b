// Landscapes become objectives here, so that optimizers and the analyzer run on them. No number is
// computed by the core.
import Oracles
import Saddle

/// A landscape as an objective.
public struct LandscapeObjective: Objective {
  public let landscape: Landscape
  public var dimension: Int { landscape.dimension }

  public init(_ landscape: Landscape) { self.landscape = landscape }

  public func value(at parameters: [Double]) -> Double { landscape.value(parameters) }

  public func gradient(at parameters: [Double]) -> (value: Double, gradient: [Double]) {
    (landscape.value(parameters), landscape.gradient(parameters))
  }

  public func linearized(at parameters: [Double]) -> PlainOperator {
    PlainOperator(rows: landscape.hessian(parameters))
  }
}

/// A symmetric matrix as an operator, multiplied in plain loops.
public struct PlainOperator: LinearOperator {
  public let rows: [[Double]]
  public var dimension: Int { rows.count }

  public init(rows: [[Double]]) { self.rows = rows }

  public func apply(_ vectors: Matrix<Double>, into products: inout Matrix<Double>) {
    for v in 0..<vectors.rows {
      let vector = vectors.row(v)
      for (i, row) in rows.enumerated() { products[v, i] = zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }
}
