import Saddle
import Synchronization

/// Counts the Hessian-vector products that an optimizer asks for, and keeps where it evaluates.
struct Counting<Model: LocalModel<Double>>: LocalModel {
  var model: Model
  private let counter = Counter()
  var products: Int { counter.count.load(ordering: .relaxed) }
  var evaluated: [[Double]] = []
  var dimension: Int { model.dimension }
  var gradient: [Double] {
    get { model.gradient }
    set { model.gradient = newValue }
  }

  init(_ model: Model) { self.model = model }

  mutating func evaluate(at parameters: Span<Double>) -> Double {
    evaluated.append(Array(copying: parameters))
    return model.evaluate(at: parameters)
  }

  mutating func value(at parameters: Span<Double>) -> Double { model.value(at: parameters) }

  func linearized(at parameters: Span<Double>) -> CountingOperator<Model.Curvature> {
    CountingOperator(base: model.linearized(at: parameters), counter: counter)
  }
}

final class Counter: Sendable {
  let count = Atomic(0)
}

/// Counts the vectors that it is multiplied with.
struct CountingOperator<Base: LinearOperator<Double>>: LinearOperator {
  let base: Base
  let counter: Counter
  var dimension: Int { base.dimension }

  func apply(_ vectors: Matrix<Double>, into products: inout Matrix<Double>) {
    counter.count.add(vectors.rows, ordering: .relaxed)
    base.apply(vectors, into: &products)
  }

  func assembled() -> Matrix<Double> { base.assembled() }
}
