/// A law and the eigenvalues it was fitted to, found in turns.
struct Separation: Sendable {
  /// Which of the ascending eigenvalues are the bulk's.
  let bulk: Range<Int>
  let fit: MinimumDistanceFit
  /// Whether the rule called for more outliers than `BulkFitLimits.outlierShare`, so that none was
  /// taken out.
  let exceedsLimit: Bool

  /// - Parameters:
  ///   - sorted: the eigenvalues without zeros, ascending, their quartiles apart.
  ///   - start: where to start the fit from; nil for all starts.
  init(
    _ family: BulkLawFamily, of sorted: [Double], rule: OutlierRule,
    from start: BulkLawParameters? = nil
  ) {
    func fit(_ bulk: Range<Int>, _ start: BulkLawParameters?) -> MinimumDistanceFit {
      start.map { MinimumDistanceFit(from: $0, to: sorted[bulk]) }
        ?? MinimumDistanceFit(family, to: sorted[bulk])
    }
    let all = 0..<sorted.count
    if case .known(let below, let above) = rule {
      bulk = below..<sorted.count - above
      self.fit = fit(bulk, start)
      exceedsLimit = false
      return
    }
    let limit = Int(BulkFitLimits.outlierShare * Double(sorted.count))
    let first = fit(all, start)
    var (bulk, current) = (all, first)
    // Sets may alternate; a fixed number of turns ends that.
    for _ in 0..<20 {
      let inside = Self.inside(current.parameters.law, sorted, bulk.count)
      if inside == bulk { break }
      guard sorted.count - inside.count <= limit else {
        self.bulk = all
        self.fit = first
        exceedsLimit = true
        return
      }
      bulk = inside
      current = fit(bulk, current.parameters)
    }
    self.bulk = bulk
    self.fit = current
    exceedsLimit = false
  }

  /// The eigenvalues within the law's edges and their allowance.
  private static func inside(_ law: BulkLaw, _ sorted: [Double], _ count: Int) -> Range<Int> {
    let share = 1 / Double(count)
    let support = law.support
    let least = (support.upperBound - support.lowerBound) * share
    let low =
      support.lowerBound
      - BulkFitLimits.edgeAllowance * max(law.quantile(share) - support.lowerBound, least)
    let high =
      support.upperBound
      + BulkFitLimits.edgeAllowance * max(support.upperBound - law.upperQuantile(share), least)
    let first = sorted.firstIndex { $0 >= low } ?? sorted.count
    let last = sorted.lastIndex { $0 <= high } ?? -1
    return first..<max(first, last + 1)
  }
}
