import Foundation

/// What kind of point a network's parameters are: every figure with what it takes to check it.
public struct PointAnalysis: Codable, Equatable, Sendable {
  /// Loss, accuracy and gradient norm over the data that the Hessian is of.
  public let evaluation: Evaluation
  public let spectrum: Spectrum
  /// A witness of negative curvature, where the least eigenvalue is negative beyond rounding.
  public let certificate: NegativeCurvatureCertificate?
  /// The eigenvalue counts on each side of ±ε·max|λ| by LDLᵀ factorization instead of the
  /// eigensolver, at ε = `inertiaTolerance`.
  public let inertia: Inertia
  /// ε of `inertia`.
  public let inertiaTolerance: Double

  public init(
    evaluation: Evaluation, spectrum: Spectrum, certificate: NegativeCurvatureCertificate?,
    inertia: Inertia, inertiaTolerance: Double
  ) {
    self.evaluation = evaluation
    self.spectrum = spectrum
    self.certificate = certificate
    self.inertia = inertia
    self.inertiaTolerance = inertiaTolerance
  }

  /// Whether the factorization counts what the eigensolver found.
  public var countsAgree: Bool {
    let zeros = spectrum.degeneracy(at: inertiaTolerance).zeros
    let negative = spectrum.index(at: inertiaTolerance)
    return inertia
      == Inertia(
        negative: negative, zero: zeros, positive: spectrum.order - negative - zeros)
  }
}

extension PointAnalysis {
  /// The tolerance at which eigenvalues are counted a second time, by factorization.
  public static let inertiaTolerance = 1e-6

  /// Throws `SpectrumError.tooLarge` where as many dense matrices of doubles exceed LAPACK's indices
  /// or this machine's memory.
  public static func requireMemory(order: Int, matrices: Int) throws(SpectrumError) {
    let memory = ProcessInfo.processInfo.physicalMemory
    let (bytes, overflows) = order.multipliedReportingOverflow(by: 8 * matrices * order)
    guard order <= LAPACKLimits.order, !overflows, bytes < memory else {
      throw .tooLarge(order: order, bytes: overflows ? .max : bytes, memory: memory)
    }
  }

  /// Assembles the Hessian at θ, takes its whole spectrum, counts it again by factorization and
  /// certifies its negative curvature.
  ///
  /// Memory: two P × P matrices at the peak.
  /// - Parameter seed: starts the search for the witness.
  /// - Throws: `SpectrumError.tooLarge` before any work, where that does not fit this machine;
  ///   `.pointNotFinite` where the parameters or the loss are not finite;
  ///   `LinearAlgebraError` where LAPACK gives up.
  public init(
    of objective: some SampledObjective<Double>, at parameters: [Double], seed: UInt64 = 0
  ) throws {
    try Self.requireMemory(order: objective.dimension, matrices: 2)
    guard allFinite(parameters.span) else {
      throw SpectrumError.pointNotFinite("a parameter")
    }
    let evaluation = objective.evaluate(at: parameters)
    guard evaluation.isFinite else {
      throw SpectrumError.pointNotFinite("the loss or its gradient")
    }
    let hessian = objective.hessian(at: parameters)
    guard allFinite(hessian.elements.span) else {
      throw SpectrumError.pointNotFinite("an element of the Hessian")
    }
    let spectrum = try Spectrum(
      of: hessian, nullSpace: StructuralNullSpace(of: objective),
      shift: objective.weightDecay)
    let tolerance = Self.inertiaTolerance
    let bound = tolerance * spectrum.radius
    let below = try SymmetricFactorization(hessian, shift: -bound).inertia
    let above = try SymmetricFactorization(hessian, shift: bound).inertia
    var certificate: NegativeCurvatureCertificate?
    if spectrum.index > 0 {
      var generator = RandomStream(seed: seed, name: "witness")
      certificate = try .search(
        hessian: consume hessian, leastEigenvalue: spectrum.least, of: objective, at: parameters,
        using: &generator)
    }
    self.init(
      evaluation: evaluation, spectrum: spectrum, certificate: certificate,
      inertia: Inertia(
        negative: below.negative, zero: spectrum.order - below.negative - above.positive,
        positive: above.positive),
      inertiaTolerance: tolerance)
  }
}

extension Spectrum {
  /// All eigenvalues of a curvature matrix; those that are structural zeros are taken out before
  /// the eigensolver meets the rest, and are exact.
  ///
  /// - Parameter shift: the weight decay in the matrix, to which it moves the structural zeros.
  /// - Throws: `LinearAlgebraError` where LAPACK gives up; `SpectrumError`.
  public init(of matrix: Matrix<Double>, nullSpace: StructuralNullSpace, shift: Double) throws {
    let known = [Double](repeating: shift, count: nullSpace.dimension)
    try self.init(
      eigenvalues: try nullSpace.deflated(matrix).eigenvalues() + known,
      structuralZeros: shift == 0 ? nullSpace.dimension : 0)
  }
}
