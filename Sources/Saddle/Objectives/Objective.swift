/// A twice-differentiable function of one flat parameter vector.
///
/// A network on a data set is an objective, and so is Rosenbrock's function: optimizers walk on
/// objectives, the analyzer takes their spectra, the oracles check them.
public protocol Objective<Element>: Sendable {
  associatedtype Element: Scalar
  associatedtype Linearization: LinearOperator<Element>

  /// The number of parameters, P.
  var dimension: Int { get }
  /// The function's value at θ (P elements).
  func value(at parameters: [Element]) -> Element
  /// The value and the gradient (P elements) at θ.
  func gradient(at parameters: [Element]) -> (value: Element, gradient: [Element])
  /// The Hessian at θ as an operator. What its products share is computed here, once.
  func linearized(at parameters: [Element]) -> Linearization
  /// The Hessian at θ as a matrix, P × P and exactly symmetric.
  func hessian(at parameters: [Element]) -> Matrix<Element>
  /// What rounding may have changed of `value` and of the norm of `gradient` at θ, proved; nil
  /// where no bound is known.
  func rounding(at parameters: [Element]) -> EvaluationRounding?
}

extension Objective {
  /// No bound.
  public func rounding(at parameters: [Element]) -> EvaluationRounding? { nil }

  /// Column by column; an objective that can assemble its Hessian should.
  public func hessian(at parameters: [Element]) -> Matrix<Element> {
    linearized(at: parameters).dense().symmetrized()
  }
}
