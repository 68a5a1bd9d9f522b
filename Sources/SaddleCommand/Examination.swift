import Oracles
import Saddle

/// What the laws of derivatives say of a program, before anything is believed of it.
struct Examination: Encodable {
  struct Finding: Encodable {
    enum Verdict: String, Encodable { case passed, failed, undecided }

    let law: String
    let verdict: Verdict
    let finding: String
  }

  let findings: [Finding]
  /// How far products are from those with one symmetric matrix, relative to its norm.
  let productNoise: Double

  var isRefused: Bool { findings.contains { $0.verdict == .failed } }

  /// - Parameter objections: what the program itself has against figures of it.
  /// - Throws: what the program broke off with.
  init(_ subject: CurvatureSubject, at point: [Double], objections: [String]) throws {
    let own = objections.map {
      Finding(law: "the program itself objects to nothing", verdict: .failed, finding: $0)
    }
    findings =
      try own
      + CurvatureOracle.outcomes(for: subject, at: point).compactMap {
        (oracle, outcome) in
        switch outcome {
        case .passed(let text): Finding(law: oracle.name, verdict: .passed, finding: text)
        case .failed(let why): Finding(law: oracle.name, verdict: .failed, finding: why.detail)
        case .undecided(let why): Finding(law: oracle.name, verdict: .undecided, finding: why)
        case .notAsked: nil
        }
      }
    productNoise = try CurvatureOracle.productNoise(of: subject, at: point)
  }

  /// For people.
  func table() -> [(name: String, value: String)] {
    findings.map { ($0.law, "\($0.verdict.rawValue): \($0.finding)") }
      + [("rounding of products", "\(short(productNoise)) of the matrix's norm, as measured")]
  }
}

extension JUnitReport.Case {
  init(_ finding: Examination.Finding) {
    let outcome: JUnitReport.Outcome =
      switch finding.verdict {
      case .passed: .passed
      case .failed: .failed(type: "CurvatureOracle", finding.finding)
      case .undecided: .skipped("undecided: \(finding.finding)")
      }
    self.init(name: finding.law, outcome: outcome)
  }
}

/// A program's answers contradict each other, or it objects itself.
struct ProgramRefused: Error, CustomStringConvertible {
  let laws: [String]

  var description: String {
    "the program is not what figures can be taken of: "
      + laws.map { "not true: \($0)" }.joined(separator: "; ")
  }
}
