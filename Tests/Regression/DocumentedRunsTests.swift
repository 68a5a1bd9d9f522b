import Foundation
import Saddle
import Support
import Testing

/// Every command line that the documents show does what it is shown for, on little where it would
/// take long.
@Suite struct DocumentedRunsTests {
  /// Parts of those that are not run here, and who runs them.
  static let elsewhere = [
    "torch": "wants torch: python/tests and TorchTests",
    "python/examples/transformer.py": "wants torch: python/tests/test_programs.py",
    "products.py": "wants torch: python/tests/test_peer_findings.py",
    "KIND": "stands for several: python/peers/report.py runs them all",
    "--slice": "takes minutes: CriticalPackTests holds what it found",
  ]

  /// What is made smaller, and what a folder's reader has by another name here.
  static let smaller = [
    ("--dataset mnist", "--dataset synthetic"), ("--first 5000 --pool 2", "--first 200 --pool 4"),
    ("--epochs 100", "--epochs 2"), ("--first 1000", "--first 60"),
    // Six settings; the line with one of them runs in full.
    ("mine.py' --declare adam", "mine.py' --declare adam --quick"),
    ("--network lenet5", "--network lenet5 --dataset synthetic --first 50 --epochs 2"),
    ("--spectrum-every 5", "--spectrum-every 1"),
    (
      "--optimizer adamw",
      "--optimizer adamw --dataset synthetic --first 200 --pool 4 --hidden 4 --epochs 2"
    ),
  ]

  @Test(.requiresMNIST) func `they run`() throws {
    #expect(DocumentedCommand.all.count >= 40)
    for (part, reason) in Self.elsewhere {
      let isShown = DocumentedCommand.all.contains { $0.description.contains(part) }
      #expect(isShown, "no line has \(part) (\(reason))")
    }
    for (part, _) in Self.smaller {
      let isShown = DocumentedCommand.all.contains { $0.description.contains(part) }
      #expect(isShown, "no line has \(part)")
    }
    try withTemporaryFolder { folder in
      try prepare(folder)
      let hasNumPy = try SaddleProcess.shell("python3 -c 'import numpy'", in: folder).status == 0
      var seen = Set<String>()
      for (number, command) in DocumentedCommand.all.enumerated() {
        let shown = command.description
        guard !Self.elsewhere.keys.contains(where: shown.contains), seen.insert(shown).inserted
        else { continue }
        if shown.contains("solver.py"), !hasNumPy { continue }
        var line = shown
        for (part, little) in Self.smaller { line = line.replacing(part, with: little) }
        line = line.replacing("--out run", with: "--out run-\(number)")
        // A committed run is one of MNIST; others are of figures that are drawn.
        let environment = shown.contains("fixtures") ? [:] : ["SADDLE_DATA": "/no-data"]
        let result = try SaddleProcess.shell(line, in: folder, environment: environment)
        #expect(
          statuses(shown).contains(result.status),
          "\(command.document): \(line): \(result.status): \(result.text.suffix(600))")
      }
      #expect(seen.count >= 25)
    }
  }

  /// 0, or what a verdict is where it is the exit code: NumPy's solver takes what is not symmetric.
  private func statuses(_ line: String) -> ClosedRange<Int32> {
    if line.contains(" certify ") { return 0...2 }
    return line.contains(" diff ") || line.contains("solver.py") ? 0...1 : 0...0
  }

  /// What the documents' reader has in the folder that the lines are given in.
  private func prepare(_ folder: URL) throws {
    let files = FileManager.default
    for name in ["fixtures", "Examples", "python"] {
      try files.createSymbolicLink(
        at: folder.appending(path: name), withDestinationURL: projectFolder.appending(path: name))
    }
    let experiments = folder.appending(path: "experiments")
    try files.createDirectory(at: experiments, withIntermediateDirectories: true)
    for name in ["networks", "critical.json"] {
      try files.createSymbolicLink(
        at: experiments.appending(path: name),
        withDestinationURL: projectFolder.appending(path: "experiments/" + name))
    }
    try JSONEncoder().encode(smallGrid(optimizers: [OptimizerChoice("adam")]))
      .write(to: experiments.appending(path: "quick.json"))
    for (name, text) in [
      ("model.py", program("Examples/plain_objective.py")),
      ("mine.py", program("Examples/plain_optimizer.py", arguments: ["adam"])),
      ("my_optimizer.py", program("Examples/plain_optimizer.py", arguments: ["adam"])),
      ("solver.py", program("python/peers/eigensolver.py", arguments: ["numpy-eigh", "float64"])),
    ] {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    let values = (0..<200).map { sin(Double($0)) }
    let file = folder.appending(path: "values.npy").path
    try TensorArchive(file: file, tensors: [NamedTensor("values", [200], values)]).write(to: file)
    let inputs = NamedTensor("inputs", [20, 784], (0..<20 * 784).map { sin(Double($0)) })
    let targets = NamedTensor("targets", [20], (0..<20).map { Int64($0 % 10) })
    for array in [inputs, targets] {
      let file = folder.appending(path: array.name + ".npy").path
      try TensorArchive(file: file, tensors: [array]).write(to: file)
    }
    for line in [
      "saddle train --dataset synthetic --first 120 --pool 4 --hidden 4 --epochs 3 --quiet --out run",
      "saddle train --dataset synthetic --first 60 --pool 1 --hidden 128 --activation relu --epochs 1 "
        + "--quiet --out wide && saddle export wide --out model.safetensors",
      "saddle run experiments/quick.json --store runs --quiet",
    ] {
      let made = try SaddleProcess.shell(line, in: folder)
      try #require(made.status == 0, "\(line): \(made.text)")
    }
  }

  /// A program that runs one of the project's, with the Python package at hand.
  private func program(_ path: String, arguments: [String] = []) -> String {
    """
    import runpy, sys
    sys.path.insert(0, "\(projectFolder.appending(path: "python/src").path)")
    sys.argv[1:] = \(arguments)
    runpy.run_path("\(projectFolder.appending(path: path).path)", run_name="__main__")
    """
  }
}
