import Dialogue
import Foundation

/// An objective in another process, in any language: a program that speaks docs/protocol.md.
///
/// Where the program breaks off, what it can no longer say is NaN, which every analysis refuses, and
/// `failure` has the reason: who sees an analysis refuse asks for that first.
public struct RemoteObjective: SampledObjective {
  public typealias Element = Double
  public typealias Linearization = RemoteOperator

  public let description: RemoteDescription
  public let parameterBlocks: [ParameterBlock]
  private let conversation: RemoteConversation

  public var dimension: Int { description.parameters }
  public var samples: Int { description.samples ?? 1 }
  public var precision: Precision { description.dtype == .float32 ? .float : .double }
  public var weightDecay: Double { description.weightDecay ?? 0 }
  /// What the program broke off with, or refused; nil while all is well.
  public var failure: ProgramError? { conversation.failure }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - command: what the shell starts.
  ///   - startLimit: seconds for its first answer.
  ///   - answerLimit: seconds for each later one.
  /// - Throws: `ProgramError`, `RemoteError`.
  public init(
    command: String, startLimit: Double = 120, answerLimit: Double = 600
  ) throws {
    var limits = ProgramLimits()
    (limits.start, limits.answer) = (startLimit, answerLimit)
    let link = try ProgramLink(command: command, limits: limits)
    description = try link.describe(as: RemoteDescription.self)
    try description.check()
    let type: MessageArray.ElementType = description.dtype == .float32 ? .float32 : .float64
    conversation = RemoteConversation(link, dimension: description.parameters, type: type)
    var start = 0
    parameterBlocks = (description.blocks ?? []).map { block in
      let size = block.shape.reduce(1, *)
      defer { start += size }
      return ParameterBlock(name: block.name, shape: block.shape, range: start..<start + size)
    }
  }

  /// The θ that the program was started with; nil where it offers none.
  ///
  /// - Throws: `ProgramError`.
  public func startingPoint() throws(ProgramError) -> [Double]? {
    guard description.offers.contains("point") else { return nil }
    return try conversation.point()
  }

  /// - Throws: `RemoteError.kind` where the program has no products of this kind.
  public func require(_ kind: CurvatureKind) throws(RemoteError) {
    let offered = description.kinds ?? ["hessian"]
    for name in kind.remoteNames ?? ["\(kind)"] where !offered.contains(name) {
      throw .kind(name, offered: offered)
    }
  }

  public func value(at parameters: [Double]) -> Double { conversation.value(at: parameters) }

  public func gradient(at parameters: [Double]) -> (value: Double, gradient: [Double]) {
    conversation.gradient(at: parameters)
  }

  /// A sample's own term of the mean, and its gradient; NaN where the program offers none.
  ///
  /// - Parameter index: from 0 on.
  public func sample(_ index: Int, at parameters: [Double]) -> (value: Double, gradient: [Double]) {
    conversation.gradient(at: parameters, ofSample: index)
  }

  /// - Precondition: `require` has let the kind pass.
  public func curvature(
    _ kind: CurvatureKind, at parameters: [Double], includingPenalty: Bool
  ) -> RemoteOperator {
    let gradient = kind == .gradientCovariance ? self.gradient(at: parameters).gradient : []
    let isIncluded = includingPenalty && kind.seesPenalty
    return RemoteOperator(
      conversation: conversation, parameters: parameters, kind: kind,
      shift: isIncluded || kind == .residual ? 0 : -weightDecay,
      lossGradient: zip(gradient, parameters).map { $0 - weightDecay * $1 })
  }
}

extension CurvatureKind {
  /// The program's matrices that this one is made of; nil where there are none.
  var remoteNames: [String]? {
    switch self {
    case .hessian: ["hessian"]
    case .gaussNewton: ["gaussNewton"]
    case .fisher: ["fisher"]
    case .empiricalFisher, .gradientCovariance: ["empiricalFisher"]
    case .residual: ["hessian", "gaussNewton"]
    case .monteCarloFisher: nil
    }
  }
}

/// A curvature matrix of a program's objective, by its products.
public struct RemoteOperator: LinearOperator {
  let conversation: RemoteConversation
  let parameters: [Double]
  let kind: CurvatureKind
  /// Added to the diagonal.
  let shift: Double
  /// Whose square is taken out of a second moment; empty elsewhere.
  let lossGradient: [Double]

  public var dimension: Int { parameters.count }

  public func apply(_ vectors: Matrix<Double>, into products: inout Matrix<Double>) {
    checkShapes(vectors, products)
    let names = kind.remoteNames ?? []
    conversation.products(
      names.first ?? "", vectors, at: parameters, into: &products.elements)
    if names.count > 1 {
      var others = [Double].zeros(products.elements.count)
      conversation.products(names[1], vectors, at: parameters, into: &others)
      var sums = products.elements.mutableSpan
      axpy(-1, others.span, into: &sums)
    }
    var sums = products.elements.mutableSpan
    if shift != 0 { axpy(shift, vectors.elements.span, into: &sums) }
    guard !lossGradient.isEmpty else { return }
    for k in 0..<vectors.rows {
      let factor = zip(lossGradient, vectors.row(k)).reduce(0.0) { $0 + $1.0 * $1.1 }
      for i in lossGradient.indices { products[k, i] -= factor * lossGradient[i] }
    }
  }
}
