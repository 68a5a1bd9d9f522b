/// A published data set that Saddle reads and fetches.
public enum Dataset: String, CaseIterable, Codable, Sendable {
  case mnist, cifar10

  /// Its name in text.
  public var title: String {
    switch self {
    case .mnist: "MNIST"
    case .cifar10: "CIFAR-10"
    }
  }

  /// The folder that holds it inside a data folder, named as its publishers name it.
  public var folderName: String {
    switch self {
    case .mnist: "mnist"
    case .cifar10: "cifar-10-batches-bin"
    }
  }

  /// What to type to get it.
  public var fetchCommand: String { "saddle data fetch \(rawValue)" }
}
