import Foundation
import Saddle
import Support
import Testing

@Suite struct CommandTests {
  /// What the tests read of `spectrum --json`.
  private struct Output: Decodable {
    let eigenvalues: [Double]
    let record: PointRecord
  }

  @Test(arguments: [[], ["reproduce"], ["train"], ["spectrum"], ["data"], ["pin"]])
  func `every command explains itself`(command: [String]) throws {
    let process = try SaddleProcess(command + ["--help"])
    try process.start()
    let result = try process.wait()
    #expect(result.status == 0)
    #expect(result.output.contains("USAGE: saddle"))
  }

  @Test func `commands of runs are found with and without it`() throws {
    for command in ["survey", "claims", "report", "diff", "pack", "measure"] {
      let within = try SaddleProcess.run("runs", command, "--help")
      #expect(within.status == 0 && within.output.contains("USAGE: saddle runs \(command)"))
      #expect(try SaddleProcess.run(command, "--help").status == 0)
    }
    // A store's folder where the command would be.
    let store = projectFolder.appending(path: "fixtures/paper").path
    let listed = try SaddleProcess.run("runs", store, "optimizer=adam", "seed=1")
    #expect(listed.status == 0)
    let named = try SaddleProcess.run("runs", "list", store, "optimizer=adam", "seed=1")
    #expect(named.output == listed.output)
    let help = try SaddleProcess.run("--help")
    for group in ["One run subcommands", "Many runs subcommands", "Tools subcommands"] {
      let isShown = help.output.uppercased().contains(group.uppercased())
      #expect(isShown, "\(group)")
    }
  }

  @Test func `a mistyped command is told what may have been meant`() throws {
    let near = try SaddleProcess.run("spectrm")
    #expect(near.status == 64 && near.errors.contains("did you mean `saddle spectrum`?"))
    let far = try SaddleProcess.run("perambulate")
    #expect(far.status == 64 && far.errors.contains("'perambulate' is no command"))
    #expect(!far.errors.contains("did you mean"))
  }

  @Test func `its version says what it computes with`() throws {
    let version = try SaddleProcess.run("--version")
    #expect(version.status == 0)
    #expect(version.output.contains(/^0\.\d+\.\d+ \(commit .+\), OpenBLAS .+ kernels/))
    let number = try #require(version.output.split(separator: " ").first)
    for file in ["python/pyproject.toml", "CITATION.cff", "CHANGELOG.md"] {
      let text = try String(contentsOf: projectFolder.appending(path: file), encoding: .utf8)
      #expect(text.contains(number), "\(file)")
    }
  }

  @Test func `wrong usage ends with 64`() throws {
    #expect(try SaddleProcess.run("train", "--nonsense").status == 64)
    #expect(try SaddleProcess.run("train").status == 64)
    #expect(
      try SaddleProcess.run("train", "--hidden", "8,x", "--out", "nowhere").status == 64)
    let rate = try SaddleProcess.run(
      "train", "--dataset", "synthetic", "--learning-rate", "0", "--out", "nowhere")
    #expect(rate.status == 64)
    #expect(rate.errors.contains("learningRate = 0.0: it must be positive"))
    for (arguments, cause) in [
      (["--optimizer", "adm"], "no optimizer is called 'adm': take one of sgd, momentum"),
      (["--set", "mu=0.5"], "momentum has no hyperparameter 'mu': it has learningRate, momentum"),
      (["--set", "momentum=0.5", "--set", "momentum=0.6"], "momentum is set twice"),
      (["--set", "momentum"], "is invalid for '--set"),
      (["--clip-norm", "0"], "clipNorm = 0.0: it must be positive"),
      (
        ["--optimizer", "lbfgs", "--sharpness-radius", "0.1"],
        "sharpnessRadius = 0.1: it must be absent, since lbfgs is no first-order rule"
      ),
      (["--schedule", "cosine,steps=x"], "is invalid for '--schedule"),
      (["--schedule", "cosine,steps=3,wormUp=1"], "is invalid for '--schedule"),
      (["--schedule", "cosine,warmUp=5,steps=5"], "steps = 5.0: it must be more than warmUp = 5"),
    ] {
      let result = try SaddleProcess.run(
        arguments: ["train", "--dataset", "synthetic", "--out", "nowhere"] + arguments)
      #expect(result.status == 64 && result.errors.contains(cause), "\(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: "nowhere"), "a refused run left its folder")
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

  @Test func `data lists what is found, and a folder that cannot be written ends with 73`() throws {
    try withTemporaryFolder { folder in
      let listed = try SaddleProcess.run("data", "--data", folder.path, "--json")
      #expect(listed.status == 0)
      let found = try JSONDecoder().decode(
        [DatasetStatus].self, from: Data(listed.output.utf8))
      #expect(found.map(\.dataset) == Dataset.allCases && found.allSatisfy { !$0.isFound })
      let blocked = folder.path + "/file"
      try Data().write(to: URL(fileURLWithPath: blocked))
      #expect(
        try SaddleProcess.run("data", "fetch", "mnist", "--data", blocked).status == 73)
    }
  }

