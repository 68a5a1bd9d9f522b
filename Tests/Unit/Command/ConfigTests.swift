import Foundation
import Saddle
import Support
import Testing

/// An experiment that is written down in a file.
@Suite struct ConfigTests {
  private func text(_ change: (inout String) -> Void = { _ in }) -> String {
    var text = Experiment.example
    change(&text)
    return text
  }

  private func read(_ text: String) throws -> Experiment {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "experiment.json")
      try Data(text.utf8).write(to: file)
      return try Experiment(from: file.path)
    }
  }

  @Test func `the example is what its comments say`() throws {
    let expected = Experiment(
      name: "example",
      data: DatasetDescription(.syntheticDigits(seed: 1, count: 600), pooling: 4),
      test: .syntheticDigits(seed: 2, count: 600), hidden: [16], activation: .tanh,
      optimizer: OptimizerDescription("momentum", ["learningRate": 0.1, "momentum": 0.9]),
      plan: try TrainingPlan(epochs: 30, batchSize: 64, seed: 1))
    #expect(try read(text()) == expected)
  }

  @Test func `what it says may stand there may`() throws {
    for source in [
      #"{"mnist": {"file": "train", "first": 5000}}"#,
      #"{"cifar10": {"files": ["data_batch_1.bin"], "firstOfEach": 5000}}"#,
    ] {
      #expect(text().contains(source))
      let changed = text { $0.replace(#"{"syntheticDigits": {"seed": 1, "count": 600}}"#, with: source) }
      #expect(try read(changed).data.source.dataset != nil)
    }
    let cosine = #"{"cosine": {"warmUp": 0, "steps": 300, "final": 0}}"#
    #expect(text().contains(cosine))
    let schedule = try read(text { $0.replace(#"{"constant": {}}"#, with: cosine) }).optimizer?.schedule
    #expect(schedule == .cosine(warmUp: 0, steps: 300, final: 0))
    // A comma at a list's end, too.
    #expect(
      try read(text { $0.replace("\"hidden\": [16]", with: "\"hidden\": [16, 8,]") })
        .architecture == .dense(hidden: [16, 8], activation: .tanh))
  }

  @Test(arguments: [
    ("\"weightDecay\"", "\"weigthDecay\"", "weightDecay"),
    ("\"pooling\": 4", "\"pooling\": 4, \"poolling\": 2", "poolling"),
    ("\"hidden\": [16]", "\"hidden\": 16", "hidden: a list in brackets"),
    ("\"momentum\",", "\"momentun\",", "momentun"),
    ("\"learningRate\": 0.1", "\"learningRate\": -1", "learningRate"),
    ("\"epochs\": 30", "\"epochs\": \"30\"", "plan.epochs: a whole number"),
    ("\"tanh\",\n", "\"than\",\n", "than"),
    ("\"optimizer\"", "\"optimiser\"", "optimizer"),
    ("}\n", "", "no experiment"),
  ])
  func `what cannot be understood is refused by its name`(
    part: String, wrong: String, words: String
  ) throws {
    let changed = text { $0.replace(part, with: wrong) }
    #expect(changed != text())
    #expect { try read(changed) } throws: { "\($0)".contains(words) && $0 is GridError }
  }

  @Test func `bytes that are no text, and no file, are refused`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "experiment.json")
      try Data([0x7B, 0xFF, 0xFE, 0x7D]).write(to: file)
      #expect { try Experiment(from: file.path) } throws: { "\($0)".contains("UTF-8") }
      #expect { try Experiment(from: file.path + "x") } throws: {
        if case .unreadable? = $0 as? GridError { true } else { false }
      }
    }
  }

  @Test func `init writes one that train takes, to the same end as the options`() throws {
    try withTemporaryFolder { folder in
      func run(_ words: String...) throws -> SaddleProcess.Result {
        try SaddleProcess.run(arguments: words)
      }
      let file = folder.appending(path: "mine.json").path
      let written = try run("init", file)
      #expect(written.status == 0 && written.output.contains("saddle train --config \(file)"))
      let again = try run("init", file)
      #expect(again.status == 73 && again.errors.contains("is left as it is"))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == Experiment.example)

      let (one, other) = (folder.path + "/one", folder.path + "/other")
      let byFile = try run("train", "--config", file, "--out", one, "--quiet")
      #expect(byFile.status == 0, "\(byFile.errors)")
      let byOptions = try run(
        "train", "--dataset", "synthetic", "--first", "600", "--pool", "4", "--hidden", "16",
        "--optimizer", "momentum", "--learning-rate", "0.1", "--set", "momentum=0.9", "--epochs",
        "30", "--out", other, "--quiet")
      #expect(byOptions.status == 0, "\(byOptions.errors)")
      #expect(try RunFolder(one).trained().parameters == RunFolder(other).trained().parameters)

      let twice = try run("train", "--config", file, "--epochs", "2", "--out", one, "--quiet")
      #expect(twice.status == 64 && twice.errors.contains("--epochs is part of the experiment"))
    }
  }
}
