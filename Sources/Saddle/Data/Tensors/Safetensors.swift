import Foundation

/// The safetensors format (Hugging Face, version 0.3 and later): the length of a header in 8 bytes,
/// the header as JSON, then the tensors' bytes, without gaps or overlaps.
enum Safetensors {
  /// The format's own limit.
  static let largestHeader = 100_000_000
  private static let metadataKey = "__metadata__"

  private struct Entry: Codable {
    let dtype: String
    let shape: [Int]
    /// The first byte and the one after the last, counted from the header's end.
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private struct Header: Decodable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyKey.self)
      for key in container.allKeys {
        if key.stringValue == metadataKey {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }

  static func read(
    _ bytes: [UInt8], file: String
  ) throws(TensorFileError) -> ([NamedTensor], metadata: [String: String]) {
    let header: Header
    let start: Int
    do throws(TensorFileError.Problem) {
      (header, start) = try self.header(bytes)
    } catch {
      throw TensorFileError(file: file, problem: error)
    }
    func failure(_ name: String, _ problem: TensorFileError.Problem) -> TensorFileError {
      TensorFileError(file: file, tensor: name, problem: problem)
    }
    for (name, entry) in header.entries {
      guard entry.offsets.count == 2, 0 <= entry.offsets[0], entry.offsets[0] <= entry.offsets[1]
      else { throw failure(name, .malformed("its data_offsets are \(entry.offsets)")) }
    }
    // Empty tensors come before the one that begins where they stand.
    let ordered = header.entries.sorted {
      ($0.value.offsets[0], $0.value.offsets[1], $0.key)
        < ($1.value.offsets[0], $1.value.offsets[1], $1.key)
    }
    var tensors: [NamedTensor] = []
    var end = 0
    for (name, entry) in ordered {
      let (first, last) = (entry.offsets[0], entry.offsets[1])
      guard first == end else {
        throw failure(
          name,
          .malformed(
            "it begins at byte \(first) of the data, where the one before it ends at \(end)"))
      }
      guard last <= bytes.count - start else {
        throw failure(name, .wrongLength(expected: start + last, found: bytes.count))
      }
      guard let type = ElementType(rawValue: entry.dtype) else {
        throw failure(name, .unsupportedType(entry.dtype))
      }
      guard let count = elementCount(entry.shape) else {
        throw failure(name, .malformed("no tensor has the shape \(entry.shape)"))
      }
      let (size, overflows) = count.multipliedReportingOverflow(by: type.size)
      guard !overflows, size == last - first else {
        throw failure(name, .wrongLength(expected: overflows ? .max : size, found: last - first))
      }
      tensors.append(
        NamedTensor(
          name: name, shape: entry.shape, elementType: type,
          values: bytes.elements(start + first, count: count, of: type)))
      end = last
    }
    guard start + end == bytes.count else {
      throw TensorFileError(
        file: file, problem: .wrongLength(expected: start + end, found: bytes.count))
    }
    return (tensors, header.metadata)
  }

  private static func header(
    _ bytes: [UInt8]
  ) throws(TensorFileError.Problem) -> (Header, dataStart: Int) {
    guard bytes.count >= 8 else { throw .wrongLength(expected: 8, found: bytes.count) }
    let length = bytes.word(0, as: UInt64.self)
    guard length <= UInt64(bytes.count - 8) else {
      // A pickle begins with its protocol's number, and as a length that is beyond any file.
      if bytes[0] == 0x80, 2...5 ~= bytes[1] { throw .pickle }
      if length > largestHeader {
        throw .malformed("it begins as none of the formats does")
      }
      throw .wrongLength(expected: 8 + Int(length), found: bytes.count)
    }
    guard length <= largestHeader else {
      throw .malformed("its header of \(length) bytes is beyond the format's \(largestHeader)")
    }
    let start = 8 + Int(length)
    let text = Array(bytes[8..<start])
    guard text.first == UInt8(ascii: "{") else {
      throw .malformed("its header does not begin with '{'")
    }
    // The decoder would take UTF-16 too, which the search for names below does not see through.
    guard !text.contains(0) else { throw .malformed("its header is not UTF-8") }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(text))
    } catch {
      throw .malformed("its header is not as the format has it (\(describe(error)))")
    }
    // The decoder keeps one of two equal names in silence.
    if let name = duplicateKey(inJSON: text) {
      throw .malformed("its header has the name '\(name)' twice")
    }
    return (header, start)
  }

  /// Doubles before singles, so that each tensor stands on a multiple of its elements' size; else
  /// in the archive's order.
  static func bytes(of archive: TensorArchive) throws(TensorFileError) -> [UInt8] {
    let tensors =
      archive.tensors.filter { $0.values.writtenType.size == 8 }
      + archive.tensors.filter { $0.values.writtenType.size != 8 }
    var entries: [String] = []
    do {
      if !archive.metadata.isEmpty {
        entries.append("\"\(metadataKey)\":" + (try json(archive.metadata)))
      }
      var end = 0
      for tensor in tensors {
        guard tensor.name != metadataKey else {
          throw TensorFileError(
            file: archive.file, tensor: tensor.name,
            problem: .malformed("the format keeps this name for itself"))
        }
        let first = end
        end += tensor.values.count * tensor.values.writtenType.size
        let entry = Entry(
          dtype: tensor.values.writtenType.rawValue, shape: tensor.shape, offsets: [first, end])
        entries.append(try json(tensor.name) + ":" + json(entry))
      }
    } catch let error as TensorFileError {
      throw error
    } catch {
      throw TensorFileError(file: archive.file, problem: .malformed(describe(error)))
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: 32, count: (8 - header.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(header.count))
    bytes += header
    for tensor in tensors { tensor.values.append(to: &bytes) }
    return bytes
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// A name that one object of a JSON text has twice. The text has been decoded already, so it is
/// well formed.
func duplicateKey(inJSON text: [UInt8]) -> String? {
  var open: [Set<String>] = []
  var at = 0
  while at < text.count {
    switch text[at] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): open.append([])
    case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
    case UInt8(ascii: "\""):
      let start = at
      at += 1
      while at < text.count, text[at] != UInt8(ascii: "\"") {
        at += text[at] == UInt8(ascii: "\\") ? 2 : 1
      }
      // A string before a colon is a name; only then is it unescaped.
      let next = text[min(at + 1, text.count)...].first { $0 != 32 && !(9...13 ~= $0) }
      if next == UInt8(ascii: ":"), !open.isEmpty {
        let literal = Data(text[start...min(at, text.count - 1)])
        let name =
          (try? JSONDecoder().decode(String.self, from: literal))
          ?? String(decoding: literal, as: UTF8.self)
        if !open[open.count - 1].insert(name).inserted { return name }
      }
    default: break
    }
    at += 1
  }
  return nil
}
