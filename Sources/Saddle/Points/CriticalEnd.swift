/// What is asked of the critical point that a descent from a run's end comes to.
public struct CriticalSettings: Codable, Hashable, Sendable {
  /// ‖∇L‖ to come to, and steps at most.
  public var tolerance: Double
  public var steps: Int
  /// How many eigenvalues are negative without the penalty.
  public var penaltyTrap: Bool
  /// How degenerate the Hessian is, as proofs.
  public var degeneracy: Bool
  /// What the top eigenvectors have to do with the classes.
  public var attribution: Bool
  /// What methods do that start there with one idle unit more.
  public var escape: EscapeSettings?

  public init(
    tolerance: Double = Descent.gradientTolerance, steps: Int = Descent.budget,
    penaltyTrap: Bool = false, degeneracy: Bool = false, attribution: Bool = false,
    escape: EscapeSettings? = nil
  ) {
    self.tolerance = tolerance
    self.steps = steps
    self.penaltyTrap = penaltyTrap
    self.degeneracy = degeneracy
    self.attribution = attribution
    self.escape = escape
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, or standard: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? standard
    }
    self.init(
      tolerance: try value(.tolerance, or: Descent.gradientTolerance),
      steps: try value(.steps, or: Descent.budget),
      penaltyTrap: try value(.penaltyTrap, or: false),
      degeneracy: try value(.degeneracy, or: false),
      attribution: try value(.attribution, or: false),
      escape: try container.decodeIfPresent(EscapeSettings.self, forKey: .escape))
  }
}

/// Where a descent from a point came to, with a certificate of it and what else was asked for.
public struct CriticalEnd: Codable, Equatable, Sendable {
  public let descent: Descent.Report
  public let certificate: CriticalPointCertificate
  /// ‖θ‖ at the end.
  public let lengthScale: Double
  public let penaltyTrap: PenaltyTrap?
  public let degeneracy: VerifiedDegeneracy?
  /// Structural zeros, and N·K, where degeneracy was asked for.
  public let structuralZeros, residuals: Int?
  /// What stands above the rounding and what lies below it.
  public let gap: RankGap?
  public let attribution: OutlierAttribution?
  public let escape: EscapeTrial?

  public var outcome: CriticalPointCertificate.Outcome {
    certificate.outcome(lengthScale: lengthScale)
  }

  /// - Parameters:
  ///   - θ: P parameters, where the descent begins.
  ///   - seed: of what is drawn; no proof depends on it.
  /// - Returns: the end in figures, and the point: where one is proved, the doubles nearest to the
  ///   critical point.
  /// - Throws: as `Descent`, `CriticalPointCertificate` and what else is asked for.
  static func reached(
    on objective: NetworkObjective<Double>, from θ: [Double], _ settings: CriticalSettings,
    seed: UInt64
  ) throws -> (end: CriticalEnd, point: [Double]) {
    let found = try Descent(
      of: objective, from: θ, tolerance: settings.tolerance, budget: settings.steps)
    let (certificate, point) = try CriticalPointCertificate.tried(
      of: objective, at: found.point, seed: seed)
    return (
      try CriticalEnd(
        of: objective, at: point, found.report,
        point == found.point
          ? certificate : CriticalPointCertificate(of: objective, at: point, seed: seed),
        settings, seed: seed), point
    )
  }

  /// The same at a point that a descent came to before.
  public init(
    of objective: NetworkObjective<Double>, at point: [Double], _ report: Descent.Report,
    _ settings: CriticalSettings, seed: UInt64
  ) throws {
    try self.init(
      of: objective, at: point, report,
      CriticalPointCertificate(of: objective, at: point, seed: seed), settings, seed: seed)
  }

  private init(
    of objective: NetworkObjective<Double>, at point: [Double], _ report: Descent.Report,
    _ certificate: CriticalPointCertificate, _ settings: CriticalSettings, seed: UInt64
  ) throws {
    descent = report
    lengthScale = point.norm
    self.certificate = certificate
    penaltyTrap =
      try settings.penaltyTrap ? PenaltyTrap(of: objective, at: point, certificate) : nil
    attribution =
      try settings.attribution ? OutlierAttribution(of: objective, at: point, seed: seed) : nil
    escape = try settings.escape.flatMap {
      try EscapeTrial(of: objective, at: point, $0, seed: seed)
    }
    guard settings.degeneracy else {
      (degeneracy, structuralZeros, residuals, gap) = (nil, nil, nil, nil)
      return
    }
    degeneracy = try VerifiedDegeneracy(of: objective, at: point)
    structuralZeros = objective.structuralNullSpace.dimension
    residuals = objective.samples * objective.network.outputs
    gap = RankGap(of: try Spectrum(eigenvalues: objective.hessian(at: point).eigenvalues()))
  }
}
