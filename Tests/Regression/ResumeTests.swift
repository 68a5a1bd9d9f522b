import Foundation
import Saddle
import Support
import Testing

/// A run that is killed and resumed ends where it would have ended.
@Suite struct ResumeTests {
  private func arguments(_ run: String, _ more: String...) -> [String] {
    [
      "train", "--dataset", "synthetic", "--first", "300", "--pool", "2", "--hidden", "12",
      "--epochs", "200", "--batch", "32", "--precision", "float", "--quiet", "--out", run,
      "--checkpoint-every", "0.02",
    ] + more
  }

  @Test(.tags(.slow))
  func `a run killed in the middle and resumed is bit-identical to one that was not`() throws {
    try withTemporaryFolder { folder in
      let (whole, broken) = (folder.path + "/whole", folder.path + "/broken")
      let uninterrupted = try SaddleProcess(arguments(whole))
      try uninterrupted.start()
      #expect(try uninterrupted.wait().status == 0)

      // Killed twice, each time somewhere after another epoch's checkpoint.
      var epochs = 0
      for _ in 0..<2 {
        let process = try SaddleProcess(arguments(broken, "--resume"))
        try process.start()
        let reached = epochs
        while process.isRunning, self.epochs(in: broken) ?? 0 < reached + 3 {
          usleep(1000)
        }
        process.kill()
        #expect(try process.wait().status == SIGKILL, "it ended before it was killed")
        epochs = self.epochs(in: broken) ?? 0
        #expect(epochs >= reached + 3)
      }
      #expect(epochs < 200, "nothing is left to resume")
      #expect(!FileManager.default.fileExists(atPath: broken + "/parameters.bin"))

      let resumed = try SaddleProcess(arguments(broken, "--resume"))
      try resumed.start()
      #expect(try resumed.wait().status == 0)
      for file in ["parameters.bin", "history.json"] {
        let expected = try Data(contentsOf: URL(fileURLWithPath: whole + "/" + file))
        let got = try Data(contentsOf: URL(fileURLWithPath: broken + "/" + file))
        #expect(got == expected, "\(file)")
      }
    }
  }

  @Test func `the one run that is left of a grid ends bit for bit as beside the others`() throws {
    try withTemporaryFolder { folder in
      let grid = ExperimentGrid(
        name: "two",
        groups: [
          ExperimentGroup(
            name: "drawn", data: DatasetDescription(.syntheticDigits(seed: 1, count: 200), pooling: 4),
            test: .syntheticDigits(seed: 2, count: 40),
            // Large enough for the bits of its eigenvalues to depend on BLAS's threads.
            networks: [.dense(hidden: [12], activation: .tanh)], batches: [100], epochs: 3,
            optimizers: [OptimizerChoice("sgd")], seeds: [1, 2],
            tuning: TuningProtocol(extensions: 0), measure: EndMeasurement())
        ])
      try JSONEncoder().encode(grid).write(to: folder.appending(path: "grid.json"))
      let command = "saddle run grid.json --jobs 2 --quiet --store"
      // All but how long it took.
      let same = "diff -r -x result.json -x manifest.sha256 a b"
      let made = try SaddleProcess.shell(
        "\(command) a && cp -R a b && rm -r \"$(ls -d b/*/ | head -n 1)\" && \(command) b && \(same)",
        in: folder, environment: ["OPENBLAS_NUM_THREADS": "4", "SADDLE_DATA": "/no-data"])
      #expect(made.status == 0, "\(made.text)")
    }
  }

  @Test func `a checkpoint of another experiment is refused`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      func train(_ more: [String]) throws -> SaddleProcess.Result {
        let process = try SaddleProcess(
          [
            "train", "--dataset", "synthetic", "--first", "40", "--pool", "4", "--hidden", "3",
            "--quiet", "--out", run,
          ] + more)
        try process.start()
        return try process.wait()
      }
      #expect(try train(["--epochs", "2"]).status == 0)
      let other = try train(["--epochs", "2", "--resume", "--learning-rate", "0.01"])
      #expect(other.status == 64)
      #expect(other.errors.contains("another experiment"))
      // More epochs are the same experiment, gone on with.
      #expect(try train(["--epochs", "4", "--resume"]).status == 0)
      let history = try RunFolder(run).read([EpochRecord].self, from: "history.json")
      #expect(history.map(\.epoch) == Array(0...4))
    }
  }

  private func epochs(in run: String) -> Int? {
    struct Checkpoint: Decodable {
      struct State: Decodable { let epoch: Int }
      let state: State
    }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: run + "/checkpoint.json")) else {
      return nil
    }
    // A checkpoint is replaced as a whole: whatever is there can be read.
    return (try? JSONDecoder().decode(Checkpoint.self, from: data))?.state.epoch
  }
}
