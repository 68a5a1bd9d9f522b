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

  /// The SHA-256 of what the original files unpack to, by file name.
  static let unpackedSHA256 = [
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ]
}
