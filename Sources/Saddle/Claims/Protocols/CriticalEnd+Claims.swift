// The figures of a critical point that claims are decided by, and their words.

extension CriticalEnd {
  /// Whether the critical point is proved to be another than a nondegenerate minimum; nil where nothing
  /// is proved.
  var isNoMinimum: Bool? { certificate.kind.map { $0 != .minimum } }

  /// Nullity/P less (1 − N·K/P), at an interpolating minimum: the residuals vanish there, and what is
  /// within ±‖R‖, at least by theorem and at most by factorizations, is zero where they do. nil
  /// elsewhere.
  var excessNullity: ClosedRange<Double>? {
    guard descent.ending == .converged, let degeneracy, let residuals,
      degeneracy.residualCurvature <= Self.interpolation
    else { return nil }
    let (order, known) = (Double(degeneracy.order), degeneracy.order - residuals)
    let least = Double(degeneracy.small.lowerBound - known) / order
    let most = Double(degeneracy.small.upperBound - known) / order
    return least...most
  }

  /// (Zeros − structural zeros)/P, counted from above; nil where the descent did not come to rest.
  var emergentNullity: Double? {
    guard descent.ending == .converged, let degeneracy, let structuralZeros else { return nil }
    return Double(max(0, degeneracy.zeros.upperBound - structuralZeros)) / Double(degeneracy.order)
  }

  /// The share of eigenvalues that are negative without the penalty, at least, at a proved minimum.
  var trappedShare: Double? {
    guard certificate.kind == .minimum, let penaltyTrap else { return nil }
    return Double(penaltyTrap.without.lowerBound) / Double(penaltyTrap.order)
  }

  /// ‖R‖ up to which residuals count as vanished: some ten thousand roundings of a Hessian of norm 1.
  static let interpolation = 1e-10

  /// "58 nondegenerate minima, 2 open; …".
  static func inWords(_ ends: [CriticalEnd]) -> String {
    guard !ends.isEmpty else { return "no descent" }
    func count(_ words: String, _ holds: (CriticalEnd) -> Bool) -> String? {
      let count = ends.count(where: holds)
      return count > 0 ? "\(count) \(words)" : nil
    }
    let kinds = [
      count("proved nondegenerate minima") { $0.certificate.kind == .minimum },
      count("proved saddles") { $0.certificate.kind == .strictSaddle },
      count("proved maxima") { $0.certificate.kind == .maximum },
      count("open") { $0.certificate.kind == nil },
    ].compactMap { $0 }.joined(separator: ", ")
    let moved = ends.compactMap(\.descent.relativeDisplacement)
    return kinds + "; ‖∇L‖ " + range(ends.map(\.descent.gradientNorm)) + ", from the end of training "
      + "‖Δθ‖/‖θ‖ \(range(moved)), loss \(range(ends.map(\.descent.startingLoss))) → "
      + "\(range(ends.map(\.descent.loss))); least |λ| at least "
      + "\(range(ends.compactMap(\.certificate.separation))), h "
      + range(ends.compactMap(\.certificate.bound?.criterion))
  }

  /// "nullity 0.61 … 0.63 of P, …".
  static func degeneracyInWords(_ ends: [CriticalEnd]) -> String {
    let found = ends.filter { $0.degeneracy != nil }
    func shares(_ count: (CriticalEnd) -> Int?) -> String {
      range(found.compactMap { end in count(end).map { Double($0) / Double(end.certificate.order) } })
    }
    return "N·K/P \(shares(\.residuals)), nullity at least "
      + "\(shares { $0.degeneracy?.small.lowerBound }) and at most "
      + "\(shares { $0.degeneracy?.small.upperBound }) of P, structural "
      + "\(shares(\.structuralZeros)); gap at the rounding "
      + "\(range(found.compactMap(\.gap?.ratio))); loss \(range(found.map(\.descent.loss))), ‖∇L‖ "
      + "\(range(found.map(\.descent.gradientNorm))); "
      + "\(found.count { $0.descent.ending == .converged }) of \(found.count) descents came to rest"
  }
}

extension LossTrajectory {
  /// "loss 2.31 → 1e-10; index at 1e-6 …".
  static func inWords(_ trajectories: [LossTrajectory]) -> String {
    let (first, last) = (trajectories.compactMap(\.stages.first), trajectories.compactMap(\.stages.last))
    func index(_ stages: [Stage]) -> String {
      range(
        stages.compactMap { stage in
          tolerances.firstIndex(of: PointLimits.strictZero).map { Double(stage.index[$0]) }
        })
    }
    func ratio(_ stages: [Stage]) -> String { range(stages.map { -$0.least / $0.greatest }) }
    return "loss \(range(first.map(\.loss))) → \(range(last.map(\.loss))), index at 1e-6 "
      + "\(index(first)) → \(index(last)) of \(range(trajectories.map { Double($0.order) })), "
      + "−λmin/λmax \(ratio(first)) → \(ratio(last)), ‖θ‖ \(range(first.map(\.length))) → "
      + range(last.map(\.length))
  }
}
