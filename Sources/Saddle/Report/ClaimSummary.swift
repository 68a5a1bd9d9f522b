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
        } ?? "no figure is known"
      let statement =
        finding.plan.statement.hasSuffix(".")
        ? String(finding.plan.statement.dropLast()) : finding.plan.statement
      return "\(finding.plan.id) is \(finding.verdict.rawValue): “\(statement)”; \(figure); predicted "
        + "was: \(finding.plan.prediction)."
    }
  }

  /// What the paper says, how it was put to the test, and which of it holds.
  public var overview: [String] {
    func part(_ verdict: Verdict, _ words: String) -> String? {
      let some = findings.filter { $0.verdict == verdict }
      guard !some.isEmpty else { return nil }
      return "\(words) \(some.count == 1 ? "is" : "are") \(some.count) of \(findings.count): "
        + some.map { "\($0.plan.id), “\($0.plan.statement)”" }.joined(separator: "; ")
    }
    return [
      "The paper says that deep networks come to rest at saddle points of high degeneracy and not at "
        + "minima, methods that are made to escape saddles no less than others, and that Wigner's "
        + "semicircle law shows in the spectra.",
      "Its tables were not available to us, only its abstract: what that says was put to the test "
        + "where the gradient vanishes, each claim with a statistic, a margin and a prediction of "
        + "its protocol.",
    ]
      + [
        part(.reproduced, "Reproduced"), part(.notReproduced, "Not reproduced"),
        part(.undecided, "Undecided"),
      ].compactMap { $0 }
  }

  /// For the head of a page; nothing where there are none.
  var html: String {
    guard !findings.isEmpty else { return "" }
    let items = zip(findings, sentences).map { finding, sentence in
      "<li>\(HTMLPage.escaped(sentence)) <small>\(HTMLPage.escaped(finding.evidence)).</small></li>"
    }
    return """
      <h2>At critical points</h2>
      \(overview.map { "<p>\(HTMLPage.escaped($0))</p>" }.joined(separator: "\n"))
      <p>\(HTMLPage.escaped(JointRuling.rule)).</p>
      <ol>
      \(items.joined(separator: "\n"))
      </ol>
      """
  }
}
