import Foundation
import Saddle

extension Provenance {
  /// Of what is made here and now, by this commit and toolchain.
  init(of samples: SampleSet, madeBy command: String, blas: String) throws(DataError) {
    try self.init(
      command: command, commit: firstLine("git", "describe", "--always", "--dirty", "--abbrev=40"),
      toolchain: firstLine("swift", "--version"), blas: blas, samples: samples)
  }
}

/// The first line a program prints, or "unknown".
func firstLine(_ program: String, _ arguments: String...) -> String {
  let environment = ProcessInfo.processInfo.environment
  let outcome = try? Program(program, environment: environment).run(arguments)
  let text = outcome.flatMap { $0.status == 0 ? $0.output : nil }
  return text?.split(separator: "\n").first.map(String.init) ?? "unknown"
}
