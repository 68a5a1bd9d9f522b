import CZlib

/// The part of the zip format that NumPy's archives use (PKWARE's APPNOTE 6.3): stored and deflated
/// entries, checksums, and the 64-bit fields that NumPy writes even for small arrays.
///
/// Only the directory at the end is believed; local headers are held against it.
enum Zip {
  static let localMagic: [UInt8] = [0x50, 0x4B, 3, 4]
  static let endMagic: [UInt8] = [0x50, 0x4B, 5, 6]
  private static let directoryMagic: [UInt8] = [0x50, 0x4B, 1, 2]
  private static let end64Magic: [UInt8] = [0x50, 0x4B, 6, 6]
  private static let locator64Magic: [UInt8] = [0x50, 0x4B, 6, 7]

  struct Entry {
    let name: String
    let isDeflated: Bool
    let crc: UInt32
    /// Where its bytes stand in the file.
    let range: Range<Int>
    /// How many bytes it unpacks to.
    let size: Int
  }

  /// Every entry of the archive, in the order of its directory.
  static func entries(_ bytes: [UInt8]) throws(TensorFileError.Problem) -> [Entry] {
    let (count, directory) = try self.directory(bytes)
    var entries: [Entry] = []
    var at = directory.lowerBound
    while at < directory.upperBound {
      let (entry, next) = try self.entry(bytes, at, before: directory.upperBound)
      entries.append(entry)
      at = next
    }
    guard entries.count == count else {
      throw .malformed("the archive's directory lists \(entries.count) entries and says \(count)")
    }
    // Entries that share bytes would let a small file unpack to any size.
    let ranges = entries.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(ranges, ranges.dropFirst()) {
      guard first.upperBound <= second.lowerBound else {
        throw .malformed("two entries of the archive overlap")
      }
    }
    return entries
  }

  /// The unpacked bytes of an entry.
  static func contents(
    of entry: Entry, in bytes: [UInt8]
  ) throws(TensorFileError.Problem) -> [UInt8] {
    let contents =
      entry.isDeflated
      ? try inflated(bytes, entry.range, size: entry.size) : Array(bytes[entry.range])
    guard checksum(contents) == entry.crc else { throw .checksumMismatch }
    return contents
  }

