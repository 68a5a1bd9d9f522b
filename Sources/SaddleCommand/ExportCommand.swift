import ArgumentParser
import Foundation
import Saddle

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a run's parameters for PyTorch or NumPy.",
    discussion: """
      .safetensors and .npz hold one tensor a weight or bias under the names of \
      torch.nn.Sequential(Linear, Tanh, Linear, …): 0.weight, 0.bias, 2.weight, …, or those that the \
      network was given, and batch normalizations' running_mean and running_var; .npy holds the flat \
      vector. The data are needed for the widths of inputs and outputs.
      """)

  @Argument(help: "The folder of a run.")
  var folder: String
  @Option(name: .customLong("out"), help: "The file: .safetensors, .npz or .npy.")
  var file: String
  @Option(help: "The precision to write; double loses nothing.")
  var precision = Precision.double
  @OptionGroup var data: DataOption

  func run() throws {
    try reportingErrors {
      let folder = RunFolder(self.folder)
      let (run, parameters, _) = try folder.trained()
      let objective = try run.experiment.prepared(from: data.folder).objective(Double.self)
      guard parameters.count == objective.dimension else {
        throw TrainingError.stateDoesNotFit(
          parameters: parameters.count, network: objective.dimension)
      }
      let isFlat = URL(fileURLWithPath: file).pathExtension.lowercased() == "npy"
      let blocks =
        isFlat
        ? [
          ParameterBlock(
            name: "parameters", shape: [parameters.count], range: 0..<parameters.count)
        ] : objective.parameterBlocks
      let metadata = [
        "network": "\(objective.network)", "loss": run.experiment.loss.rawValue,
      ]
      let written =
        switch precision {
        case .double:
          TensorArchive(file: file, parameters: parameters, blocks: blocks, metadata: metadata)
        case .float:
          TensorArchive(
            file: file, parameters: parameters.map { Float($0) }, blocks: blocks,
            metadata: metadata)
        }
      try TensorArchive(
        file: file, tensors: written.tensors + (isFlat ? [] : objective.network.statistics),
        metadata: metadata
      ).write(to: file)
    }
  }
}
