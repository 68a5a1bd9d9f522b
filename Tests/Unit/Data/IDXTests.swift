import Saddle
import Testing

@Suite struct IDXTests {
  /// Reads two files of these bytes.
  private func read(
    _ images: [UInt8], _ labels: [UInt8], first: Int? = nil
  ) throws -> (set: ImageSet?, error: DataError?, images: String, labels: String) {
    let scratch = try DataScratch()
    let imagesPath = try scratch.write(images, to: "images")
    let labelsPath = try scratch.write(labels, to: "labels")
    do throws(DataError) {
      let set = try IDX.read(images: imagesPath, labels: labelsPath, first: first, name: "made")
      return (set, nil, imagesPath, labelsPath)
    } catch {
      return (nil, error, imagesPath, labelsPath)
    }
  }

  @Test(arguments: [false, true])
  func `what was written is read, plain and compressed`(compressed: Bool) throws {
    let pack = compressed ? Made.gzip : { $0 }
    let result = try read(pack(Made.images(3)), pack(Made.labels([7, 0, 9])))
    let set = try #require(result.set)
    #expect(set.shape == ImageShape(channels: 1, height: 2, width: 3))
    #expect(set.pixels == Array(0..<18))
    #expect(set.labels == [7, 0, 9])
    #expect(set.classes == 10)
  }

  @Test func `the provenance names both files by their bytes on disk`() throws {
    let (images, labels) = (Made.gzip(Made.images(3)), Made.labels([1, 2, 3]))
    let set = try #require(try read(images, labels, first: 2).set)
    #expect(
      set.sources == [
        RecordSource(
          first: 2,
          of: [
            SourceFile(name: "images", sha256: try Digest(.sha256, of: images).hexadecimal),
            SourceFile(name: "labels", sha256: try Digest(.sha256, of: labels).hexadecimal),
          ])
      ])
  }

  @Test func `the first n are the beginning of all`() throws {
    let set = try #require(try read(Made.images(3), Made.labels([7, 0, 9]), first: 2).set)
    #expect(set.pixels == Array(0..<12))
    #expect(set.labels == [7, 0])
  }

  @Test func `a file of more than one piece of stored blocks is read whole`() throws {
    let pixels = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let images = Made.gzip(Made.idx(0x803, [2, 250, 400], pixels))
    #expect(try read(images, Made.labels([0, 1])).set?.pixels == pixels)
  }

  @Test func `swapped files are told by their magic`() throws {
    let result = try read(Made.labels([1]), Made.images(1))
    #expect(result.error == .wrongMagic(path: result.images, expected: 0x803, found: 0x801))
  }

  @Test func `a page of HTML is not a data file`() throws {
    let result = try read(Array("<!DOCTYPE html>".utf8), Made.labels([1]))
    #expect(result.error == .otherContent(path: result.images, .html, .mnist))
  }

  @Test(arguments: [0, 3, 15, 16, 33])
  func `a plain file that ends early is truncated`(bytes: Int) throws {
    let result = try read(Array(Made.images(3).prefix(bytes)), Made.labels([1, 2, 3]))
    #expect(
      result.error
        == .truncated(path: result.images, expectedBytes: bytes < 16 ? 16 : 34, foundBytes: bytes))
  }

  @Test func `a truncated file is refused also where the first records are whole`() throws {
    let result = try read(Made.images(3).dropLast(), Made.labels([1, 2, 3]), first: 1)
    #expect(result.error == .truncated(path: result.images, expectedBytes: 34, foundBytes: 33))
  }

  @Test func `bytes beyond the announced ones are refused`() throws {
    let result = try read(Made.images(2), Made.labels([1, 2]) + [3])
    #expect(result.error == .excessBytes(path: result.labels, expectedBytes: 10))
  }

  @Test func `images and labels must be as many`() throws {
    let result = try read(Made.images(3), Made.labels([1, 2]))
    #expect(
      result.error
        == .countsDisagree(
          images: result.images, imageCount: 3, labels: result.labels, labelCount: 2))
    // Also where as many as are asked for are in both.
    let first = try read(Made.images(3), Made.labels([1, 2]), first: 1)
    #expect(
      first.error
        == .countsDisagree(
          images: first.images, imageCount: 3, labels: first.labels, labelCount: 2))
  }

  // 12: in the first block's header. 30: in the middle. −1: in the trailing checksum.
  @Test(arguments: [12, 30, -1])
  func `a gz file that ends early is cut off`(bytes: Int) throws {
    let whole = Made.gzip(Made.images(3))
    let result = try read(
      Array(whole.prefix(bytes < 0 ? whole.count + bytes : bytes)), Made.labels([1, 2, 3]))
    #expect(result.error == .gzipCutOff(path: result.images))
  }

  @Test func `a gz file cut off behind the records asked for is refused`() throws {
    let labels = Made.gzip(Made.labels([1, 2, 3])).dropLast(9)
    let result = try read(Made.images(3), Array(labels), first: 1)
    #expect(result.error == .gzipCutOff(path: result.labels))
  }

  @Test func `one flipped bit in a gz file is found`() throws {
    var images = Made.gzip(Made.images(3))
    images[40] ^= 1
    let result = try read(images, Made.labels([1, 2, 3]))
    #expect(
      result.error == .gzipCorrupt(path: result.images, cause: "incorrect data check"))
  }

  @Test func `a label beyond the classes is refused`() throws {
    let result = try read(Made.images(3), Made.labels([1, 10, 3]))
    #expect(
      result.error == .labelOutOfRange(path: result.labels, record: 1, label: 10, classes: 10))
  }

  @Test func `asking for more than there is, for nothing, or less than nothing`() throws {
    let more = try read(Made.images(2), Made.labels([1, 2]), first: 3)
    #expect(more.error == .tooFewRecords(path: more.images, asked: 3, found: 2))
    for n in [0, -1] {
      let result = try read(Made.images(2), Made.labels([1, 2]), first: n)
      #expect(result.error == .invalidCount(asked: n))
    }
    let empty = try read(Made.images(0), Made.labels([]))
    #expect(empty.error == .noRecords(path: empty.images))
  }

  @Test func `a header that announces four billion images takes no memory for them`() throws {
    let result = try read(Made.idx(0x803, [.max, 4096, 4096], [1, 2, 3]), Made.labels([1]))
    #expect(
      result.error
        == .truncated(
          path: result.images, expectedBytes: 16 + Int(UInt32.max) << 24, foundBytes: 19))
  }

  @Test(arguments: [[0, 28], [28, 0], [28, .max]] as [[UInt32]])
  func `a shape that no image has is refused`(sides: [UInt32]) throws {
    let result = try read(Made.idx(0x803, [1] + sides, [1]), Made.labels([1]))
    #expect(
      result.error
        == .impossibleShape(
          path: result.images, channels: 1, height: Int(sides[0]), width: Int(sides[1])))
  }

  @Test func `a folder in place of a file is named`() throws {
    let scratch = try DataScratch()
    let folder = try scratch.makeFolder("images")
    let error = dataError { () throws(DataError) in try IDX.count(folder) }
    #expect(error == .inaccessible(path: folder, cause: "Is a directory"))
  }

  @Test func `records are counted in either kind of file`() throws {
    let scratch = try DataScratch()
    let images = try scratch.write(Made.gzip(Made.images(4)), to: "images")
    let labels = try scratch.write(Made.labels([1, 2]), to: "labels")
    #expect(try IDX.count(images) == 4)
    #expect(try IDX.count(labels) == 2)
  }
}
