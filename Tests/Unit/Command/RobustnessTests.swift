import Foundation
import Saddle
import Support
import Testing

/// What whoever starts the program may do to it.
@Suite struct RobustnessTests {
  private static let training = [
    "train", "--dataset", "synthetic", "--first", "60", "--pool", "7", "--hidden", "2", "--quiet",
  ]

  /// Runs `saddle` by a line of the shell, which calls it "$S".
  private func shell(_ line: String, in folder: URL) throws -> (status: Int32, text: String) {
    try SaddleProcess.shell(line, in: folder)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `an interrupt ends at the next step with everything kept`(signal: Int32) throws {
    try withTemporaryFolder { folder in
      let arguments =
        Self.training.dropLast() + [
          "--epochs", "20000", "--batch", "20", "--checkpoint-every", "0.02", "--resume", "--out",
        ]
      let run = folder.path + "/run"
      let first = try SaddleProcess(arguments + [run])
      try first.start()
      while first.isRunning, !FileManager.default.fileExists(atPath: run + "/checkpoint.json") {
        usleep(1000)
      }
      first.send(signal)
      let ended = try first.wait()
      #expect(ended.status == 130, "\(ended)")
      #expect(ended.errors.contains("--resume"), "\(ended.errors)")
      #expect(!FileManager.default.fileExists(atPath: run + "/parameters.bin"))
      struct Kept: Decodable {
        struct State: Decodable {
          let epoch: Int
          let step: Int?
        }
        let state: State
      }
      let kept = try RunFolder(run).read(Kept.self, from: "checkpoint.json").state

      // As far as it came, and a step further, it is the run that was never interrupted.
      let more = ["--epochs", "\(kept.epoch + 1)"]
      let short = Self.training + ["--batch", "20", "--resume", "--out"]
      // It may not shrink, so the interrupted state is put into a run of that many epochs.
      let whole = folder.path + "/whole"
      #expect(try SaddleProcess.run(arguments: short + [whole] + more).status == 0)
      let text = try String(contentsOfFile: run + "/checkpoint.json", encoding: .utf8)
      let again = folder.path + "/again/run"
      try FileManager.default.createDirectory(
        atPath: again, withIntermediateDirectories: true)
      try Data(text.replacing("\"epochs\":20000", with: "\"epochs\":\(kept.epoch + 1)").utf8)
        .write(to: URL(fileURLWithPath: again + "/checkpoint.json"))
      let resumed = try SaddleProcess.run(arguments: short + [again] + more)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(
        try RunFolder(again).trained().parameters == (try RunFolder(whole).trained().parameters))
    }
  }

  @Test func `two do not work on one run`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      let long = Self.training + ["--epochs", "1000000", "--resume", "--out", run]
      let first = try SaddleProcess(long)
      try first.start()
      while first.isRunning, !FileManager.default.fileExists(atPath: run + "/checkpoint.json") {
        usleep(1000)
      }
      let second = try SaddleProcess.run(arguments: long)
      #expect(second.status == 75 && second.errors.contains("another process"), "\(second)")
      first.kill()
      _ = try first.wait()
      #expect(try ExperimentStore(folder.path).verified().damaged.isEmpty)
    }
  }

  @Test(arguments: [
    "\"$S\" --help > /dev/full", "\"$S\" train --help > /dev/full",
    "\"$S\" optimizers > /dev/full", "\"$S\" optimizers >&-",
    "\"$S\" law --ensemble goe -n 60 --json >&-",
  ])
  func `output that cannot be written is said, by the exit code too`(line: String) throws {
    try withTemporaryFolder { folder in
      let result = try shell(line, in: folder)
      #expect(result.status == 73 && result.text.contains("standard output"), "\(result)")
    }
  }

  @Test func `with its streams closed nothing is printed into a file of its own`() throws {
    try withTemporaryFolder { folder in
      let result = try shell(
        "\"$S\" \(Self.training.dropLast().joined(separator: " ")) --epochs 2 --out run <&- >&- 2>&-",
        in: folder)
      #expect(result.status == 73)
      let found = try ExperimentStore(folder.path).verified()
      #expect(found.damaged.isEmpty && found.files > 3)
      #expect(try Data(contentsOf: folder.appending(path: "run/lock")).isEmpty)
    }
  }

  @Test(.disabled(if: isSanitized, "a sanitizer's shadow is larger than such a limit"))
  func `a limit of file sizes is an error like a full disk`() throws {
    try withTemporaryFolder { folder in
      let result = try shell(
        "ulimit -f 2; \"$S\" \(Self.training.joined(separator: " ")) --hidden 40 --epochs 2 --out run",
        in: folder)
      #expect(result.status == 73 && result.text.contains("File too large"), "\(result)")
    }
  }

  @Test func `a quote in the temporary folder's name is one`() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "it's"), withIntermediateDirectories: true)
      let result = try shell(
        "TMPDIR=\"$PWD/it's\" \"$S\" law --ensemble goe -n 60 --plot --out law.svg --quiet", in: folder)
      #expect(result.status == 0, "\(result)")
      let picture = try String(contentsOf: folder.appending(path: "law.svg"), encoding: .utf8)
      #expect(picture.contains("<svg"))
    }
  }

  @Test func `what is no file is written to, and a link stays a link`() throws {
    try withTemporaryFolder { folder in
      let validation = "\"$S\" validate --optimizer sgd --quick --junit"
      let full = try shell("\(validation) /dev/full > /dev/null", in: folder)
      #expect(full.status == 73 && full.text.contains("/dev/full"), "\(full)")
      var status = stat()
      #expect(stat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
      let pipe = try shell("mkfifo p; cat p > got & \(validation) p > /dev/null; wait", in: folder)
      #expect(pipe.status == 0, "\(pipe)")
      let got = try String(contentsOf: folder.appending(path: "got"), encoding: .utf8)
      #expect(got.contains("<testsuites"))
      #expect(lstat(folder.path + "/p", &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
      let linked = try shell(
        "echo old > real; ln -s real link; \(validation) link > /dev/null", in: folder)
      #expect(linked.status == 0)
      #expect(lstat(folder.path + "/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      let real = try String(contentsOf: folder.appending(path: "real"), encoding: .utf8)
      #expect(real.contains("<testsuites"))
    }
  }

  @Test(arguments: [
    "--out '~'", "--out '~/run'", "--out=~/run", "--out '~nobody/run'",
    #"--out "$(printf 'r\377n')""#,
  ])
  func `a name that would lead elsewhere is refused`(out: String) throws {
    try withTemporaryFolder { folder in
      let result = try shell(
        "HOME=$PWD/home \"$S\" \(Self.training.joined(separator: " ")) --epochs 1 \(out)", in: folder)
      #expect(result.status == 64, "\(result)")
      #expect(result.text.contains("~") || result.text.contains("UTF-8"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left == ["shell-output"])
    }
  }

  @Test(arguments: [
    ["train", "--dataset", "synthetic", "--first", "60", "--hidden", "10000000", "--out", "r"],
    ["train", "--dataset", "synthetic", "--first", "60", "--hidden", "2000000", "--out", "r"],
    ["train", "--dataset", "synthetic", "--first", "60", "--epochs", "9223372036854775807", "--out", "r"],
    ["law", "--ensemble", "goe", "-n", "100000000000"],
    ["law", "--ensemble", "goe", "-n", "9223372036854775807"],
    ["law", "--ensemble", "wishart:2", "-n", "9223372036854775807"],
    ["spectrum", "run", "--method", "matrixFree", "--steps", "9223372036854775807"],
    ["spectrum", "run", "--method", "matrixFree", "--steps", "1000000000"],
    ["spectrum", "run", "--method", "matrixFree", "--probes", "9223372036854775807"],
    ["spectrum", "run", "--method", "matrixFree", "--pairs", "9223372036854775807"],
  ])
  func `more than there is is refused before it is asked for`(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      #expect(
        try SaddleProcess.run(arguments: Self.training + ["--epochs", "1", "--out", run]).status == 0)
      let start = ContinuousClock.now
      let line = arguments.map { $0 == "r" ? folder.path + "/r" : $0 == "run" ? run : $0 }
      let result = try SaddleProcess.run(arguments: line + ["--quiet"])
      #expect([64, 71].contains(result.status), "\(result)")
      #expect(result.errors.hasPrefix("saddle: ") || result.errors.hasPrefix("Error: "), "\(result)")
      #expect(ContinuousClock.now - start < .seconds(60))
    }
  }

  @Test(.disabled(if: isSanitized, "a sanitizer's shadow takes more addresses than are left"))
  func `a limit of addresses counts, and both figures are said`() throws {
    try withTemporaryFolder { folder in
      let result = try shell(
        "ulimit -v 4000000; \"$S\" law --ensemble goe -n 90000000 --quiet", in: folder)
      #expect(result.status == 71, "\(result)")
      #expect(result.text.contains(#/about \d+ MiB, and this process can have \d+ MiB/#), "\(result)")
    }
  }

  @Test func `a report of runs that all diverged is drawn`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(optimizers: [OptimizerChoice("sgd", set: ["learningRate": 1e308])])
      try JSON.encode(grid).write(to: folder.appending(path: "grid.json"))
      let result = try shell(
        "\"$S\" run grid.json --store store --quiet && \"$S\" report store --out report --quiet",
        in: folder)
      #expect(result.status == 0, "\(result)")
      #expect(FileManager.default.fileExists(atPath: folder.path + "/report/index.html"))
    }
  }
}

private let isSanitized = ProcessInfo.processInfo.environment["SADDLE_SANITIZED"] != nil
