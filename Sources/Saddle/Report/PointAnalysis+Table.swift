extension PointAnalysis {
  /// The analysis for people: a name and a value a row, the same on a terminal and on a page. Every
  /// figure stands with its error bound, its certificate, or what makes it exact.
  public func table(test: Evaluation? = nil) -> [(name: String, value: String)] {
    var rows = evaluation.table(test: test) + spectrum.table
    rows.append(
      (
        "index, zeros, positive at ε = \(short(secondCount.tolerance)) by LDLᵀ",
        secondCount.summary + (countsAgree ? ": as the eigensolver" : ": not as the eigensolver")
      ))
    return rows + (certificate?.table ?? [])
  }
}

extension ToleranceCount {
  /// The three counts, as intervals where rounding leaves a doubt, with what they rest on.
  public var summary: String {
    func text(_ range: ClosedRange<Int>) -> String {
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) … \(range.upperBound)"
    }
    return "\(text(index)), \(text(zeros)), \(text(positive)), "
      + "eigenvalues to ± \(short(errorBound)), in doubt with \(short(doubt))"
  }
}
