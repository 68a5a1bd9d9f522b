/// How a claim is decided: everything that a verdict depends on besides the runs, fixed and committed
/// before they are made.
public struct ClaimProtocol: Codable, Equatable, Sendable {
  /// A short name that stays: "C1".
  public let id: String
  public let statement: String
  /// Who claims it.
  public let source: String
  /// The groups of the grid whose runs decide it; none where it is decided by no run of the grid.
  public let groups: [String]
  /// A store of earlier runs that decides it in their place, from the project's folder on.
  public let store: String?
  public let statistic: ClaimStatistic
  /// Where the statistic must lie for the claim to be reproduced: the margin.
  public let region: ClaimRegion
  /// What is expected to come out, written down so that it can be wrong.
  public let prediction: String
  /// What the runs that decide it are expected to take.
  public let cost: String

  public init(
    id: String, statement: String, source: String, groups: [String] = [], store: String? = nil,
    statistic: ClaimStatistic, region: ClaimRegion, prediction: String, cost: String
  ) {
    self.id = id
    self.statement = statement
    self.source = source
    self.groups = groups
    self.store = store
    self.statistic = statistic
    self.region = region
    self.prediction = prediction
    self.cost = cost
  }
}

/// The figure of a run, or of several, that a claim is about.
public enum ClaimStatistic: String, Codable, CaseIterable, Sendable {
  /// The share of runs whose descent ends at no nondegenerate minimum, of those where the certificate
  /// says which.
  case saddleShare
  /// Nullity/P less (1 − N·K/P), of squared error.
  case excessNullity
  /// (Nullity − structural zeros)/P.
  case emergentNullity
  /// d log index / d log loss along one trajectory.
  case indexSlope
  /// The mean ratio of consecutive spacings between independent levels (0) and a GOE matrix's (1) on
  /// the same density.
  case levelRepulsion
  /// The share of eigenvalues that are negative without the penalty's part, where none is with it.
  case trappedShare
  /// The share of starts on a certified saddle that a method leaves, its mechanism having acted, and
  /// plain descent does not.
  case escapeShare
  /// The share of random deep linear networks whose Hessian has the rank of the closed form.
  case linearRank
  /// d log λmax / d log batch, at the loss that runs with all batches come to.
  case sharpnessSlope
  /// The share of spectra whose bulk lies no further from the free convolution of a semicircle and
  /// Marchenko and Pastur's law than those of random matrices that have it.
  case freeConvolutionShare
  /// The share of the top eigenspace in the span of the class means, less that for permuted labels.
  case attribution
}

/// An interval of a statistic's values, open to either side where no end is given.
public struct ClaimRegion: Codable, Equatable, Sendable {
  public let from, to: Double?

  public init(from: Double? = nil, to: Double? = nil) {
    self.from = from
    self.to = to
  }

  private var low: Double { from ?? -.infinity }
  private var high: Double { to ?? .infinity }

  public func contains(_ interval: ClosedRange<Double>) -> Bool {
    interval.lowerBound > low && interval.upperBound < high
  }

  public func excludes(_ interval: ClosedRange<Double>) -> Bool {
    interval.upperBound < low || interval.lowerBound > high
  }

  /// How far a value lies inside, beyond the nearest end; negative outside.
  public func depth(of value: Double) -> Double { min(value - low, high - value) }
}

extension ClaimRegion: CustomStringConvertible {
  /// "above 0.5", "-0.05 … 0.05".
  public var description: String {
    switch (from, to) {
    case (let from?, let to?): "\(short(from)) … \(short(to))"
    case (let from?, nil): "above \(short(from))"
    case (nil, let to?): "below \(short(to))"
    case (nil, nil): "anywhere"
    }
  }
}
