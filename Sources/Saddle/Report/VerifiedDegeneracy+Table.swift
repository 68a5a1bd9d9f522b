extension VerifiedDegeneracy {
  /// What is proved of the Hessian's zeros, for people.
  public var table: [(name: String, value: String)] {
    func words(_ count: ClosedRange<Int>) -> String {
      count.count == 1 ? "\(count.lowerBound), exactly" : "\(count.lowerBound) to \(count.upperBound)"
    }
    return [
      ("zero eigenvalues", words(zeros) + " of \(order)"),
      ("‖R‖, curvature by the residuals", "at most \(short(residualCurvature))"),
      ("eigenvalues within ±‖R‖", words(small) + ", at least \(smallByTheorem) by theorem"),
    ]
  }
}
