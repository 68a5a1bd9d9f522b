extension PointAnalysis {
  /// The analysis for people: a name and a value a row, the same on a terminal and on a page. Every
  /// figure stands with its error bound, its certificate, or what makes it exact.
  public func table(test: Evaluation? = nil) -> [(name: String, value: String)] {
    var rows = evaluation.table(test: test) + spectrum.table
    rows.append(
      (
        "eigenvalues below, within, above ±\(short(inertiaTolerance))·max|λ|",
        "\(inertia.negative), \(inertia.zero), \(inertia.positive) by LDLᵀ: "
          + (countsAgree ? "as the eigensolver" : "not as the eigensolver")
      ))
    return rows + (certificate?.table ?? [])
  }
}
