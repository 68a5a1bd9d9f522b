/// The shape of one image: `channels` planes of `height` rows of `width` pixels.
public struct ImageShape: Hashable, Codable, Sendable, CustomStringConvertible {
  public let channels: Int
  public let height: Int
  public let width: Int

  public init(channels: Int, height: Int, width: Int) {
    precondition(
      channels > 0 && height > 0 && width > 0, "an image of \(channels) × \(height) × \(width)")
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// How many numbers an image is.
  public var count: Int { channels * height * width }
  public var description: String { "\(channels) × \(height) × \(width)" }
}

/// A file that was read, known again by its bytes.
public struct SourceFile: Hashable, Codable, Sendable {
  /// The file's name without its folder.
  public let name: String
  /// The SHA-256 of the whole file as it is on disk, compressed if it is.
  public let sha256: String

  public init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}

/// Where records came from: the first so many of a file, or of an images file and its labels.
public struct RecordSource: Hashable, Codable, Sendable {
  /// How many records were taken, from the start.
  public let first: Int
  public let files: [SourceFile]

  public init(first: Int, of files: [SourceFile]) {
    self.first = first
    self.files = files
  }
}

/// Labelled images, as bytes.
public struct ImageSet: Equatable, Sendable {
  /// What the images are, for people.
  public let name: String
  public let shape: ImageShape
  /// How many classes there are; labels are below it.
  public let classes: Int
  /// `count` images one after the other, each plane by plane and row by row.
  public let pixels: [UInt8]
  public let labels: [UInt8]
  /// Where the images were read from, in order; empty when they were made.
  public let sources: [RecordSource]

  public init(
    name: String, shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8],
    sources: [RecordSource] = []
  ) {
    precondition(
      pixels.count == labels.count * shape.count,
      "\(pixels.count) bytes for \(labels.count) images of \(shape)")
    precondition(labels.allSatisfy { $0 < classes }, "a label outside \(classes) classes")
    self.name = name
    self.shape = shape
    self.classes = classes
    self.pixels = pixels
    self.labels = labels
    self.sources = sources
  }

  /// How many images there are.
  public var count: Int { labels.count }

  /// The bytes of image `i`.
  public func image(_ i: Int) -> ArraySlice<UInt8> {
    pixels[i * shape.count..<(i + 1) * shape.count]
  }

  /// The SHA-256 of shape, labels and pixels: the same for the same images, whether they were read
  /// from a plain or a compressed file, from the original or from a shorter copy.
  ///
  /// The bytes that are hashed: channels, height, width, classes and count as decimals with a
  /// space after each, then the labels, then the pixels.
  ///
  /// - Throws: `DataError.digestUnavailable`.
  public func contentSHA256() throws(DataError) -> String {
    let header = "\(shape.channels) \(shape.height) \(shape.width) \(classes) \(count) "
    var hasher = try Digest.Hasher(.sha256)
    try hasher.update(Array(header.utf8), count: header.utf8.count)
    try hasher.update(labels, count: labels.count)
    try hasher.update(pixels, count: pixels.count)
    return try hasher.finish().hexadecimal
  }

  /// The first `count` images.
  ///
  /// - Throws: `DataError.invalidCount`, `DataError.tooFewRecords`.
  public func prefix(_ count: Int) throws(DataError) -> ImageSet {
    guard count > 0 else { throw .invalidCount(asked: count) }
    guard count <= self.count else {
      throw .tooFewRecords(path: name, asked: count, found: self.count)
    }
    var remaining = count
    var used: [RecordSource] = []
    for source in sources where remaining > 0 {
      used.append(RecordSource(first: min(source.first, remaining), of: source.files))
      remaining -= source.first
    }
    return ImageSet(
      name: name, shape: shape, classes: classes,
      pixels: Array(pixels[..<(count * shape.count)]), labels: Array(labels[..<count]),
      sources: used)
  }

  /// Some of the images, with all of the set's sources.
  func images(_ range: Range<Int>) -> ImageSet {
    ImageSet(
      name: name, shape: shape, classes: classes,
      pixels: Array(pixels[range.lowerBound * shape.count..<range.upperBound * shape.count]),
      labels: Array(labels[range]), sources: sources)
  }

  /// The images of this set and then those of `other`, under this set's name.
  ///
  /// - Throws: `DataError.shapesDisagree`.
  public func appending(_ other: ImageSet) throws(DataError) -> ImageSet {
    guard shape == other.shape && classes == other.classes else {
      throw .shapesDisagree(first: name, second: other.name)
    }
    return ImageSet(
      name: name, shape: shape, classes: classes, pixels: pixels + other.pixels,
      labels: labels + other.labels, sources: sources + other.sources)
  }
}
