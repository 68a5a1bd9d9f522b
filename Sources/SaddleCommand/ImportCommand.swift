import ArgumentParser
import Foundation
import Saddle

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Makes a run of parameters that were trained elsewhere, for `saddle spectrum`.",
    discussion: """
      Reads .safetensors, .npz and .npy, in half, single or double precision. A dense `weight` is \
      outputs × inputs, as torch.nn.Linear has it, a `kernel` inputs × outputs, as Flax and Keras \
      have it; under other names the shapes decide where they fit one way round only, and else \
      --orientation. Tensors are matched by PyTorch's names (0.weight, \
      0.bias, 2.weight, …, or the network's own "names"), else by their shapes and the numbers in their names; one flat vector \
      is taken as it is. A batch normalization takes its running_mean and running_var. Look whether the loss that is printed is the one that training ended at: \
      it tells whether network, loss and data are the same. softmaxCrossEntropy is \
      torch.nn.CrossEntropyLoss; meanSquaredError is half the squared error, summed over outputs: \
      outputs / 2 times torch.nn.MSELoss. Whole-numbered targets are classes, but values where a \
      network of one output is of meanSquaredError.
      """)

  @Argument(help: "The file of parameters.")
  var parameters: String
  @Option(
    help: """
      Widths from inputs to outputs, such as 784-128-10; lenet5 or smallCIFAR; or a JSON file: \
      {"widths": [784, 128, 10], "activation": "tanh"}, or {"input": …, "layers": […]}.
      """)
  var architecture: String
  @Option(help: "The activation of the hidden layers; needed unless a JSON file names it.")
  var activation: Activation?
  @Option(help: "Which way round dense weights are, where names and shapes do not say it.")
  var orientation: WeightLayout?
  @Option var loss = Loss.softmaxCrossEntropy
  @Option(parsing: .unconditional, help: "The coefficient of ½‖θ‖².")
  var weightDecay = 0.0
  @OptionGroup var samples: SampleOptions
  @Option(name: .customLong("out"), help: "The run's folder.")
  var folder: String
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !folder.isEmpty else { throw ValidationError("--out needs the name of a folder") }
  }

  /// What the command prints as JSON.
  private struct Output: Encodable {
    let experiment: Experiment
    let parameters: Int
    let weights: WeightOrientation
    let evaluation: Evaluation
  }

  func run() throws {
    try reportingErrors {
      let network = try self.network()
      guard network.outputs > 1 || loss != .softmaxCrossEntropy else {
        throw ValidationError(
          "one output has no softmax to speak of: its cross-entropy is 0: say --loss meanSquaredError")
      }
      let imported = try ParameterImport(
        readingFrom: parameters, for: network, layout: orientation)
      let folder = RunFolder(self.folder)
      let experiment = Experiment(
        name: folder.url.lastPathComponent,
        data: try samples.described(for: loss, outputs: network.outputs),
        test: samples.test, architecture: imported.network.architecture, loss: loss,
        weightDecay: weightDecay, origin: .imported(imported.provenance))
      let prepared = try experiment.prepared(from: samples.data.folder)
      let evaluation = try prepared.keep(imported, in: folder)
      if output.json {
        try printJSON(
          Output(
            experiment: experiment, parameters: imported.parameters.count,
            weights: imported.orientation, evaluation: evaluation))
      } else {
        var rows = [
          ("network", "\(network)"), ("parameters", "\(imported.parameters.count)"),
          ("weights", "\(imported.orientation)"),
          ("data", prepared.samples.name), ("loss", comparable(evaluation.loss)),
          ("gradient norm ‖∇L‖", comparable(evaluation.gradientNorm)),
        ]
        if let accuracy = evaluation.accuracy {
          rows.append(("accuracy", "\(comparable(100 * accuracy)) %"))
        }
        rows.append(("run", folder.path))
        printTable(rows)
      }
    }
  }

  private func network() throws -> Network {
    if let named = try Network(named: architecture) {
      if let activation, let (_, own) = named.denseWidths, activation != own {
        throw ValidationError(
          "--activation is \(activation.rawValue), and \(architecture) says "
            + own.rawValue)
      }
      return named
    }
    let widths = architecture.split(separator: "-", omittingEmptySubsequences: false)
      .map { Int($0) ?? 0 }
    guard widths.count >= 2, widths.allSatisfy({ $0 > 0 }) else {
      throw ValidationError(
        "'\(architecture)' is no architecture: give widths, such as 784-128-10, or a JSON file")
    }
    guard let activation else {
      throw ValidationError(
        "--activation is needed: one of "
          + Activation.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return try .dense(widths, activation)
  }
}

extension WeightLayout: ExpressibleByArgument {}
