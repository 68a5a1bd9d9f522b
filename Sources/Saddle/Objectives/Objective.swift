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

  /// What values and gradients are computed in, whatever type they come in.
  var precision: Precision { get }

  /// α of a penalty ½α‖θ‖² in the function; 0 where there is none.
  var weightDecay: Element { get }
  /// The directions along which the function is constant at every θ but for the penalty, as far as
  /// they are known: found when they are asked for, which may take a pass over all data.
  var structuralNullSpace: StructuralNullSpace { get }
  /// The value and the gradient's norm, and where samples are told apart by class, how many rightly.
  func evaluate(at parameters: [Element]) -> Evaluation
  /// What rounding may have changed of `value` and of the norm of `gradient` at θ, proved; nil
  /// where no bound is known.
  func rounding(at parameters: [Element]) -> EvaluationRounding?
  /// ∇L in ball arithmetic, P balls that hold the true gradient at any numbers that the balls of θ
  /// hold; nil where it is not known so.
  func gradientEnclosure(at parameters: [Ball]) -> [Ball]?
  /// A bound of ‖computed − true Hessian‖₂ at θ, proved; nil where none is known.
  func hessianRounding(at parameters: [Element]) -> Double?
  /// A Lipschitz constant M of the Hessian in the ball of a radius about θ, proved:
  /// ‖H(x) − H(y)‖₂ ≤ M·‖x − y‖₂ for all x and y in it. It may not fall as the radius grows; nil where
  /// none is known. A penalty adds nothing to it.
  func hessianLipschitz(at parameters: [Element], radius: Double) -> Double?
  /// Directions along which the function is constant at every θ, penalty included: linearly
  /// independent, with elements that are exactly what they are, so that proofs may take them out.
  /// `structuralNullSpace` may know more, by a basis that is rounded.
  var exactNullDirections: [SparseDirection] { get }
}

extension Objective {
  /// No direction is known.
  public var structuralNullSpace: StructuralNullSpace { StructuralNullSpace(order: dimension) }

  /// Column by column; an objective that can assemble its Hessian should.
  public func hessian(at parameters: [Element]) -> Matrix<Element> {
    linearized(at: parameters).assembled()
  }

  public var precision: Precision { Element.self == Float.self ? .float : .double }

  public var weightDecay: Element { 0 }

  public func evaluate(at parameters: [Element]) -> Evaluation {
    let (value, gradient) = gradient(at: parameters)
    return Evaluation(
      loss: Double(value), accuracy: nil, gradientNorm: Double(euclideanNorm(gradient.span)))
  }

  /// No bound.
  public func rounding(at parameters: [Element]) -> EvaluationRounding? { nil }

  /// Not known.
  public func gradientEnclosure(at parameters: [Ball]) -> [Ball]? { nil }

  /// No bound.
  public func hessianRounding(at parameters: [Element]) -> Double? { nil }

  /// None known.
  public func hessianLipschitz(at parameters: [Element], radius: Double) -> Double? { nil }

  /// None known.
  public var exactNullDirections: [SparseDirection] { [] }
}

/// A direction of ones at some coordinates and of zeros elsewhere.
public struct SparseDirection: Equatable, Sendable {
  /// Each once.
  public let coordinates: [Int]

  public init(coordinates: [Int]) { self.coordinates = coordinates }
}
