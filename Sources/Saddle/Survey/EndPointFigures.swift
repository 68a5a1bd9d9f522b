extension EndPoint {
  func share(_ tolerance: Double) -> EpochSpectrum.Share? {
    spectrum?.shares.first { $0.tolerance == tolerance }
  }

  /// Eigenvalues about zero besides the structural ones, of those that are not structural.
  public func emergentShare(at tolerance: Double) -> Double? {
    guard let share = share(tolerance), let structuralZeros, parameters > structuralZeros
    else { return nil }
    let zeros = share.degeneracy.value * Double(parameters) - Double(structuralZeros)
    return max(zeros, 0) / Double(parameters - structuralZeros)
  }

  /// As `Claim`'s rule at one point.
  var degeneracyVerdict: Verdict {
    guard let strict = emergentShare(at: ClaimLimits.strictZero),
      let loose = emergentShare(at: ClaimLimits.looseZero)
    else { return .undecided }
    return Claim.degeneracyVerdict(strict: strict, loose: loose)
  }

  var curvatureVerdict: Verdict {
    guard let isCertified, let index = share(ClaimLimits.strictZero)?.index.value else {
      return .undecided
    }
    return isCertified ? .reproduced : index == 0 ? .notReproduced : .undecided
  }

  var lossVerdict: Verdict {
    training.loss / startingLoss <= ClaimLimits.lowLoss ? .reproduced : .notReproduced
  }
}

extension RefinedEnd {
  /// Whether negative curvature is left at the critical point.
  var verdict: Verdict {
    guard gradientNorm <= ClaimLimits.criticalGradientNorm else { return .undecided }
    return index > 0 ? .reproduced : .notReproduced
  }
}

/// "0.12 … 0.31" of figures, or one where they are the same in three digits.
func range(_ values: [Double], _ format: (Double) -> String = short) -> String {
  guard let low = values.min(), let high = values.max() else { return "none" }
  let (one, other) = (format(low), format(high))
  return one == other ? one : "\(one) … \(other)"
}
