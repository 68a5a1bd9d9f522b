import Foundation
import Saddle

/// A folder for one test's files, gone when it goes out of scope.
struct DataScratch: ~Copyable {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "saddle-data-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes `bytes` to the file `name`, which may stand in a folder, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path(percentEncoded: false)
  }

  func makeFolder(_ name: String) throws -> String {
    let folder = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
  }
}

/// Files of the formats, made by hand from their specifications.
enum Made {
  /// An IDX file: magic, sizes, bytes.
  static func idx(_ magic: UInt32, _ sizes: [UInt32], _ bytes: [UInt8]) -> [UInt8] {
    ([magic] + sizes).flatMap(bigEndian) + bytes
  }

  /// An IDX file of `count` images of 2 × 3 whose bytes are 0, 1, 2, …
  static func images(_ count: Int) -> [UInt8] {
    idx(0x803, [UInt32(count), 2, 3], (0..<6 * count).map { UInt8($0 % 256) })
  }

  static func labels(_ labels: [UInt8]) -> [UInt8] { idx(0x801, [UInt32(labels.count)], labels) }

  /// A CIFAR-10 record: the label, then planes filled with one byte each.
  static func record(_ label: UInt8, red: UInt8, green: UInt8, blue: UInt8) -> [UInt8] {
    [label] + [red, green, blue].flatMap { Array(repeating: $0, count: 1024) }
  }

  /// `bytes` in the gzip format (RFC 1952), in stored blocks (RFC 1951, §3.2.4).
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
      let end = min(start + 65_535, bytes.count)
      let length = UInt16(end - start)
      result.append(end == bytes.count ? 1 : 0)
      result += littleEndian(length) + littleEndian(~length)
      result += bytes[start..<end]
      start = end
    } while start < bytes.count
    return result + littleEndian(crc32(bytes)) + littleEndian(UInt32(bytes.count))
  }

  private static func bigEndian(_ word: UInt32) -> [UInt8] { littleEndian(word).reversed() }

  private static func littleEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
    (0..<Word.bitWidth / 8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }
}

/// The error that `work` throws, or nil.
func dataError<R>(_ work: () throws(DataError) -> R) -> DataError? {
  do throws(DataError) {
    _ = try work()
    return nil
  } catch {
    return error
  }
}
