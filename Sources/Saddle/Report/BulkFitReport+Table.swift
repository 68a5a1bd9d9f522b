extension BulkFitReport {
  /// The fits for people: a name and a value a row, the same on a terminal and on a page.
  public var table: [(name: String, value: String)] {
    var rows = [
      (
        "zeros taken out",
        "\(zeros) of \(order) at ε = \(short(zeroTolerance)) (\(structuralZeros) structural)"
      )
    ]
    for fit in fits {
      rows.append((fit.law.family.rawValue, fit.law.summary))
      rows.append(
        (
          "  bulk, outliers below and above",
          "\(fit.bulk), \(fit.outliersBelow), \(fit.outliersAbove)"
            + (fit.exceedsOutlierLimit ? " (too many lie outside to be outliers)" : "")
            + (fit.isConverged ? "" : " (the fit did not converge)")
        ))
      rows.append(
        (
          "  Kolmogorov–Smirnov D, Cramér–von Mises W²",
          "\(short(fit.kolmogorovSmirnov)), \(short(fit.cramerVonMises))"
        ))
      if let test = fit.bootstrap {
        rows.append(
          (
            "  p of D and of W², \(test.draws) random matrices",
            "\(short(test.kolmogorovSmirnov)), \(short(test.cramerVonMises))"
          ))
      }
      rows.append(
        (
          "  AIC, as if independent",
          short(fit.akaike - (best?.akaike ?? fit.akaike)) + " above the best"
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
      "ratio \(short(law.ratio)), scale \(short(law.scale)), shift \(short(law.shift)), \(range)"
    case .freeConvolution(let law):
      "mean \(short(law.mean)), variances \(short(law.semicircleVariance)) (semicircle) and "
        + "\(short(law.marchenkoPasturVariance)) (Marchenko–Pastur), "
        + "skew length \(short(law.skewLength)), \(range)"
    }
  }
}
