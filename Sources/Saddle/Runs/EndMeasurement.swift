/// What is measured at the point where a run ends.
public struct EndMeasurement: Codable, Hashable, Sendable {
  public enum Method: String, Codable, CaseIterable, Sendable {
    /// All eigenvalues, with a certificate of negative curvature.
    case exact
    /// Extremes with bounds and shares with 95 % limits, from Hessian-vector products.
    case matrixFree
    /// Losses only.
    case none
  }

  public var spectrum: Method
  /// Whether the point is also refined to a critical point, and that classified (exact only).
  public var refine: Bool
  /// Whether the semicircle and Marchenko–Pastur are fitted to the bulk (exact only).
  public var fit: Bool
  /// Whether the Gauss–Newton matrix's spectrum is compared with the Hessian's (exact only).
  public var gaussNewton: Bool
  /// Takes extremes, index and degeneracy every so many epochs too, and with `fit` the semicircle's
  /// verdict.
  public var spectrumEvery: Int?
  /// Also descends to a critical point, certifies it and measures that.
  public var critical: CriticalSettings?
  /// Also follows the loss down from the run's end.
  public var trajectory: TrajectorySettings?

  public init(
    spectrum: Method = .exact, refine: Bool = false, fit: Bool = false,
    gaussNewton: Bool = false, spectrumEvery: Int? = nil, critical: CriticalSettings? = nil,
    trajectory: TrajectorySettings? = nil
  ) {
    self.spectrum = spectrum
    self.refine = refine
    self.fit = fit
    self.gaussNewton = gaussNewton
    self.spectrumEvery = spectrumEvery
    self.critical = critical
    self.trajectory = trajectory
  }

  private enum CodingKeys: CodingKey {
    case spectrum, refine, fit, gaussNewton, spectrumEvery, critical, trajectory
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      spectrum: try container.decodeIfPresent(Method.self, forKey: .spectrum) ?? .exact,
      refine: try container.decodeIfPresent(Bool.self, forKey: .refine) ?? false,
      fit: try container.decodeIfPresent(Bool.self, forKey: .fit) ?? false,
      gaussNewton: try container.decodeIfPresent(Bool.self, forKey: .gaussNewton) ?? false,
      spectrumEvery: try container.decodeIfPresent(Int.self, forKey: .spectrumEvery),
      critical: try container.decodeIfPresent(CriticalSettings.self, forKey: .critical),
      trajectory: try container.decodeIfPresent(TrajectorySettings.self, forKey: .trajectory))
  }
}

extension EndMeasurement {
  /// Whether anything is measured that a pack keeps.
  public var takesMoreThanLosses: Bool {
    spectrum != .none || critical != nil || trajectory != nil
  }

  /// What a grid takes of the end of a run.
  public var point: PointSettings {
    var settings = PointSettings()
    switch spectrum {
    case .exact: settings.method = .exact
    case .matrixFree:
      settings = .along(order: .max, fit: false)
    case .none: settings.method = .none
    }
    settings.fit = fit
    settings.gaussNewton = gaussNewton
    settings.refine = refine
    return settings
  }
}
