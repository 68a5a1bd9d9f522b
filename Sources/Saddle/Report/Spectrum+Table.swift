extension Spectrum {
  /// A whole spectrum's figures, each with its error bound.
  public var table: [(name: String, value: String)] {
    func value(_ value: Double, _ error: Double) -> String { "\(short(value)) ± \(short(error))" }
    let sum = eigenvalues.reduce(0) { $0 + $1.magnitude }
    let rank = stableRank(eigenvalues)
    // σ: an eigenvalue's error relative to max|λ|. Σ(|λ| + e)² and (max|λ| − e)² bound the rank.
    let σ = radius > 0 ? errorBound / radius : .infinity
    let squares = 2 * sum / radius * σ + Double(order) * σ * σ
    let rankError =
      errorBound == 0 ? 0 : σ < 1 ? (squares + rank * (2 * σ + σ * σ)) / ((1 - σ) * (1 - σ)) : .infinity
    var rows = [
      ("parameters", "\(order)"),
      ("least eigenvalue", value(least, errorBound)),
      ("greatest eigenvalue", value(greatest, errorBound)),
      ("trace", value(trace, Double(order) * errorBound)),
      (
        "squared Frobenius norm",
        value(
          squaredFrobeniusNorm, 2 * sum * errorBound + Double(order) * errorBound * errorBound)
      ),
      ("stable rank", value(rank, rankError)),
      ("structural zeros", "\(structuralZeros)"),
    ]
    let tolerances = [("1e-10", 1e-10), ("1e-6", 1e-6), ("1e-3", 1e-3)]
    for (name, tolerance) in tolerances {
      let zeros = degeneracy(at: tolerance)
      let doubt = uncertain(about: tolerance * radius, below: true, above: true)
      rows.append(
        (
          "degeneracy at ε = \(name)",
          "\(percent(zeros.fraction)): \(zeros.zeros) ± \(doubt) "
            + "(\(zeros.structural) structural, \(zeros.emergent) emergent)"
        ))
    }
    for (name, tolerance) in tolerances {
      let index = index(at: tolerance)
      let doubt = uncertain(about: tolerance * radius, below: true, above: false)
      rows.append(
        (
          "index at ε = \(name)",
          "\(percent(Double(index) / Double(order))): \(index) ± \(doubt)"
        ))
    }
    return rows
  }
}

extension OutlierCount {
  /// The count with the gap that it rests on.
  public var summary: String {
    var text = "\(count) stand apart"
    if let classes { text += "; there are \(classes) classes" }
    if let ratio {
      text +=
        count > 0
        ? "; the last of them is \(short(ratio)) times the next eigenvalue"
        : "; the largest gap is \(short(ratio)) times, from one eigenvalue to the next"
    }
    if let runnerUp {
      text +=
        "; the second largest such gap is \(short(runnerUp.ratio)) times, after the first "
        + "\(runnerUp.above)"
    }
    return text
  }
}
