/// A number of eigenvalues as far as products with vectors tell it.
public struct EstimatedCount: Codable, Equatable, Sendable {
  /// nil where the Lanczos steps do not resolve it: then only `certain` is known.
  public let value: Int?
  /// From at least to at most, whatever the probes were, but for a probability of 1e-6.
  public let certain: ClosedRange<Int>
  /// From at least to at most with 95 %; nil where not resolved.
  public let likely: ClosedRange<Int>?

  public init(value: Int?, certain: ClosedRange<Int>, likely: ClosedRange<Int>?) {
    self.value = value
    self.certain = certain
    self.likely = likely
  }

  /// A count that is known.
  init(_ value: Int) { self.init(value: value, certain: value...value, likely: value...value) }

  public var isResolved: Bool { value != nil }
  /// Whether it is known and no estimate.
  public var isCertain: Bool { certain.count == 1 }
  /// The narrowest limits that are known: with 95 % where it is resolved, else certain ones.
  public var limits: ClosedRange<Int> { likely ?? certain }
}

/// How many eigenvalues are negative, about zero and positive at one tolerance, without eigenvalues
/// or factorizations: from the extremes, what is known beforehand, and random probes.
///
/// Where all three are resolved they add up to the order.
public struct EstimatedCounts: Codable, Equatable, Sendable {
  /// ε, relative to max|λ|.
  public let tolerance: Double
  /// ε·max|λ|, in the units of the matrix.
  public let threshold: Double
  /// n.
  public let order: Int
  /// Eigenvalues below −ε·max|λ|.
  public let index: EstimatedCount
  /// Eigenvalues within ±ε·max|λ|.
  public let zeros: EstimatedCount
  /// Eigenvalues above ε·max|λ|.
  public let positive: EstimatedCount

  /// A count as a share of all eigenvalues.
  public func share(_ count: Int) -> Double { Double(count) / Double(order) }

  /// The share of a count's limits.
  public func share(_ limits: ClosedRange<Int>) -> ClosedRange<Double> {
    share(limits.lowerBound)...share(limits.upperBound)
  }
}

/// A number of eigenvalues in one set before it is put together with the others.
struct CountParts {
  /// Of the deflated pairs, as far as residuals tell.
  var known: ClosedRange<Int>
  /// The share of the rest that the probes leave open, and its estimate.
  var share: ClosedRange<Double>
  var estimate: Double
  /// Of the rest, surely.
  var rest: ClosedRange<Int>
  /// Of all, surely.
  var certain: ClosedRange<Int>

  /// Beyond this share of all eigenvalues left open by the quadrature, whatever the number of
  /// probes, an estimate says nothing.
  static let resolvedShare = 0.1

  /// - Parameters:
  ///   - rest: how many eigenvalues are not among the pairs.
  ///   - freedom: as in `ProbeBounds`.
  func likely(of order: Int, rest: Int, freedom: Double, level: Double) -> ClosedRange<Int>? {
    if certain.count == 1 { return certain }
    let open = Double(rest) * (share.upperBound - share.lowerBound)
    guard open <= Self.resolvedShare * Double(order) else { return nil }
    let shares = ProbeBounds.interval(
      observed: share, range: 0...1, freedom: freedom, miss: (1 - level) / 2)
    // Shares of whole numbers: rounding may not cost one.
    let slack = 1e-9 * Double(rest)
    let low = Int((Double(rest) * shares.lowerBound - slack).rounded(.up))
    let high = Int((Double(rest) * shares.upperBound + slack).rounded(.down))
    func within(_ count: Int) -> Int {
      Swift.min(Swift.max(count, certain.lowerBound), certain.upperBound)
    }
    let first = within(known.lowerBound + Swift.max(low, self.rest.lowerBound))
    return first...Swift.max(first, within(known.upperBound + Swift.min(high, self.rest.upperBound)))
  }
}
