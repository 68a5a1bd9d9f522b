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
  }

  /// - Parameter classes: how many classes the labels of own files count; nil where these say.
  /// - Throws: `DataError`: a file of the user's own that cannot be read.
  func described(classes: Int? = nil) throws -> DatasetDescription {
    DatasetDescription(
      try source(classes: classes), grayscale: grayscale, pooling: pool,
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

  private func source(classes: Int?) throws -> DataSource {
    if let inputs, let targets {
      return .files(
        arrays: try TensorFiles(inputs: inputs, targets: targets, first: first, classes: classes))
    }
    return switch dataset {
    case .mnist: .mnist(file: .train, first: first)
    case .cifar10: .cifar10(files: CIFAR10.File.training, firstOfEach: first)
    case .synthetic: .syntheticDigits(seed: 1, count: first ?? 2000)
    }
  }
}
