/// The files of MNIST (LeCun, Cortes, Burges 1998).
public enum MNIST {
  /// The training or the test images, each a pair of files.
  public enum File: String, CaseIterable, Codable, Sendable {
    case train, test

    private var stem: String {
      switch self {
      case .train: "train"
      case .test: "t10k"
      }
    }

    /// How many records the original files hold.
    public var originalCount: Int {
      switch self {
      case .train: 60_000
      case .test: 10_000
      }
    }

    /// Names the file of images may have, the published one first.
    public var imageNames: [String] { Self.variants("\(stem)-images", "idx3-ubyte") }
    /// Names the file of labels may have, the published one first.
    public var labelNames: [String] { Self.variants("\(stem)-labels", "idx1-ubyte") }

    /// Unpackers write a dot for the hyphen, and drop the ending.
    private static func variants(_ stem: String, _ format: String) -> [String] {
      ["\(stem)-\(format).gz", "\(stem)-\(format)", "\(stem).\(format)", "\(stem).\(format).gz"]
    }
  }
}
