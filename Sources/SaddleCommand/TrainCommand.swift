import ArgumentParser
import Foundation
import Saddle

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a network and keeps the run in a folder.",
    discussion: """
      The folder gets a checkpoint now and then, and at the end run.json, history.json and \
      parameters.bin. A run that was killed and is resumed ends bit for bit where \
      it would have ended.
      """)

  @Option(
    help: """
      A JSON file that says all of the experiment, as `saddle init` writes one, in place of the options \
      that say a part of it.
      """)
  var config: String?
  @OptionGroup var samples: SampleOptions
  @Option(help: "Widths of the hidden layers, such as 64,32.", transform: widths)
  var hidden = [16]
  @Option var activation = Activation.tanh
  @Option(
    help: """
      A network of other layers, instead of --hidden and --activation: lenet5, smallCIFAR, or a JSON \
      file {"input": …, "layers": […]}.
      """)
  var network: String?
  @Option var loss = Loss.softmaxCrossEntropy
  @Option(parsing: .unconditional, help: "The coefficient of ½‖θ‖².")
  var weightDecay = 0.0
  @Option(
    parsing: .unconditional, help: "The share of each label that goes to all classes alike.")
  var labelSmoothing = 0.0
  @OptionGroup var optimizer: OptimizerOptions
  @Option(parsing: .unconditional, help: "Samples per step.")
  var batch = 64
  @Option(parsing: .unconditional) var epochs = 100
  @Option(help: "Seeds initialization and the order of samples.")
  var seed: UInt64 = 1
  @Option(name: .customLong("init"), help: "The distribution of initial weights.")
  var initialization = Initialization.glorotUniform
  @Option(help: "The precision of training.")
  var precision = Precision.double
  @Option(name: .customLong("out"), help: "The run's folder.")
  var folder: String
  @Flag(help: "Go on from the folder's checkpoint where there is one.")
  var resume = false
  @Option(
    parsing: .unconditional,
    help: """
      Record extremes, index and degeneracy of the Hessian every N epochs, in spectra.json: of all \
      eigenvalues up to 4000 parameters, beyond that from products, with limits.
      """)
  var spectrumEvery: Int?
  @OptionGroup var pace: PaceOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !folder.isEmpty else { throw ValidationError("--out needs the name of a folder") }
  }

  func run() throws {
    try reportingErrors {
      let experiment = try self.experiment()
      let prepared = try experiment.prepared(from: samples.data.folder)
      let folder = RunFolder(self.folder)
      let result = try output.training(
        prepared, in: folder, resume: resume, spectrumEvery: spectrumEvery, pace: pace.pace)
      if output.json {
        try printJSON(result)
      } else {
        let end = result.history[result.history.count - 1]
        var rows = [
          ("epochs", "\(end.epoch)"), ("training loss", short(end.evaluation.loss)),
          ("gradient norm ‖∇L‖", short(end.evaluation.gradientNorm)),
        ]
        if let accuracy = end.evaluation.accuracy {
          rows.append(("training accuracy", percent(accuracy)))
        }
        if let test = result.test {
          rows.append(("test loss", short(test.loss)))
          if let accuracy = test.accuracy { rows.append(("test accuracy", percent(accuracy))) }
        }
        if let rule = experiment.optimizer, escapingOptimizers.contains(rule.name) {
          rows.append(("escaping mechanism", escapes(end.interventions)))
        }
        rows.append(("run", folder.path))
        printTable(rows)
        if let along = result.along { show(along) }
      }
    }
  }

  private func escapes(_ interventions: Int?) -> String {
    switch interventions {
    case nil: "not recorded: the checkpoint is from before it was counted"
    case 0: "never acted: this run is no evidence about escaping"
    case 1: "acted once"
    case let count?: "acted \(count) times"
    }
  }

  /// Index and degeneracy at ε = 1e-4, with the extremes, an epoch a row.
  private func show(_ along: [PointAlong]) {
    func limits(_ figure: BoundedFigure, _ text: (Double) -> String) -> String {
      "\(text(figure.value)) [\(text(figure.lower)), \(text(figure.upper))]"
    }
    print("\nepoch: least and greatest eigenvalue; index and degeneracy at ε = 1e-4")
    printTable(
      along.compactMap { passed in
        guard let spectrum = passed.point.spectrum else { return nil }
        let share = spectrum.share(at: 1e-4)
        return (
          "\(passed.epoch)",
          "\(limits(spectrum.least, short)), \(limits(spectrum.greatest, short))"
            + (share.map {
              "; \(limits($0.index, percent)), \(limits($0.degeneracy, percent))"
            } ?? "")
        )
      })
  }

  private func experiment() throws -> Experiment {
    if let config {
      try refuseWhatIsIn(config)
      return try Experiment(from: config)
    }
    return Experiment(
      name: RunFolder(folder).url.lastPathComponent,
      data: try samples.described(for: loss), test: samples.test, architecture: try architecture(),
      loss: loss, weightDecay: weightDecay, labelSmoothing: labelSmoothing,
      origin: .trained(
        by: try optimizer.described(seed: seed),
        plan: try TrainingPlan(
          epochs: epochs, batchSize: batch, seed: seed, initialization: initialization)),
      precision: precision)
  }

  /// An option beside a file that says the same would be passed over, or the file's.
  private func refuseWhatIsIn(_ config: String) throws {
    let beside = [
      "config", "out", "resume", "spectrum-every", "checkpoint-every", "data", "json", "quiet",
    ]
    for argument in CommandLine.arguments.dropFirst() where argument.hasPrefix("--") {
      let name = argument.dropFirst(2).prefix { $0 != "=" }
      guard beside.contains(String(name)) else {
        throw ValidationError("--\(name) is part of the experiment: say it in \(config)")
      }
    }
  }

  private func architecture() throws -> Architecture {
    guard let network else { return .dense(hidden: hidden, activation: activation) }
    guard let named = try Network(named: network) else {
      throw ValidationError("'\(network)' is no network: give lenet5, smallCIFAR or a JSON file")
    }
    return named.architecture
  }
}

/// "64,32" as [64, 32]; "" as no hidden layer.
private func widths(_ text: String) throws -> [Int] {
  try text.split(separator: ",").map { part in
    guard let width = Int(part), width > 0 else {
      throw ValidationError("'\(part)' is not a width: give positive integers, such as 64,32")
    }
    return width
  }
}
