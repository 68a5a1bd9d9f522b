import Saddle

/// Counts the Hessian-vector products that an optimizer asks for, and keeps where it evaluates.
struct Counting<Model: LocalModel<Double>>: LocalModel {
  var model: Model
  var products = 0
  var evaluated: [[Double]] = []
  var dimension: Int { model.dimension }
  var gradient: [Double] {
    get { model.gradient }
    set { model.gradient = newValue }
  }

  init(_ model: Model) { self.model = model }

  mutating func evaluate(at parameters: Span<Double>) -> Double {
    evaluated.append(parameters.withUnsafeBufferPointer { Array($0) })
    return model.evaluate(at: parameters)
  }

  mutating func value(at parameters: Span<Double>) -> Double { model.value(at: parameters) }
  mutating func linearize(at parameters: Span<Double>) { model.linearize(at: parameters) }
  mutating func hessian() -> Matrix<Double> { model.hessian() }

  mutating func hessianVectorProduct(
    along vector: Span<Double>, into product: inout MutableSpan<Double>
  ) {
    products += 1
    model.hessianVectorProduct(along: vector, into: &product)
  }
}
