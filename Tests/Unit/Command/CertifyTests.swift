import Foundation
import Saddle
import Support
import Testing

@Suite struct CertifyTests {
  /// What the tests read of `certify --json`.
  private struct Output: Decodable {
    let verdict: String
    let certificate: CriticalPointCertificate
    let descent: Descent.Report?
    let point: [Double]
  }

  /// A strongly penalized network, so that descents are short.
  private func withRun(_ body: (String) throws -> Void, _ more: String...) throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      let result = try SaddleProcess.run(
        arguments: [
          "train", "--dataset", "synthetic", "--first", "30", "--pool", "7", "--hidden", "2",
          "--activation", "tanh", "--weight-decay", "0.3", "--epochs", "1", "--quiet", "--out", run,
        ] + more)
      #expect(result.status == 0, "\(result.errors)")
      try body(run)
    }
  }

  @Test func `the end of training is open or refuted, and the end of its descent proved`() throws {
    try withRun { run in
      let before = try Data(contentsOf: RunFolder(run).parametersURL)
      let raw = try SaddleProcess.run("certify", run, "--json", "--quiet")
      let end = try JSONDecoder().decode(Output.self, from: Data(raw.output.utf8))
      #expect(!end.certificate.isProved && end.descent == nil)
      #expect(raw.status == (end.verdict == "refuted" ? 1 : 2), "\(raw.status), \(raw.errors)")

      let result = try SaddleProcess.run("certify", run, "--descend", "--json", "--quiet")
      #expect(result.status == 0, "\(result.output) \(result.errors)")
      let proved = try JSONDecoder().decode(Output.self, from: Data(result.output.utf8))
      #expect(proved.verdict == "proved" && proved.certificate.isProved)
      let report = try #require(proved.descent)
      #expect(report.ending == .converged && report.gradientNorm <= 1e-12)
      #expect(report.loss < report.startingLoss && report.relativeDisplacement ?? 0 > 0)
      let error = try #require(proved.certificate.gradientError)
      #expect((proved.certificate.gradientNorm - report.gradientNorm).magnitude <= 2 * error + 1e-14)

      // The library says the same of the same point, and the folder is as it was.
      let (description, parameters, _) = try RunFolder(run).trained()
      let objective = try description.experiment.prepared(from: DataFolder()).objective(Double.self)
      #expect(try CriticalPointCertificate(of: objective, at: proved.point) == proved.certificate)
      #expect(try CriticalPointCertificate(of: objective, at: parameters) == end.certificate)
      #expect(try Data(contentsOf: RunFolder(run).parametersURL) == before)
    }
  }

  @Test func `its table says what is proved, and what is missing`() throws {
    try withRun { run in
      let open = try SaddleProcess.run("certify", run, "--quiet")
      #expect(open.output.contains("not proved: "), "\(open.output)")
      let proved = try SaddleProcess.run("certify", run, "--descend", "--quiet")
      #expect(proved.output.contains("proved: a nondegenerate"), "\(proved.output)")
      #expect(proved.output.contains("descent of the loss") && proved.output.contains("‖Δθ‖"))
    }
  }

  @Test func `bad options end with 64, and a run that is not there with 66`() throws {
    #expect(try SaddleProcess.run("certify", "nowhere", "--tolerance", "0").status == 64)
    #expect(try SaddleProcess.run("certify", "nowhere", "--steps", "-1").status == 64)
    #expect(try SaddleProcess.run("certify", "nowhere").status == 66)
    let help = try SaddleProcess.run("certify", "--help")
    #expect(help.status == 0 && help.output.contains("1 refuted"))
    #expect(try SaddleProcess.run("--help").output.contains("`certify`"))
  }

  @Test func `ReLU is open`() throws {
    try withRun(
      { run in
        let result = try SaddleProcess.run("certify", run, "--quiet")
        #expect(result.status == 2 && result.output.contains("no Lipschitz constant"), "\(result.output)")
      }, "--activation", "relu")
  }
}
