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
  /// The eigenvalues on each side of ±ε·max|λ| at ε = `countTolerance`, counted by what is not the
  /// eigensolver: LDLᵀ factorization, or residuals of eigenpairs from elsewhere. "At least … at most"
  /// where rounding leaves a doubt.
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
      if criticality.isGradientFlat { return .gradientFlat }
      return criticality.isRuledOut ? .notCritical : .unresolved
    }
    let inertia = inertia
    let isBorneOut = inertia.negative == 0 || isCertified
    guard countsAgree, inertia.zero >= spectrum.structuralZeros, isBorneOut else {
      return .undecided
    }
    let kinds = possibleKinds
    return kinds.count == 1 ? kinds[0] : .unresolved
  }

  /// The kinds of a critical point that the eigenvalues' errors leave possible.
  private var possibleKinds: [CriticalPointKind] {
    let (inertia, bound) = (inertia, secondCount.tolerance * spectrum.radius)
    let most = spectrum.order - spectrum.structuralZeros
    func counts(_ count: Int, _ doubt: Int) -> [Int] {
      spectrum.errorBound > 0 ? [max(0, count - doubt), min(count + doubt, most)] : [count]
    }
    var kinds: [CriticalPointKind] = []
    for negative in counts(
      inertia.negative, spectrum.uncertain(about: bound, below: true, above: false))
    {
      for positive in counts(
        inertia.positive, spectrum.uncertain(about: bound, below: false, above: true))
      {
        let kind = CriticalPointKind(
          negative: negative, zeros: max(0, most - negative - positive), positive: positive)
        if !kinds.contains(kind) { kinds.append(kind) }
      }
    }
    return kinds
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
  ///   - productNoise: how far products may be from those with one symmetric matrix, relative to its
  ///     norm, where their rounding is measured and not bounded.
  ///   - seed: starts the search for the witness, and draws the counts' vectors.
  /// - Throws: `SpectrumError.tooLarge` before any work, where that does not fit this machine;
  ///   `.pointNotFinite` where the parameters or the loss are not finite;
  ///   `LinearAlgebraError` where LAPACK gives up.
  public init(
    of objective: some Objective<Double>, at parameters: [Double], lengthScale: Double? = nil,
    curvatureScale: Double? = nil, zeroTolerance: Double = PointAnalysis.countTolerance,
    productNoise: Double? = nil, seed: UInt64 = 0
  ) throws {
    try self.init(
      of: objective, at: parameters, hessian: nil, lengthScale: lengthScale,
      curvatureScale: curvatureScale, zeroTolerance: zeroTolerance, productNoise: productNoise,
      seed: seed)
  }

  /// - Parameter hessian: the objective's at θ, where it is at hand.
  init(
    of objective: some Objective<Double>, at parameters: [Double],
    hessian known: consuming Matrix<Double>?, lengthScale: Double?, curvatureScale: Double?,
    zeroTolerance: Double, productNoise: Double? = nil, seed: UInt64 = 0
  ) throws {
    try Self.requireMemory(order: objective.dimension, matrices: 2)
    let point = try MeasuredPoint(of: objective, at: parameters)
    let hessian = known ?? objective.hessian(at: parameters)
    guard allFinite(hessian.elements.span) else {
      throw SpectrumError.pointNotFinite("an element of the Hessian")
    }
    let spectrum = try Spectrum(
      of: hessian, nullSpace: point.nullSpace, shift: objective.weightDecay,
      matrixError: point.hessianRounding ?? 0
    ).widened(byProductNoise: point.hessianRounding == nil ? productNoise : nil)
    var vectors = RandomStream(seed: seed, name: "counts")
    let secondCount = try EigenvalueCounts(
      of: hessian, tolerances: [zeroTolerance], radius: spectrum.radius,
      matrixError: spectrum.matrixError, using: &vectors
    ).counts[0]
    let curvature = try NegativeCurvature(
      in: hessian, spectrum: spectrum,
      productError: point.hessianRounding ?? productNoise.map { $0 * spectrum.radius },
      of: objective, at: parameters, seed: seed)
    let measure = try GradientMeasure(
      of: point.gradient, in: consume hessian, of: objective, at: parameters)
    self.init(
      point, spectrum: spectrum, secondCount: secondCount, curvature: curvature,
      measure: measure, curvatureScale: curvatureScale, lengthScale: lengthScale)
  }

  /// Of a Hessian whose eigenpairs were found elsewhere, on several machines say: the one matrix that
  /// this process need not hold.
  ///
  /// - Parameters:
  ///   - objective: what the Hessian is of; no more is asked of it than values, gradients and one
  ///     product.
  ///   - eigenpairs: of the Hessian at θ, P of them.
  ///   - zeroTolerance: ε of what counts as zero for the kind.
  /// - Throws: `SpectrumError` where a figure is not finite.
  public init(
    of objective: some Objective<Double>, at parameters: [Double],
    eigenpairs: VerifiedEigenpairs, zeroTolerance: Double = PointAnalysis.countTolerance
  ) throws {
    precondition(eigenpairs.values.count == objective.dimension, "eigenvalues of another matrix")
    let point = try MeasuredPoint(of: objective, at: parameters)
    let bare = try Spectrum(eigenvalues: eigenpairs.values)
    // What is proved, beyond what a spectrum takes an eigensolver to be off by.
    let excess = max(0, eigenpairs.errorBound - bare.errorBound)
    guard excess.isFinite else {
      throw SpectrumError.pointNotFinite("the error of eigenvectors that are far from orthogonal")
    }
    let spectrum = try Spectrum(
      eigenvalues: eigenpairs.values,
      structuralZeros: point.nullSpace.eigenvalue(shift: objective.weightDecay).zeros,
      matrixError: (point.hessianRounding ?? 0) + excess)
    self.init(
      point, spectrum: spectrum,
      secondCount: eigenpairs.count(at: zeroTolerance, radius: spectrum.radius),
      curvature: NegativeCurvature(
        NegativeCurvature.isSought(in: spectrum)
          ? NegativeCurvatureCertificate(
            witness: eigenpairs.leastVector, of: objective, at: parameters,
            productError: point.hessianRounding) : nil, in: spectrum),
      measure: GradientMeasure(eigenpairs), curvatureScale: nil, lengthScale: nil)
  }

  private init(
    _ point: MeasuredPoint, spectrum: Spectrum, secondCount: ToleranceCount,
    curvature: NegativeCurvature, measure: GradientMeasure, curvatureScale: Double?,
    lengthScale: Double?
  ) {
    self.init(
      evaluation: point.evaluation, rounding: point.rounding, spectrum: spectrum,
      boundsHessian: point.hessianRounding != nil, structure: point.nullSpace.parts,
      curvature: curvature, secondCount: secondCount,
      criticality: Criticality(
        measure, gradient: point.gradient, at: point.parameters,
        in: CurvatureExtent(spectrum, metOnTheWay: curvatureScale),
        gradientError: point.rounding?.gradientNorm, lengthScale: lengthScale))
  }
}

/// What is asked of an objective at a point, besides its Hessian.
private struct MeasuredPoint {
  let parameters: [Double]
  let evaluation: Evaluation
  let gradient: [Double]
  let rounding: EvaluationRounding?
  let nullSpace: StructuralNullSpace
  let hessianRounding: Double?

  init(of objective: some Objective<Double>, at parameters: [Double]) throws(SpectrumError) {
    guard allFinite(parameters.span) else { throw .pointNotFinite("a parameter") }
    evaluation = objective.evaluate(at: parameters)
    guard evaluation.isFinite else { throw .pointNotFinite("the loss or its gradient") }
    self.parameters = parameters
    gradient = objective.gradient(at: parameters).gradient
    rounding = objective.rounding(at: parameters)
    nullSpace = objective.structuralNullSpace
    hessianRounding = objective.hessianRounding(at: parameters)
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
