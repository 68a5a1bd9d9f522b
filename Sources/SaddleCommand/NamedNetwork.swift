import Foundation
import Saddle

extension Network {
  /// A network as the command line names it: a known one, or one from a JSON file; nil for any other
  /// name.
  ///
  /// - Throws: `RunError` for a file that cannot be read or is no network.
  init?(named name: String) throws {
    switch name {
    case "lenet5": self = try .leNet5
    case "smallCIFAR": self = try .smallCIFAR
    case _ where name.hasSuffix(".json"):
      let url = URL(fileURLWithPath: name)
      self = try RunFolder(url.deletingLastPathComponent().path)
        .read(Network.self, from: url.lastPathComponent)
    default: return nil
    }
  }

  /// How an experiment names it: by what does not follow from the data where that says it all.
  var architecture: Architecture {
    guard let (widths, activation) = denseWidths else { return .network(self) }
    return .dense(hidden: Array(widths.dropFirst().dropLast()), activation: activation)
  }
}
