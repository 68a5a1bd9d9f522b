import Foundation
import Saddle
import Support
import Testing

/// A command that changes a folder, and what the folder may be at any moment.
struct TortureScenario: Sendable, CustomTestStringConvertible {
  let name: String
  /// Makes the folder that the command finds.
  var prepare: @Sendable (_ folder: URL) throws -> Void = { _ in }
  /// The command, which is also what goes on after it was broken off.
  let arguments: @Sendable (_ folder: URL) -> [String]
  /// Folders of runs, packs or fixtures below the folder: each holds no run, that which was there or
  /// the new one, and always whole.
  let stored: @Sendable (_ folder: URL) throws -> [String]
  /// Whether a folder is trained and measured, each a step.
  var isInSteps = false
  /// How many of the faults that end the program, and of the others, are tried, evenly spread.
  var most: (ends: Int, failures: Int) = (.max, .max)

  var testDescription: String { name }

  private static let training = [
    "train", "--dataset", "synthetic", "--first", "60", "--pool", "7", "--hidden", "2",
    "--spectrum-every", "2", "--checkpoint-every", "0", "--quiet", "--out",
  ]

  private static func run(_ arguments: [String]) throws {
    let result = try SaddleProcess.run(
      arguments: arguments,
      environment: ["SADDLE_DATA": "/no-data", "OPENBLAS_NUM_THREADS": "1"])
    guard result.status == 0 else { throw TortureError(description: "\(arguments): \(result)") }
  }

  private static func makeStore(
    _ folder: URL, _ optimizers: [String] = ["momentum", "adam"]
  ) throws {
    let grid = folder.appending(path: "grid.json")
    var measure = EndMeasurement()
    measure.spectrumEvery = 2
    try JSON.encode(
      smallGrid(optimizers: optimizers.map { OptimizerChoice($0) }, measure: measure)
    ).write(to: grid)
    try run(["run", grid.path, "--store", folder.path + "/store", "--jobs", "1", "--quiet"])
  }

  private static func keys(_ store: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: store) else { return [] }
    return try FileManager.default.contentsOfDirectory(
      at: URL(fileURLWithPath: store), includingPropertiesForKeys: [.isDirectoryKey]
    ).filter(\.hasDirectoryPath).map(\.path)
  }

  static let all: [TortureScenario] = [
    TortureScenario(
      name: "train",
      arguments: { training + [$0.path + "/run", "--epochs", "3", "--resume"] },
      stored: { [$0.path + "/run"] }),
    TortureScenario(
      name: "train, a finished run gone on with",
      prepare: { folder in
        try run(training + [folder.path + "/run", "--epochs", "2"])
        try run(["spectrum", folder.path + "/run"])
      },
      arguments: { training + [$0.path + "/run", "--epochs", "4", "--resume"] },
      stored: { [$0.path + "/run"] }),
    TortureScenario(
      name: "spectrum",
      prepare: { try run(training + [$0.path + "/run", "--epochs", "1"]) },
      arguments: { ["spectrum", $0.path + "/run"] },
      stored: { [$0.path + "/run"] }),
    TortureScenario(
      name: "import",
      prepare: { folder in
        try run(training + [folder.path + "/run", "--epochs", "1"])
        try run(["export", folder.path + "/run", "--out", folder.path + "/parameters.npy"])
      },
      arguments: { folder in
        [
          "import", folder.path + "/parameters.npy", "--architecture", "16-2-10", "--activation",
          "tanh", "--dataset", "synthetic", "--first", "60", "--pool", "7", "--out",
          folder.path + "/imported",
        ]
      },
      stored: { [$0.path + "/imported"] }),
    TortureScenario(
      name: "run",
      prepare: { folder in
        try JSON.encode(smallGrid(seeds: [1])).write(to: folder.appending(path: "grid.json"))
      },
      arguments: { folder in
        [
          "run", folder.path + "/grid.json", "--store", folder.path + "/store", "--jobs", "1",
          "--checkpoint-every", "0", "--quiet",
        ]
      },
      stored: { try keys($0.path + "/store") }, isInSteps: true),
    TortureScenario(
      name: "pack, over another",
      prepare: { folder in
        try makeStore(folder, ["momentum"])
        try run([
          "pack", folder.path + "/store", "--out", folder.path + "/pack", "--cite", "momentum",
          "--grid", folder.path + "/grid.json",
        ])
        try makeStore(folder)
      },
      arguments: { folder in
        [
          "pack", folder.path + "/store", "--out", folder.path + "/pack", "--cite", "adam",
          "--grid", folder.path + "/grid.json",
        ]
      },
      stored: { [$0.path + "/pack"] }),
    TortureScenario(
      name: "report",
      prepare: { try makeStore($0) },
      arguments: { ["report", $0.path + "/store", "--out", $0.path + "/report", "--quiet"] },
      stored: { _ in [] }, most: (120, 60)),
    TortureScenario(
      name: "pin",
      prepare: { folder in
        let fixtures = projectFolder.appending(path: "fixtures")
        let name = "synthetic-196-16-10-tanh"
        try FileManager.default.copyItem(
          at: fixtures.appending(path: name), to: folder.appending(path: name))
      },
      arguments: { ["pin", "synthetic", "--keep-parameters", "--fixtures", $0.path] },
      stored: { [$0.path + "/synthetic-196-16-10-tanh"] }, most: (8, 4)),
  ]
}
