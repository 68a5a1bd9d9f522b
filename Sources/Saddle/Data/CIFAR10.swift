/// The binary version of CIFAR-10: records of one label byte and 3072 bytes, 32 × 32 pixels in a
/// red, a green and a blue plane (Krizhevsky 2009).
///
/// A file may hold any whole number of records; the originals hold 10,000 each.
public enum CIFAR10 {
  /// The files of the data set, in their order.
  public enum File: String, CaseIterable, Codable, Sendable {
    case dataBatch1 = "data_batch_1.bin"
    case dataBatch2 = "data_batch_2.bin"
    case dataBatch3 = "data_batch_3.bin"
    case dataBatch4 = "data_batch_4.bin"
    case dataBatch5 = "data_batch_5.bin"
    case testBatch = "test_batch.bin"

    /// The five files of training images.
    public static let training: [File] = [
      .dataBatch1, .dataBatch2, .dataBatch3, .dataBatch4, .dataBatch5,
    ]
  }

  public static let shape = ImageShape(channels: 3, height: 32, width: 32)
  public static let recordBytes = 3073
  /// How many records each original file holds.
  public static let originalCount = 10_000

  /// The first `first` records of the file at `path`, or all.
  ///
  /// - Throws: `DataError`: what is wrong with the file.
  public static func read(
    _ path: String, first: Int? = nil, name: String
  ) throws(DataError) -> ImageSet {
    let available = try count(path)
    guard available > 0 else { throw .noRecords(path: path) }
    let count = first ?? available
    guard count > 0 else { throw .invalidCount(asked: count) }
    guard count <= available else {
      throw .tooFewRecords(path: path, asked: count, found: available)
    }
    let file = try ByteFile(path)
    var record = [UInt8](repeating: 0, count: recordBytes)
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    pixels.reserveCapacity(count * shape.count)
    for i in 0..<count {
      let got = try file.read(into: &record)
      guard got == recordBytes else {
        throw .truncated(
          path: path, expectedBytes: count * recordBytes, foundBytes: i * recordBytes + got)
      }
      guard record[0] < 10 else {
        try requireBinary(path)
        throw .labelOutOfRange(path: path, record: i, label: Int(record[0]), classes: 10)
      }
      labels.append(record[0])
      pixels += record[1...]
    }
    return ImageSet(
      name: name, shape: shape, classes: 10, pixels: pixels, labels: labels,
      sources: [RecordSource(first: count, of: [try SourceFile(path: path)])])
  }

  /// How many records the file at `path` holds.
  ///
  /// - Throws: `DataError.partialRecord`, `.otherContent`, `.inaccessible`.
  public static func count(_ path: String) throws(DataError) -> Int {
    let bytes = try ByteFile.size(path)
    guard bytes % recordBytes == 0 else {
      try requireBinary(path)
      throw .partialRecord(path: path, bytes: bytes, recordBytes: recordBytes)
    }
    return bytes / recordBytes
  }

  /// - Throws: `DataError.otherContent` where the file's first bytes say what it is.
  private static func requireBinary(_ path: String) throws(DataError) {
    var bytes = [UInt8](repeating: 0, count: FileContent.lookahead)
    let count = try ByteFile(path).read(into: &bytes)
    if let content = FileContent(startingWith: bytes.prefix(count)) {
      throw .otherContent(path: path, content, .cifar10)
    }
  }
}
