import Foundation

/// What kind of point θ is, by all of its Hessian's eigenvalues: every figure with what it takes to
/// check it.
public struct PointAnalysis: Codable, Equatable, Sendable {
  /// Loss, accuracy and gradient norm over the data that the Hessian is of.
  public let evaluation: Evaluation
  /// What rounding may have changed of them; nil where that is not bounded.
  public let rounding: EvaluationRounding?
  public let spectrum: Spectrum
  /// Whether the rounding of the Hessian itself is bounded and part of the eigenvalues' error; else
  /// that is the eigensolver's alone.
  public let boundsHessian: Bool
  /// The theorems that its structural zeros come from; with weight decay, its eigenvalues at that.
  public let structure: [StructuralNullSpace.Part]
  /// Whether there is negative curvature beyond rounding, and the witness.
  public let curvature: NegativeCurvature
  /// The eigenvalues on each side of ±ε·max|λ|, counted by LDLᵀ factorization instead of the
  /// eigensolver, at ε = `countTolerance`: "at least … at most" where rounding leaves a doubt.
  public let secondCount: ToleranceCount
  /// How near to a critical point θ is.
  public let criticality: Criticality

  public init(
    evaluation: Evaluation, rounding: EvaluationRounding?, spectrum: Spectrum,
    boundsHessian: Bool, structure: [StructuralNullSpace.Part], curvature: NegativeCurvature,
    secondCount: ToleranceCount, criticality: Criticality
  ) {
    self.evaluation = evaluation
    self.rounding = rounding
    self.spectrum = spectrum
    self.boundsHessian = boundsHessian
    self.structure = structure
    self.curvature = curvature
    self.secondCount = secondCount
    self.criticality = criticality
  }

  /// The direction that was tried as a witness of negative curvature, if one was.
  public var certificate: NegativeCurvatureCertificate? { curvature.certificate }
  /// Whether negative curvature is certified.
  public var isCertified: Bool { curvature.isCertified }

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

  /// Eigenvalues below −ε·max|λ|, within ±ε·max|λ| and above, at ε = `secondCount.tolerance`.
  public var inertia: Inertia {
    let (negative, zero) = (
      spectrum.index(at: secondCount.tolerance),
      spectrum.degeneracy(at: secondCount.tolerance).zeros
    )
    return Inertia(negative: negative, zero: zero, positive: spectrum.order - negative - zero)
  }

  /// What kind of point it is: the one place that says so.
  public var kind: CriticalPointKind {
    guard criticality.isCritical else {
      return criticality.isGradientFlat ? .gradientFlat : .notCritical
    }
    let inertia = inertia
    let isBorneOut = inertia.negative == 0 || isCertified
    guard countsAgree, inertia.zero >= spectrum.structuralZeros, isBorneOut else {
      return .undecided
    }
    return CriticalPointKind(
      negative: inertia.negative, zeros: inertia.zero - spectrum.structuralZeros,
      positive: inertia.positive)
  }
}

extension PointAnalysis {
  /// The tolerance at which eigenvalues are counted a second time, by factorization, and by which
  /// kinds of points are told.
  public static let countTolerance = PointLimits.strictZero

  /// Throws `SpectrumError.tooLarge` where as many dense matrices of doubles exceed LAPACK's
  /// indices or this machine's memory.
  public static func requireMemory(order: Int, matrices: Int) throws(SpectrumError) {
    let limit = MemoryBudget.limit()
    let bytes = MemoryBudget.bytes(order, order, matrices, MemoryLayout<Double>.stride)
    guard order <= LAPACKLimits.order, let bytes, bytes < limit else {
      throw .tooLarge(order: order, bytes: bytes ?? .max, memory: UInt64(limit))
    }
  }

