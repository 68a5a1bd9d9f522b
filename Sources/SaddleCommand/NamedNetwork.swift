import Foundation
import Saddle

/// A network as the command line names it.
enum NamedNetwork: CustomStringConvertible {
  case fullyConnected(FullyConnectedNetwork)
  case layered(LayeredNetwork)

  /// A known network, or one from a JSON file; nil for any other name.
  ///
  /// - Throws: `RunError` for a file that cannot be read or is no network.
  init?(_ name: String) throws {
    switch name {
    case "lenet5": self = .layered(try .leNet5)
    case "smallCIFAR": self = .layered(try .smallCIFAR)
    case _ where name.hasSuffix(".json"):
      let url = URL(fileURLWithPath: name)
      let folder = RunFolder(url.deletingLastPathComponent().path)
      struct Keys: Decodable { let widths: [Int]? }
      if try folder.read(Keys.self, from: url.lastPathComponent).widths != nil {
        self = .fullyConnected(
          try folder.read(FullyConnectedNetwork.self, from: url.lastPathComponent))
      } else {
        self = .layered(try folder.read(LayeredNetwork.self, from: url.lastPathComponent))
      }
    default: return nil
    }
  }

  var architecture: Architecture {
    switch self {
    case .fullyConnected(let network):
      .fullyConnected(
        hidden: Array(network.widths.dropFirst().dropLast()), activation: network.activation)
    case .layered(let network): .layered(network)
    }
  }

  var parameterBlocks: [ParameterBlock] {
    switch self {
    case .fullyConnected(let network): network.parameterBlocks
    case .layered(let network): network.parameterBlocks
    }
  }

  var outputs: Int {
    switch self {
    case .fullyConnected(let network): network.outputs
    case .layered(let network): network.outputs
    }
  }

  var description: String {
    switch self {
    case .fullyConnected(let network): "\(network)"
    case .layered(let network): "\(network)"
    }
  }
}
