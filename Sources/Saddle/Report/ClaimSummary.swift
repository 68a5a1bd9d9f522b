/// What the runs say of the claims that have protocols, a sentence each: the verdict, the interval it
/// rests on, and what was predicted.
public struct ClaimSummary: Sendable {
  public let findings: [ClaimFinding]

  public init(_ findings: [ClaimFinding]) { self.findings = findings }

  /// "C7 is reproduced: The rank … The figure is 1 (0.964 … 1), to lie above 0.9; predicted was: 1."
  public var sentences: [String] {
    findings.map { finding in
      let figure =
        finding.estimate.map {
          "the figure is \(short($0.value)) (\(short($0.lower)) … \(short($0.upper))), to lie "
            + "\(finding.plan.region)"
        } ?? "no run bears on it"
      let statement = finding.plan.statement.hasSuffix(".")
        ? String(finding.plan.statement.dropLast()) : finding.plan.statement
      return "\(finding.plan.id) is \(finding.verdict.rawValue): “\(statement)”; \(figure); predicted "
        + "was: \(finding.plan.prediction)."
    }
  }

  /// For the head of a page; nothing where there are none.
  var html: String {
    guard !findings.isEmpty else { return "" }
    let items = zip(findings, sentences).map { finding, sentence in
      "<li>\(HTMLPage.escaped(sentence)) <small>\(HTMLPage.escaped(finding.evidence)).</small></li>"
    }
    return """
      <h2>At critical points</h2>
      <p>Protocols, margins and predictions were committed before the runs. \
      \(HTMLPage.escaped(JointRuling.rule)).</p>
      <ol>
      \(items.joined(separator: "\n"))
      </ol>
      """
  }
}
