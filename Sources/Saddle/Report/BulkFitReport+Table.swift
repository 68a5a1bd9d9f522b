extension BulkFitReport {
  /// The fits for people: a name and a value a row, the same on a terminal and on a page.
  public var table: [(name: String, value: String)] {
    var rows = [
      (
        "zeros taken out",
        "\(zeros) of \(order), those with |λ| ≤ \(short(zeroTolerance))·max|λ| (\(structuralZeros) structural)"
      )
    ]
    for fit in fits {
      rows.append((fit.law.family.rawValue, fit.law.summary))
      rows.append(
        (
          "  fitted to",
          "\(fit.bulk) eigenvalues; outliers: \(fit.outliersBelow) below, \(fit.outliersAbove) above"
            + (fit.exceedsOutlierLimit ? " (too many lie outside to be outliers)" : "")
            + (fit.isConverged
              ? "" : "; the fit did not converge: a better one may exist, and the figures below are of this")
        ))
      rows.append(
        (
          "  distances",
          "Kolmogorov–Smirnov D = \(short(fit.kolmogorovSmirnov)), Cramér–von Mises W² = "
            + short(fit.cramerVonMises)
        ))
      if let test = fit.bootstrap {
        rows.append(
          (
            "  p-values",
            "\(short(test.kolmogorovSmirnov)) of D, \(short(test.cramerVonMises)) of W²: the share of "
              + "\(test.draws) random matrices of this law that fit it worse"
          ))
      }
      let behind = fit.akaike - (best?.akaike ?? fit.akaike)
      rows.append(
        (
          "  AIC",
          behind == 0
            ? "the least of these laws" : "\(short(behind)) above the least (eigenvalues as if independent)"
        ))
    }
    let answer = wigner
    rows.append(("Wigner's semicircle law", "\(answer.verdict.ofLaw): \(answer.evidence)"))
    return rows
  }
}

extension BulkLaw {
  /// The law's parameters in words.
  public var summary: String {
    let range = "on [\(short(support.lowerBound)), \(short(support.upperBound))]"
    return switch self {
    case .semicircle(let law): "center \(short(law.center)), radius \(short(law.radius)), \(range)"
    case .marchenkoPastur(let law):
      isSemicircular
        ? "no different from a semicircle, its limit at ratio 0 (\(short(law.ratio))), \(range)"
        : "ratio \(short(law.ratio)), scale \(short(law.scale)), shift \(short(law.shift)), \(range)"
    case .freeConvolution(let law):
      "mean \(short(law.mean)), "
        + (isSemicircular
          ? "no different from a semicircle: skewness \(short(skewness)), \(range)"
          : "variances \(short(law.semicircleVariance)) (semicircle) and "
            + "\(short(law.marchenkoPasturVariance)) (Marchenko–Pastur), skewness \(short(skewness)), \(range)")
    }
  }

  /// Within what no spectrum tells from a semicircle: the excess is the skewness's square.
  private var isSemicircular: Bool { skewness.magnitude < 0.01 }

  /// The third central moment over the variance to the power of 3/2.
  private var skewness: Double {
    switch self {
    case .semicircle: return 0
    case .marchenkoPastur(let law): return law.scale < 0 ? -law.ratio.squareRoot() : law.ratio.squareRoot()
    case .freeConvolution(let law):
      let variance = law.semicircleVariance + law.marchenkoPasturVariance
      return law.marchenkoPasturVariance * law.skewLength / (variance * variance.squareRoot())
    }
  }
}
