import Foundation
import Saddle
import Testing

extension Trait where Self == ConditionTrait {
  /// Runs the test where MNIST is found; `SADDLE_REQUIRE_DATASETS=1` turns the skip into a failure.
  public static var requiresMNIST: Self { requires(.mnist) }

  /// Runs the test where CIFAR-10 is found, or the beginning of each of its files;
  /// `SADDLE_REQUIRE_DATASETS=1` turns the skip into a failure.
  public static var requiresCIFAR10: Self { requires(.cifar10) }

  private static func requires(_ dataset: Dataset) -> Self {
    .enabled(
      if: isFound(dataset) || isRequired,
      "\(dataset.title) is not here: name its folder in SADDLE_DATA, or \(dataset.fetchCommand)")
  }

  /// A required test runs without its data too, and fails on what it cannot load.
  private static var isRequired: Bool {
    ProcessInfo.processInfo.environment["SADDLE_REQUIRE_DATASETS"] == "1"
  }

  private static func isFound(_ dataset: Dataset) -> Bool {
    let folder = DataFolder()
    return switch dataset {
    case .mnist: MNIST.File.allCases.allSatisfy { (try? folder.mnist($0)) != nil }
    case .cifar10: CIFAR10.File.allCases.allSatisfy { (try? folder.cifar10($0)) != nil }
    }
  }
}
