import Foundation

/// What kind of point a network's parameters are: every figure with what it takes to check it.
public struct PointAnalysis: Codable, Equatable, Sendable {
  /// Loss, accuracy and gradient norm over the data that the Hessian is of.
  public let evaluation: Evaluation
  public let spectrum: Spectrum
  /// A witness of negative curvature, where the least eigenvalue is negative beyond rounding.
  public let certificate: NegativeCurvatureCertificate?
  /// The eigenvalues on each side of ±ε·max|λ|, counted by LDLᵀ factorization instead of the
  /// eigensolver, at ε = `countTolerance`: "at least … at most" where rounding leaves a doubt.
  public let secondCount: ToleranceCount

  public init(
    evaluation: Evaluation, spectrum: Spectrum, certificate: NegativeCurvatureCertificate?,
    secondCount: ToleranceCount
  ) {
    self.evaluation = evaluation
    self.spectrum = spectrum
    self.certificate = certificate
    self.secondCount = secondCount
  }

  /// Whether the factorization counts what the eigensolver found, but for eigenvalues that either
  /// of them cannot tell from the threshold.
  public var countsAgree: Bool {
    func agree(_ counted: ClosedRange<Int>, _ found: Int, below: Bool, above: Bool) -> Bool {
      let doubt = spectrum.uncertain(about: secondCount.threshold, below: below, above: above)
      return counted.overlaps(found - doubt...found + doubt)
    }
    let zeros = spectrum.degeneracy(at: secondCount.tolerance).zeros
    let negative = spectrum.index(at: secondCount.tolerance)
    return agree(secondCount.index, negative, below: true, above: false)
      && agree(secondCount.zeros, zeros, below: true, above: true)
      && agree(secondCount.positive, spectrum.order - negative - zeros, below: false, above: true)
  }
}

extension PointAnalysis {
  /// The tolerance at which eigenvalues are counted a second time, by factorization.
  public static let countTolerance = 1e-6

  /// Throws `SpectrumError.tooLarge` where as many dense matrices of doubles exceed LAPACK's
  /// indices or this machine's memory.
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
  /// - Parameter seed: starts the search for the witness, and draws the counts' vectors.
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
      of: hessian, nullSpace: objective.structuralNullSpace,
      shift: objective.weightDecay)
    var vectors = RandomStream(seed: seed, name: "counts")
    let secondCount = try EigenvalueCounts(
      of: hessian, tolerances: [Self.countTolerance], radius: spectrum.radius, using: &vectors
    ).counts[0]
    var certificate: NegativeCurvatureCertificate?
    if spectrum.index > 0 {
      var generator = RandomStream(seed: seed, name: "witness")
      certificate = try .search(
        hessian: consume hessian, leastEigenvalue: spectrum.least, of: objective, at: parameters,
        using: &generator)
    }
    self.init(
      evaluation: evaluation, spectrum: spectrum, certificate: certificate,
      secondCount: secondCount)
  }
}

extension Spectrum {
  /// All eigenvalues of a curvature matrix; those that are structural zeros are taken out before
  /// the eigensolver meets the rest, and are exact.
  ///
  /// - Parameter shift: the weight decay in the matrix, to which it moves the structural zeros.
  /// - Throws: `LinearAlgebraError` where LAPACK gives up; `SpectrumError`.
  public init(of matrix: Matrix<Double>, nullSpace: StructuralNullSpace, shift: Double) throws {
    let known = nullSpace.eigenvalue(shift: shift)
    try self.init(
      eigenvalues: try nullSpace.deflated(matrix).eigenvalues()
        + [Double](repeating: known.value, count: known.multiplicity),
      structuralZeros: known.zeros)
  }
}
