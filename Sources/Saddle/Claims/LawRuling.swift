extension BulkFitReport {
  /// Does Wigner's law hold for this spectrum's bulk?
  ///
  /// The rule's false-alarm rate is known: GOE spectra fail with probability 1/(draws + 1), 0.0005
  /// as long as nothing but chance parts them from the draws, and are undecided with 1 %.
  public var wigner: Ruling {
    let law = BulkLawFamily.semicircle
    return test(law)?.ruling
      ?? Ruling(
        verdict: .undecided, rule: law.rule(for: law.matrix(.orthogonal)),
        evidence: "the semicircle was not put to the test")
  }
}

extension LawTest {
  /// Does the law hold for the bulk? Wigner's as above; Marchenko and Pastur's by the fewer draws
  /// that its slower fit allows: of 199 draws none may lie as far, so that Wishart spectra fail with
  /// 0.5 %, and one spectrum alone is weak evidence, which those of five seeds are not.
  public var ruling: Ruling {
    var evidence =
      "n·W² = \(short(distance)) on n = \(bulk), p = \(short(pValue)) from \(draws) \(matrix) "
      + "matrices of order \(order)"
    if exceedsOutlierLimit {
      evidence += ", with too many eigenvalues beyond its edges to call them outliers"
    }
    if let better, let betterBy {
      evidence += "; \(better.rawValue) has the lesser AIC, by \(short(betterBy))"
    }
    let verdict: Verdict
    if bulk < BulkFitLimits.leastDecided {
      verdict = .undecided
      evidence += "; too few eigenvalues to tell"
    } else if pValue < law.failsBelow {
      verdict = .notReproduced
    } else if let tooRegular, tooRegular < law.failsBelow {
      verdict = .undecided
      evidence += "; closer to the law than a random matrix's spectrum is"
    } else {
      verdict = pValue >= BulkFitLimits.holdsAbove ? .reproduced : .undecided
    }
    return Ruling(verdict: verdict, rule: law.rule(for: matrix), evidence: evidence)
  }
}

extension BulkLawFamily {
  fileprivate var failsBelow: Double {
    self == .semicircle ? BulkFitLimits.failsBelow : BulkFitLimits.holdsAbove
  }

  fileprivate func rule(for matrix: String) -> String {
    let name =
      switch self {
      case .semicircle: "semicircle"
      case .marchenkoPastur: "Marchenko–Pastur law"
      case .freeConvolution: "free convolution"
      }
    return "holds if a \(matrix) matrix's spectrum lies as far from its fitted \(name) (Cramér–von "
      + "Mises) with probability p ≥ \(BulkFitLimits.holdsAbove); fails if p < \(failsBelow); "
      + "undecided between, on fewer than \(BulkFitLimits.leastDecided) eigenvalues, and where "
      + "the spectrum is closer to the law than \(matrix) spectra are (p < \(failsBelow))"
  }
}