  /// The number of entries and the bytes of the directory.
  private static func directory(
    _ bytes: [UInt8]
  ) throws(TensorFileError.Problem) -> (count: Int, Range<Int>) {
    // A comment of up to 2¹⁶ − 1 bytes may follow the record.
    let earliest = max(0, bytes.count - 22 - 0xFFFF)
    guard bytes.count >= 22,
      let end = stride(from: bytes.count - 22, through: earliest, by: -1).first(where: { at in
        has(endMagic, bytes, at)
          && at + 22 + Int(bytes.word(at + 20, as: UInt16.self)) == bytes.count
      })
    else { throw .malformed("the archive's end is missing: it is cut off or damaged") }
    var count = UInt64(bytes.word(end + 10, as: UInt16.self))
    var size = UInt64(bytes.word(end + 12, as: UInt32.self))
    var start = UInt64(bytes.word(end + 16, as: UInt32.self))
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      guard end >= 20, has(locator64Magic, bytes, end - 20),
        let end64 = Int(exactly: bytes.word(end - 12, as: UInt64.self)), end64 <= end - 76,
        has(end64Magic, bytes, end64)
      else { throw .malformed("the archive's 64-bit end is missing") }
      count = bytes.word(end64 + 32, as: UInt64.self)
      size = bytes.word(end64 + 40, as: UInt64.self)
      start = bytes.word(end64 + 48, as: UInt64.self)
    }
    guard let first = Int(exactly: start), let length = Int(exactly: size),
      let entries = Int(exactly: count), first <= end, length <= end - first
    else { throw .malformed("the archive's directory lies outside it") }
    return (entries, first..<first + length)
  }

  private static func entry(
    _ bytes: [UInt8], _ at: Int, before end: Int
  ) throws(TensorFileError.Problem) -> (Entry, next: Int) {
    guard end - at >= 46, has(directoryMagic, bytes, at) else {
      throw .malformed("the archive's directory is damaged")
    }
    let flags = bytes.word(at + 8, as: UInt16.self)
    let method = bytes.word(at + 10, as: UInt16.self)
    let lengths = [28, 30, 32].map { Int(bytes.word(at + $0, as: UInt16.self)) }
    let next = at + 46 + lengths.reduce(0, +)
    guard next <= end else { throw .malformed("the archive's directory is damaged") }
    let nameBytes = bytes[at + 46..<at + 46 + lengths[0]]
    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      throw .malformed("a name in the archive is not UTF-8")
    }
    guard flags & 1 == 0 else { throw .unsupportedPacking("encryption") }
    guard method == 0 || method == 8 else {
      throw .unsupportedPacking("packing by method \(method)")
    }

    // In the order in which a 64-bit field holds those that are 0xFFFFFFFF here.
    var extra = Extra(bytes: bytes, range: at + 46 + lengths[0]..<next - lengths[2])
    let size = try extra.wide(bytes.word(at + 24, as: UInt32.self))
    let packed = try extra.wide(bytes.word(at + 20, as: UInt32.self))
    let local = try extra.wide(bytes.word(at + 42, as: UInt32.self))

    guard local <= bytes.count - 30, has(localMagic, bytes, local) else {
      throw .malformed("an entry of the archive lies outside it")
    }
    let nameLength = Int(bytes.word(local + 26, as: UInt16.self))
    let start = local + 30 + nameLength + Int(bytes.word(local + 28, as: UInt16.self))
    guard start <= bytes.count, packed <= bytes.count - start else {
      throw .malformed("an entry of the archive lies outside it")
    }
    guard bytes[local + 30..<local + 30 + nameLength].elementsEqual(nameBytes) else {
      throw .malformed("an entry has two names")
    }
    // Deflate packs 258 bytes into two bits at best (RFC 1951): more is a lie.
    let largest = packed.multipliedReportingOverflow(by: 1032)
    guard method == 8 ? largest.overflow || size <= largest.partialValue : size == packed else {
      throw .malformed("an entry cannot unpack to the \(size) bytes that the archive says")
    }
    return (
      Entry(
        name: name, isDeflated: method == 8, crc: bytes.word(at + 16, as: UInt32.self),
        range: start..<start + packed, size: size), next
    )
  }

  /// The extra fields of a directory entry, for the 64-bit one among them.
  private struct Extra {
    let bytes: [UInt8]
    /// What is left of the 64-bit field; nil where there is none.
    private var wide: Range<Int>?

    init(bytes: [UInt8], range: Range<Int>) {
      self.bytes = bytes
      var at = range.lowerBound
      while range.upperBound - at >= 4 {
        let length = Int(bytes.word(at + 2, as: UInt16.self))
        guard length <= range.upperBound - at - 4 else { return }
        if bytes.word(at, as: UInt16.self) == 1 { wide = at + 4..<at + 4 + length }
        at += 4 + length
      }
    }

    /// A size or an offset: the word itself, or the next 64-bit one where it says so.
    mutating func wide(_ word: UInt32) throws(TensorFileError.Problem) -> Int {
      guard word == 0xFFFF_FFFF else { return Int(word) }
      guard let range = wide, range.count >= 8,
        let value = Int(exactly: bytes.word(range.lowerBound, as: UInt64.self))
      else { throw .malformed("a 64-bit size in the archive is missing or too large") }
      wide = range.lowerBound + 8..<range.upperBound
      return value
    }
  }

  private static func has(_ magic: [UInt8], _ bytes: [UInt8], _ at: Int) -> Bool {
    bytes[at..<at + 4].elementsEqual(magic)
  }
}
