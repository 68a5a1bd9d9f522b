import Foundation
import Testing

/// The interpreter of Python that peers are run by.
public enum PeerPython {
  /// The one that `SADDLE_PEER_PYTHON` names, where it has torch.
  public static let torch: String? = {
    guard let python = ProcessInfo.processInfo.environment["SADDLE_PEER_PYTHON"],
      let status = try? run(python, ["-c", "import torch"])
    else { return nil }
    return status == 0 ? python : nil
  }()

  /// Runs a program to its end, without its output.
  ///
  /// - Returns: The status it ends with.
  public static func run(_ python: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs the test where there is a Python with torch.
  public static var requiresTorch: Self {
    .enabled(if: PeerPython.torch != nil, "SADDLE_PEER_PYTHON names no python with torch")
  }
}