  @Test func `a run that is not there ends with 66`() throws {
    try withTemporaryFolder { folder in
      let result = try SaddleProcess.run("spectrum", folder.path + "/none")
      #expect(result.status == 66)
      #expect(result.errors.contains("run.json"))
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

  @Test(
    arguments: [
      ("noisySGD", "acted 4 times"),
      ("perturbedGD", "never acted: this run is no evidence about escaping"), ("sgd", nil),
    ] as [(String, String?)])
  func `train says how often the escaping mechanism acted`(name: String, says: String?) throws {
    try withTemporaryFolder { folder in
      let result = try SaddleProcess.run(
        "train", "--dataset", "synthetic", "--first", "30", "--pool", "4", "--hidden", "2",
        "--epochs", "2", "--batch", "16", "--quiet", "--optimizer", name, "--out",
        folder.path + "/run")
      #expect(result.status == 0, "\(result.errors)")
      let line = result.output.split(separator: "\n").first { $0.contains("escaping mechanism") }
      #expect(says.map { line?.hasSuffix($0) ?? false } ?? (line == nil), "\(result.output)")
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

      let (description, parameters, _) = try RunFolder(run).trained()
      let objective = try description.experiment.prepared(from: DataFolder())
        .objective(Double.self)
      #expect("\(objective.network)".hasPrefix("49-4-3-10 "))
      expectClose(
        eigenvalues, try objective.hessian(at: parameters).eigenvalues(),
        within: Tolerance(
          absolute: 1e-14, relative: 1e-12, why: "another process; exact structural zeros"))
      let analysis = try RunFolder(run).read(PointAnalysis.self, from: "analysis.json")
      #expect(analysis.spectrum.eigenvalues == eigenvalues)
      #expect(analysis.countsAgree)
    }
  }

  @Test func `bad input is refused with a message, never a crash`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      for (arguments, message) in [
        (["--first", "-3"], "-3"), (["--first", "0"], "0"), (["--pool", "3"], "3"),
        (["--first", "9223372036854775807"], "9223372036854775807"),
        (["--first", "40", "--epochs", "-1"], "-1 epochs"),
        (["--first", "40", "--batch", "0"], "batch size 0"),
        (["--first", "40", "--weight-decay", "nan"], "weight decay nan"),
        (["--first", "40", "--hidden", "4000000000,4000000000"], "at most"),
        (["--first", "40", "--hidden", "9223372036854775807"], "at most"),
        (["--out", ""], "--out"),
      ] {
        let process = try SaddleProcess(
          ["train", "--dataset", "synthetic", "--pool", "4", "--epochs", "1", "--quiet"]
            + (arguments.contains("--out") ? [] : ["--out", run]) + arguments)
        try process.start()
        let result = try process.wait()
        #expect(result.status == 64, "\(arguments): \(result.errors)")
        #expect(result.errors.contains(message), "\(arguments): \(result.errors)")
      }
    }
  }

