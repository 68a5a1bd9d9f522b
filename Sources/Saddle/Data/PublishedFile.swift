/// A file as its publishers put it on the web, and how to know it.
public struct PublishedFile: Hashable, Codable, Sendable {
  public let name: String
  /// What the bytes must hash to, every one of these.
  public let digests: [Digest]

  public init(name: String, digests: [Digest]) {
    self.name = name
    self.digests = digests
  }

  /// Whether the file at `path` is this one.
  ///
  /// - Throws: `DataError.checksumMismatch`, `.inaccessible`, `.digestUnavailable`.
  public func verify(_ path: String) throws(DataError) {
    for expected in digests {
      let found = try Digest(expected.algorithm, ofFile: path)
      guard found == expected else {
        throw .checksumMismatch(
          path: path, algorithm: expected.algorithm, expected: expected.hexadecimal,
          found: found.hexadecimal)
      }
    }
  }
}

extension Dataset {
  /// Where the data set is downloaded from unless another mirror is named.
  public var defaultMirror: String {
    switch self {
    case .mnist: "https://ossci-datasets.s3.amazonaws.com/mnist/"
    case .cifar10: "https://www.cs.toronto.edu/~kriz/"
    }
  }

  /// The files to download: the published MD5, and the SHA-256 recorded from files that had it.
  public var published: [PublishedFile] {
    switch self {
    case .mnist:
      [
        Self.file(
          "train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873",
          "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        Self.file(
          "train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432",
          "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        Self.file(
          "t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3",
          "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        Self.file(
          "t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c",
          "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
      ]
    case .cifar10:
      [
        Self.file(
          "cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530",
          "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
      ]
    }
  }

  private static func file(_ name: String, _ md5: String, _ sha256: String) -> PublishedFile {
    PublishedFile(name: name, digests: [Digest(.md5, md5), Digest(.sha256, sha256)])
  }
}
