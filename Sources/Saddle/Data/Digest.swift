import CCrypto

/// A checksum of bytes or of a file, as lower-case hexadecimal digits.
public struct Digest: Hashable, Codable, Sendable, CustomStringConvertible {
  public enum Algorithm: String, Codable, Sendable {
    /// RFC 1321. Broken against intent; used only because publishers state it.
    case md5
    /// FIPS 180-4.
    case sha256

    var title: String {
      switch self {
      case .md5: "MD5"
      case .sha256: "SHA-256"
      }
    }

    var implementation: OpaquePointer? {
      switch self {
      case .md5: EVP_md5()
      case .sha256: EVP_sha256()
      }
    }
  }

  public let algorithm: Algorithm
  public let hexadecimal: String
  public var description: String { hexadecimal }

  /// A digest that is known beforehand; digits of either case.
  public init(_ algorithm: Algorithm, _ hexadecimal: String) {
    self.algorithm = algorithm
    self.hexadecimal = hexadecimal.lowercased()
  }

  /// The digest of `bytes`.
  ///
  /// - Throws: `DataError.digestUnavailable`.
  public init(_ algorithm: Algorithm, of bytes: [UInt8]) throws(DataError) {
    var hasher = try Hasher(algorithm)
    try hasher.update(bytes, count: bytes.count)
    self = try hasher.finish()
  }

  /// The digest of the file at `path`, read in pieces.
  ///
  /// - Throws: `DataError.inaccessible`, `DataError.digestUnavailable`.
  public init(_ algorithm: Algorithm, ofFile path: String) throws(DataError) {
    var hasher = try Hasher(algorithm)
    let file = try ByteFile(path)
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try file.read(into: &piece)
      if count == 0 { break }
      try hasher.update(piece, count: count)
    }
    self = try hasher.finish()
  }

  /// A digest in the making; owns libcrypto's context.
  struct Hasher: ~Copyable {
    private let algorithm: Algorithm
    private let context: OpaquePointer

    init(_ algorithm: Algorithm) throws(DataError) {
      guard let context = EVP_MD_CTX_new() else { throw .digestUnavailable(algorithm) }
      guard EVP_DigestInit_ex(context, algorithm.implementation, nil) == 1 else {
        EVP_MD_CTX_free(context)
        throw .digestUnavailable(algorithm)
      }
      self.algorithm = algorithm
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes in the first `count` elements of `bytes`.
    mutating func update(_ bytes: [UInt8], count: Int) throws(DataError) {
      precondition(count <= bytes.count, "\(count) of \(bytes.count) bytes")
      guard EVP_DigestUpdate(context, bytes, count) == 1 else {
        throw .digestUnavailable(algorithm)
      }
    }

    consuming func finish() throws(DataError) -> Digest {
      var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
      var count: UInt32 = 0
      guard EVP_DigestFinal_ex(context, &bytes, &count) == 1 else {
        throw .digestUnavailable(algorithm)
      }
      let digits = bytes.prefix(Int(count)).map { byte in
        byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
      }
      return Digest(algorithm, digits.joined())
    }
  }
}
