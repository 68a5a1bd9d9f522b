/// The IDX format of MNIST: big-endian header, then unsigned bytes (LeCun, Cortes, Burges 1998).
///
/// Files may be gzip-compressed or plain. The header's count is authoritative, so a file may hold
/// fewer records than the one it was cut from; it must hold all that its header announces.
public enum IDX {
  static let imagesMagic: UInt32 = 0x0000_0803
  static let labelsMagic: UInt32 = 0x0000_0801

  /// The first `first` grey images of a file, or all, with their labels.
  ///
  /// Both files are read to their ends and their counts compared, also when fewer are taken.
  ///
  /// - Throws: `DataError`: what is wrong with which file.
  public static func read(
    images imagesPath: String, labels labelsPath: String, first: Int? = nil, name: String,
    classes: Int = 10
  ) throws(DataError) -> ImageSet {
    let images = try readImages(imagesPath, first: first)
    let labels = try readLabels(labelsPath, first: first)
    guard images.announced == labels.announced else {
      throw .countsDisagree(
        images: imagesPath, imageCount: images.announced,
        labels: labelsPath, labelCount: labels.announced)
    }
    for (record, label) in labels.bytes.enumerated() where label >= classes {
      throw .labelOutOfRange(
        path: labelsPath, record: record, label: Int(label), classes: classes)
    }
    let files = [try SourceFile(path: imagesPath), try SourceFile(path: labelsPath)]
    return ImageSet(
      name: name, shape: images.shape, classes: classes, pixels: images.bytes,
      labels: labels.bytes, sources: [RecordSource(first: labels.bytes.count, of: files)])
  }

  /// How many records the file of images or labels at `path` holds; it is read to its end.
  ///
  /// - Throws: `DataError`: what is wrong with the file.
  public static func count(_ path: String) throws(DataError) -> Int {
    do {
      return try readImages(path, first: 1).announced
    } catch .wrongMagic(_, _, found: labelsMagic) {
      return try readLabels(path, first: 1).announced
    }
  }

  private static func readImages(
    _ path: String, first: Int?
  ) throws(DataError) -> (shape: ImageShape, announced: Int, bytes: [UInt8]) {
    var file = try GzipFile(path)
    let header = try readHeader(of: &file, words: 4, magic: imagesMagic)
    let (announced, height, width) = (header[1], header[2], header[3])
    // Sides beyond this are no photograph, and their product might not fit an Int.
    guard 1...4096 ~= height && 1...4096 ~= width else {
      throw .impossibleShape(path: path, channels: 1, height: height, width: width)
    }
    let shape = ImageShape(channels: 1, height: height, width: width)
    let bytes = try readBody(
      of: &file, announced: announced, recordBytes: shape.count, first: first)
    return (shape, announced, bytes)
  }

  private static func readLabels(
    _ path: String, first: Int?
  ) throws(DataError) -> (announced: Int, bytes: [UInt8]) {
    var file = try GzipFile(path)
    let announced = try readHeader(of: &file, words: 2, magic: labelsMagic)[1]
    return (
      announced, try readBody(of: &file, announced: announced, recordBytes: 1, first: first)
    )
  }

  private static func readHeader(
    of file: inout GzipFile, words: Int, magic: UInt32
  ) throws(DataError) -> [Int] {
    let bytes = try file.read(upTo: 4 * words)
    if bytes.count >= 4 && word(bytes, 0) != magic {
      let beginning = bytes + ((try? file.read(upTo: FileContent.lookahead)) ?? [])
      if let content = FileContent(startingWith: beginning) {
        throw .otherContent(path: file.path, content, .mnist)
      }
      throw .wrongMagic(path: file.path, expected: magic, found: word(bytes, 0))
    }
    guard bytes.count == 4 * words else {
      throw .truncated(path: file.path, expectedBytes: 4 * words, foundBytes: bytes.count)
    }
    return (0..<words).map { Int(word(bytes, 4 * $0)) }
  }

  private static func readBody(
    of file: inout GzipFile, announced: Int, recordBytes: Int, first: Int?
  ) throws(DataError) -> [UInt8] {
    let headerBytes = file.position
    let expected = headerBytes + announced * recordBytes
    guard announced > 0 else { throw .noRecords(path: file.path) }
    let count = first ?? announced
    guard count > 0 else { throw .invalidCount(asked: count) }
    guard count <= announced else {
      throw .tooFewRecords(path: file.path, asked: count, found: announced)
    }
    // The count may be a lie of four billion records: memory grows with the bytes that come.
    var bytes: [UInt8] = []
    while bytes.count < count * recordBytes {
      let piece = try file.read(upTo: min(count * recordBytes - bytes.count, 1 << 24))
      if piece.isEmpty { break }
      // Bytes, and the numbers that are made of them.
      do throws(MemoryError) {
        try MemoryBudget.require(
          MemoryBudget.bytes(bytes.count + piece.count, 9),
          for: "reading \(count) records of \(file.path)")
      } catch {
        throw .needsMemory(error)
      }
      bytes += piece
    }
    // No further than it takes to see that there is too much: a small file may unpack to any size.
    while file.position <= expected, try !file.read(upTo: 1 << 18).isEmpty {}
    guard file.position >= expected else {
      throw .truncated(path: file.path, expectedBytes: expected, foundBytes: file.position)
    }
    guard file.position == expected else {
      throw .excessBytes(path: file.path, expectedBytes: expected)
    }
    return bytes
  }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[offset + $1]) }
  }
}

extension SourceFile {
  /// The file at `path`, which is read to its end.
  ///
  /// - Throws: `DataError.inaccessible`, `DataError.digestUnavailable`.
  init(path: String) throws(DataError) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    self.init(name: name, sha256: try Digest(.sha256, ofFile: path).hexadecimal)
  }
}