  @Test func `results never stand beside a run that they are not of`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      func train(_ more: String...) throws -> SaddleProcess.Result {
        let process = try SaddleProcess(
          [
            "train", "--dataset", "synthetic", "--pool", "4", "--hidden", "3", "--quiet",
            "--out", run, "--resume",
          ] + more)
        try process.start()
        return try process.wait()
      }
      #expect(try train("--first", "40", "--epochs", "3").status == 0)
      #expect(try SaddleProcess.run("spectrum", run).status == 0)

      // Fewer epochs than were done.
      let fewer = try train("--first", "40", "--epochs", "2")
      #expect(fewer.status == 64)
      #expect(fewer.errors.contains("3 epochs already"))
      // Other images.
      #expect(try train("--first", "50", "--epochs", "4").status != 0)
      #expect(try SaddleProcess.run("spectrum", run).status == 0, "the run is as it was")

      // What was found about a run goes when it has ended anew.
      #expect(FileManager.default.fileExists(atPath: run + "/analysis.json"))
      #expect(try train("--first", "40", "--epochs", "4").status == 0)
      #expect(!FileManager.default.fileExists(atPath: run + "/analysis.json"))

      // The experiment of the run, but other images than its own.
      try FileManager.default.removeItem(atPath: run + "/manifest.sha256")
      let description = URL(fileURLWithPath: run + "/run.json")
      let text = try String(contentsOf: description, encoding: .utf8)
      let forged = text.replacing(
        #/"trainingSHA256" : "[0-9a-f]{4}/#, with: "\"trainingSHA256\" : \"0000")
      #expect(forged != text)
      try Data(forged.utf8).write(to: description)
      let other = try SaddleProcess.run("spectrum", run)
      #expect(other.status == 65)
      #expect(other.errors.contains("other data"))

      try Data("{".utf8).write(to: URL(fileURLWithPath: run + "/checkpoint.json"))
      #expect(try train("--first", "40", "--epochs", "5").status == 65)
    }
  }

  #if os(Linux)
    @Test func `results that cannot be written are not lost in silence`() throws {
      try withTemporaryFolder { folder in
        let run = folder.path + "/run"
        #expect(
          try SaddleProcess.run(
            "train", "--dataset", "synthetic", "--first", "30", "--pool", "4", "--hidden", "2",
            "--epochs", "1", "--out", run
          ).status == 0)
        for more in [[], ["--json"]] {
          let process = try SaddleProcess(["spectrum", run] + more, output: "/dev/full")
          try process.start()
          let result = try process.wait()
          #expect(result.status == 73)
          #expect(result.errors.contains("standard output"))
        }
        // Progress that cannot be shown is no reason to stop.
        let process = try SaddleProcess(
          [
            "train", "--dataset", "synthetic", "--first", "30", "--pool", "4", "--hidden", "2",
            "--epochs", "2", "--out", run + "2",
          ], errors: "/dev/full")
        try process.start()
        #expect(try process.wait().status == 0)
      }
    }
  #endif

  @Test(
    .enabled(
      if: (try? Gnuplot()) != nil, "gnuplot is not here: script/bootstrap installs it"))
  func `reproduce writes a page that needs nothing else`() throws {
    try withTemporaryFolder { folder in
      let report = folder.path + "/report"
      let result = try SaddleProcess.run(
        "reproduce", "--dataset", "synthetic", "--epochs", "1", "--report", report, "--quiet")
      #expect(result.status == 0, "\(result.errors)")
      let page = try String(contentsOfFile: report + "/index.html", encoding: .utf8)
      ReportPage(text: page).expectInline(pictures: 4)
      #expect(!page.contains("src=\"http") && !page.contains("<link") && !page.contains("<script"))
      for verdict in ["negative curvature", "about zero", "SyntheticDigits", "ε = 1e-6"] {
        #expect(page.contains(verdict), "\(verdict)")
      }
    }
  }
}
