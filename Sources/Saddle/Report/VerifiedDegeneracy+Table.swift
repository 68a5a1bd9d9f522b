extension VerifiedDegeneracy {
  /// What is proved of the Hessian's zeros, for people.
  public var table: [(name: String, value: String)] {
    [("zero eigenvalues", words(zeros) + " of \(order)")]
      + (structure?.table ?? []) + [
        ("‖R‖, curvature by the residuals", "at most \(short(residualCurvature))"),
        ("eigenvalues within ±‖R‖", words(small) + ", at least \(smallByTheorem) by theorem"),
      ]
  }
}

extension StructuralNullity {
  fileprivate var table: [(name: String, value: String)] {
    let exactly = exact > 0 ? ["\(exact) by inputs and softmax, exactly"] : []
    let others = [
      (dependentInputs, "dependences of the inputs"), (duplicatedUnits, "duplicated units"),
    ].filter { $0.0.count > 0 }.map { "\($0.0.count) by \($0.1), within ±\(short($0.0.within))" }
    let parts = exactly + others
    var table = [("zeros by theorem", parts.isEmpty ? "none" : parts.joined(separator: "; "))]
    if let nearZero { table.append(("eigenvalues within ±\(short(all.within))", words(nearZero))) }
    return table
  }
}

private func words(_ count: ClosedRange<Int>) -> String {
  count.count == 1 ? "\(count.lowerBound), exactly" : "\(count.lowerBound) to \(count.upperBound)"
}
