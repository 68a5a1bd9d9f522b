import Foundation
import Saddle
import Support
import Testing

@Suite struct CommandTests {
  /// What the tests read of `spectrum --json`.
  private struct Output: Decodable {
    let eigenvalues: [Double]
    let certificateIsValid: Bool
  }

  @Test(arguments: [[], ["reproduce"], ["train"], ["spectrum"], ["data"], ["pin"]])
  func `every command explains itself`(command: [String]) throws {
    let process = try SaddleProcess(command + ["--help"])
    try process.start()
    let result = try process.wait()
    #expect(result.status == 0)
    #expect(result.output.contains("USAGE: saddle"))
  }

  @Test func `wrong usage ends with 64`() throws {
    #expect(try SaddleProcess.run("train", "--nonsense").status == 64)
    #expect(try SaddleProcess.run("train").status == 64)
    #expect(
      try SaddleProcess.run("train", "--hidden", "8,x", "--out", "nowhere").status == 64)
    let rate = try SaddleProcess.run(
      "train", "--dataset", "synthetic", "--learning-rate", "0", "--out", "nowhere")
    #expect(rate.status == 64)
    #expect(rate.errors.contains("learning rate = 0.0: it must be positive"))
  }

  @Test func `data that is not there ends with 66 and the command that gets it`() throws {
    try withTemporaryFolder { folder in
      let result = try SaddleProcess.run(
        "train", "--dataset", "mnist", "--data", folder.path, "--out", folder.path + "/run")
      #expect(result.status == 66)
      #expect(result.errors.contains("saddle data fetch mnist"))
      #expect(result.output.isEmpty)
    }
  }

  @Test func `a run that is not there ends with 66`() throws {
    try withTemporaryFolder { folder in
      let result = try SaddleProcess.run("spectrum", folder.path + "/none")
      #expect(result.status == 66)
      #expect(result.errors.contains("experiment.json"))
    }
  }

  @Test func `training that diverges ends with 70`() throws {
    try withTemporaryFolder { folder in
      let result = try SaddleProcess.run(
        "train", "--dataset", "synthetic", "--first", "40", "--pool", "4", "--hidden", "3",
        "--activation", "identity", "--loss", "meanSquaredError", "--learning-rate", "1e6",
        "--epochs", "40", "--out", folder.path + "/run")
      #expect(result.status == 70)
      #expect(result.errors.contains("diverged in epoch"))
    }
  }

  @Test func `train and spectrum agree with the library, and a second train asks`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      let arguments = [
        "train", "--dataset", "synthetic", "--first", "60", "--pool", "4", "--hidden", "4,3",
        "--activation", "softplus", "--epochs", "3", "--batch", "16", "--quiet", "--out", run,
      ]
      let first = try SaddleProcess(arguments)
      try first.start()
      #expect(try first.wait().status == 0)

      let again = try SaddleProcess(arguments)
      try again.start()
      let refused = try again.wait()
      #expect(refused.status == 64)
      #expect(refused.errors.contains("--resume"))

      let result = try SaddleProcess.run("spectrum", run, "--json")
      #expect(result.status == 0, "\(result.errors)")
      let eigenvalues = try JSONDecoder().decode(
        Output.self, from: Data(result.output.utf8)
      ).eigenvalues

      let (experiment, parameters) = try RunFolder(run).trained()
      let objective = try experiment.prepared(from: DataFolder()).objective(Double.self)
      #expect(objective.network.widths == [49, 4, 3, 10])
      expectClose(
        eigenvalues, try objective.hessian(at: parameters).eigenvalues(),
        within: Tolerance(relative: 1e-12, why: "another process"))
      let analysis = try RunFolder(run).read(PointAnalysis.self, from: "analysis.json")
      #expect(analysis.spectrum.eigenvalues == eigenvalues)
      #expect(analysis.countsAgree)
    }
  }

  @Test func `reproduce writes a page that needs nothing else`() throws {
    try withTemporaryFolder { folder in
      let report = folder.path + "/report"
      let result = try SaddleProcess.run(
        "reproduce", "--dataset", "synthetic", "--epochs", "1", "--report", report, "--quiet")
      // Without gnuplot the code says that a program is missing; then there is nothing to see.
      if result.status == 69 {
        #expect(result.errors.contains("gnuplot"))
        return
      }
      #expect(result.status == 0, "\(result.errors)")
      let page = try String(contentsOfFile: report + "/index.html", encoding: .utf8)
      #expect(page.matches(of: #/<img [^>]*src="data:image/svg\+xml;base64,/#).count == 4)
      #expect(!page.contains("src=\"http") && !page.contains("<link") && !page.contains("<script"))
      for verdict in ["negative curvature", "about zero", "SyntheticDigits", "ε = 1e-6"] {
        #expect(page.contains(verdict), "\(verdict)")
      }
    }
  }
}
