import ArgumentParser
import Foundation
import Saddle

/// What a network is trained on or analyzed over: a data set, or files of the user's own.
struct SampleOptions: ParsableArguments {
  enum Source: String, ExpressibleByArgument, CaseIterable {
    case mnist, cifar10, synthetic
  }

  @Option(help: "The data set to train on.")
  var dataset = Source.mnist
  @OptionGroup var data: DataOption
  @Option(
    help: "Your own inputs in place of a data set: an array, samples × features, as .npy.")
  var inputs: String?
  @Option(
    help: "Their targets: one whole number a sample for classes, else samples × outputs.")
  var targets: String?
  @Option(
    help: """
      What whole-numbered targets are, where the loss takes both: classes or values.
      """)
  var targetsAs: TensorFiles.TargetKind?
  @Option(parsing: .unconditional, help: "Use the first N samples (of each file, for CIFAR-10).")
  var first: Int?
  @Option(parsing: .unconditional, help: "Average over squares of this many pixels a side.")
  var pool = 1
  @Flag(help: "Make colour images grey.")
  var grayscale = false
  @Option(help: "How images are scaled.")
  var standardize = Standardization.none

  func validate() throws {
    guard (inputs == nil) == (targets == nil) else {
      throw ValidationError("--inputs and --targets go together")
    }
    guard targetsAs == nil || targets != nil else {
      throw ValidationError("--targets-as is of --targets")
    }
  }

  /// - Parameter outputs: how many the network has; nil where the data say it.
  /// - Throws: `DataError`: a file of the user's own that cannot be read; `ValidationError` where
  ///   nothing says what its targets are.
  func described(for loss: Loss, outputs: Int? = nil) throws -> DatasetDescription {
    DatasetDescription(
      try source(for: loss, outputs: outputs), grayscale: grayscale, pooling: pool,
      standardization: standardize)
  }

  /// The images held out; none of the user's own data.
  var test: DataSource? {
    if inputs != nil { return nil }
    return switch dataset {
    case .mnist: .mnist(file: .test, first: nil)
    case .cifar10: .cifar10(files: [.testBatch], firstOfEach: first)
    case .synthetic: .syntheticDigits(seed: 2, count: first ?? 2000)
    }
  }

  private func source(for loss: Loss, outputs: Int?) throws -> DataSource {
    if let inputs, let targets {
      // A squared error takes classes, one output each, and values alike.
      var kind = targetsAs
      if kind == nil, loss == .meanSquaredError {
        if outputs == 1 {
          kind = .values
        } else if outputs == nil, try TensorFiles.mayBeClasses(targets) {
          throw ValidationError(
            "\(targets): whole numbers, one a sample, may be classes or values: say --targets-as "
              + "classes or --targets-as values")
        }
      }
      return .files(
        arrays: try TensorFiles(
          inputs: inputs, targets: targets, first: first,
          classes: kind == .values ? nil : outputs, targetKind: kind))
    }
    return switch dataset {
    case .mnist: .mnist(file: .train, first: first)
    case .cifar10: .cifar10(files: CIFAR10.File.training, firstOfEach: first)
    case .synthetic: .syntheticDigits(seed: 1, count: first ?? 2000)
    }
  }
}

extension TensorFiles.TargetKind: ExpressibleByArgument {}