  /// Assembles the Hessian at θ, takes its whole spectrum, counts it again by factorization,
  /// certifies its negative curvature and tells how near a critical point is.
  ///
  /// Memory: two P × P matrices at the peak.
  /// - Parameters:
  ///   - objective: a network on data, or any function of one's own.
  ///   - lengthScale: what Newton's step is held against; nil for ‖θ‖.
  ///   - curvatureScale: the largest curvature that a search met on its way here, for what counts as
  ///     near the kernel; nil for max|λ|.
  ///   - zeroTolerance: ε of what counts as zero for the kind.
  ///   - seed: starts the search for the witness, and draws the counts' vectors.
  /// - Throws: `SpectrumError.tooLarge` before any work, where that does not fit this machine;
  ///   `.pointNotFinite` where the parameters or the loss are not finite;
  ///   `LinearAlgebraError` where LAPACK gives up.
  public init(
    of objective: some Objective<Double>, at parameters: [Double], lengthScale: Double? = nil,
    curvatureScale: Double? = nil, zeroTolerance: Double = PointAnalysis.countTolerance,
    seed: UInt64 = 0
  ) throws {
    try self.init(
      of: objective, at: parameters, hessian: nil, lengthScale: lengthScale,
      curvatureScale: curvatureScale, zeroTolerance: zeroTolerance, seed: seed)
  }

  /// - Parameter hessian: the objective's at θ, where it is at hand.
  init(
    of objective: some Objective<Double>, at parameters: [Double],
    hessian known: consuming Matrix<Double>?, lengthScale: Double?, curvatureScale: Double?,
    zeroTolerance: Double, seed: UInt64 = 0
  ) throws {
    try Self.requireMemory(order: objective.dimension, matrices: 2)
    guard allFinite(parameters.span) else {
      throw SpectrumError.pointNotFinite("a parameter")
    }
    let evaluation = objective.evaluate(at: parameters)
    guard evaluation.isFinite else {
      throw SpectrumError.pointNotFinite("the loss or its gradient")
    }
    let hessian = known ?? objective.hessian(at: parameters)
    guard allFinite(hessian.elements.span) else {
      throw SpectrumError.pointNotFinite("an element of the Hessian")
    }
    let nullSpace = objective.structuralNullSpace
    let hessianRounding = objective.hessianRounding(at: parameters)
    let spectrum = try Spectrum(
      of: hessian, nullSpace: nullSpace, shift: objective.weightDecay,
      matrixError: hessianRounding ?? 0)
    var vectors = RandomStream(seed: seed, name: "counts")
    let secondCount = try EigenvalueCounts(
      of: hessian, tolerances: [zeroTolerance], radius: spectrum.radius, using: &vectors
    ).counts[0]
    let curvature = try NegativeCurvature(
      in: hessian, spectrum: spectrum, productError: hessianRounding, of: objective,
      at: parameters, seed: seed)
    let gradient = objective.gradient(at: parameters).gradient
    let measure = try GradientMeasure(
      of: gradient, in: consume hessian, of: objective, at: parameters)
    let rounding = objective.rounding(at: parameters)
    self.init(
      evaluation: evaluation, rounding: rounding, spectrum: spectrum,
      boundsHessian: hessianRounding != nil, structure: nullSpace.parts,
      curvature: curvature, secondCount: secondCount,
      criticality: Criticality(
        measure, gradient: gradient, at: parameters,
        in: CurvatureExtent(spectrum, metOnTheWay: curvatureScale),
        gradientError: rounding?.gradientNorm, lengthScale: lengthScale))
  }
}

extension Spectrum {
  /// All eigenvalues of a curvature matrix; those that are structural zeros are taken out before
  /// the eigensolver meets the rest, and are exact.
  ///
  /// - Parameters:
  ///   - shift: the weight decay in the matrix, to which it moves the structural zeros.
  ///   - matrixError: a bound of ‖computed − true matrix‖₂.
  /// - Throws: `LinearAlgebraError` where LAPACK gives up; `SpectrumError`.
  public init(
    of matrix: Matrix<Double>, nullSpace: StructuralNullSpace, shift: Double,
    matrixError: Double = 0
  ) throws {
    let known = nullSpace.eigenvalue(shift: shift)
    try self.init(
      eigenvalues: try nullSpace.deflated(matrix).eigenvalues()
        + [Double](repeating: known.value, count: known.multiplicity),
      structuralZeros: known.zeros, matrixError: matrixError)
  }
}
