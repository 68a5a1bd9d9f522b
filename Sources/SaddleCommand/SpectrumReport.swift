import Saddle

/// What `saddle spectrum` was asked for and found.
struct SpectrumReport: Encodable {
  /// The Hessian, all of it.
  var analysis: PointAnalysis?
  /// All eigenvalues of another matrix.
  var spectrum: [Double]?
  var kind: CurvatureKind
  var matrixFree: MatrixFreeAnalysis?
  var counts: EigenvalueCounts?
  var blocks: [BlockSpectrum]?
  var outliers: OutlierCount?
  var fit: BulkFitReport?
  /// Why there is no fit, where the spectrum has no bulk to fit to.
  var whyNoFit: String?
  var refined: RefinedPoint?
  /// What rounding may have changed of the refined point's loss and gradient norm.
  var refinedRounding: EvaluationRounding?
  var classification: CriticalPointClassification?
  private var whole: Spectrum?

  private enum CodingKeys: CodingKey {
    case spectrum, kind, matrixFree, counts, blocks, outliers, fit, whyNoFit
    case refined, refinedRounding, classification
  }

  init(
    of objective: some SampledObjective<Double>, at parameters: [Double], classes: Int?,
    options: SpectrumOptions, output: OutputOptions
  ) throws {
    kind = options.curvature
    let penalty = !options.withoutPenalty
    var generator = RandomStream(seed: options.seed, name: "spectrum")
    switch options.method(order: objective.dimension) {
    case .matrixFree, .auto:
      matrixFree = try MatrixFreeAnalysis(
        of: objective, at: parameters, kind, includingPenalty: penalty,
        settings: options.matrixFree)
    case .counts:
      try PointAnalysis.requireMemory(order: objective.dimension, matrices: 1)
      counts = try EigenvalueCounts(
        of: objective.curvatureMatrix(kind, at: parameters, includingPenalty: penalty),
        tolerances: [1e-6, 1e-4, 1e-3], using: &generator)
    case .exact:
      try takeAll(
        of: objective, at: parameters, penalty: penalty, byLayer: options.byLayer)
      guard let whole else { return }
      outliers = OutlierCount(
        largestGapIn: whole.eigenvalues, candidates: min(100, whole.order - 1), classes: classes)
      if options.fit {
        output.say("fitting laws to the bulk")
        let answer = try BulkAnswer(of: whole, using: &generator)
        (fit, whyNoFit) = (answer.fit, answer.whyNoFit)
      }
      if options.refine {
        try refine(objective, from: parameters, output: output, using: &generator)
      }
    }
  }

  private mutating func takeAll(
    of objective: some SampledObjective<Double>, at parameters: [Double], penalty: Bool,
    byLayer: Bool
  ) throws {
    if kind == .hessian && penalty {
      let analysis = try PointAnalysis(of: objective, at: parameters)
      self.analysis = analysis
      whole = analysis.spectrum
      guard byLayer else { return }
    }
    try PointAnalysis.requireMemory(order: objective.dimension, matrices: 2)
    let matrix = objective.curvatureMatrix(kind, at: parameters, includingPenalty: penalty)
    if byLayer {
      blocks = try BlockSpectrum.all(of: matrix, blocks: objective.parameterBlocks)
    }
    guard whole == nil else { return }
    let spectrum = try Spectrum(
      of: matrix, nullSpace: StructuralNullSpace(of: objective),
      shift: penalty && kind.seesPenalty ? objective.weightDecay : 0)
    whole = spectrum
    self.spectrum = spectrum.eigenvalues
  }

  private mutating func refine(
    _ objective: some SampledObjective<Double>, from parameters: [Double], output: OutputOptions,
    using generator: inout some RandomNumberGenerator
  ) throws {
    output.say("refining to a critical point")
    let refinement = try Refinement(
      of: objective, from: parameters, scale: whole?.radius,
      structuralZeros: objective.weightDecay == 0
        ? StructuralNullSpace(of: objective).dimension : 0,
      using: &generator)
    refined = refinement.point
    classification = refinement.classification
    refinedRounding = objective.rounding(at: refinement.point.point)
  }
}

extension SpectrumReport {
  /// For people, what `analysis` does not say.
  func print(test: Evaluation?) {
    func section(_ title: String, _ rows: [(name: String, value: String)]) {
      Swift.print("\n\(title)")
      printTable(rows)
    }
    if let matrixFree { printTable(matrixFree.table(test: test)) }
    if let counts { section("counts of the \(kind)", counts.table) }
    if analysis == nil, let whole { section("the \(kind)", whole.table) }
    if let outliers {
      section("outliers by the largest gap", [("count", outliers.summary)])
    }
    if let blocks {
      section("layer by layer", blocks.map { ($0.block.name, $0.summary) })
    }
    if let fit { section("the bulk", fit.table) }
    if let whyNoFit { section("the bulk", [("no fit", whyNoFit)]) }
    if let refined, let classification {
      section("refined", refined.table(refinedRounding) + classification.table)
    }
  }
}

extension EigenvalueCounts {
  fileprivate var table: [(name: String, value: String)] {
    [
      ("parameters", "\(order)"),
      ("max|λ|", "\(short(radius.value)), in [\(short(radius.lower)), \(short(radius.upper))]"),
    ]
      + counts.map { ("index, zeros, positive at ε = \(short($0.tolerance))", $0.summary) }
  }
}

extension BlockSpectrum {
  fileprivate var summary: String {
    let zeros = spectrum.degeneracy(at: ClaimLimits.strictZero)
    let doubt = spectrum.uncertain(
      about: ClaimLimits.strictZero * spectrum.radius, below: true, above: true)
    return "\(spectrum.order) parameters in \(short(spectrum.least)) … \(short(spectrum.greatest)) "
      + "± \(short(spectrum.errorBound)), \(zeros.zeros) ± \(doubt) zeros at ε = 1e-6, "
      + "\(percent(share)) of ‖H‖²"
  }
}

extension RefinedPoint {
  fileprivate func table(_ rounding: EvaluationRounding?) -> [(name: String, value: String)] {
    func bounded(_ value: Double, _ bound: Double?) -> String {
      short(value) + (bound.map { " ± \(short($0))" } ?? ", its rounding not bounded")
    }
    return [
      ("search", "\(ending), \(trajectory.count) steps"),
      ("loss", bounded(value, rounding?.loss)),
      ("gradient norm ‖∇L‖", bounded(gradientNorm, rounding?.gradientNorm)),
    ]
  }
}

extension CriticalPointClassification {
  fileprivate var table: [(name: String, value: String)] {
    var rows = [
      ("kind", "\(kind.rawValue), for |λ| ≤ \(short(zeroBound)) as zero"),
      (
        "eigenvalues below, within, above",
        "\(inertia.negative), \(inertia.zero) (\(structuralZeros) structural), "
          + "\(inertia.positive) by LDLᵀ"
      ),
    ]
    if let flatness {
      rows.append(("Frye's residual r", "\(short(flatness.residual)) of the gradient"))
    }
    if let curvature {
      rows.append(
        (
          "vᵀHv of the witness",
          "\(short(curvature.rayleighQuotient)) ± \(short(curvature.residual)), "
            + (curvature.isValid ? "valid" : "within its noise")
        ))
    }
    return rows
  }
}
