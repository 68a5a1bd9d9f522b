/// NumPy's archives of arrays: a zip of `.npy` entries.
enum NPZ {
  private static let ending = ".npy"

  static func read(_ bytes: [UInt8], file: String) throws(TensorFileError) -> [NamedTensor] {
    let entries: [Zip.Entry]
    do throws(TensorFileError.Problem) {
      entries = try Zip.entries(bytes)
    } catch {
      throw TensorFileError(file: file, problem: error)
    }
    var tensors: [NamedTensor] = []
    var names: Set<String> = []
    for entry in entries {
      // What torch.save writes is a zip as well.
      if entry.name.hasSuffix(".pkl") { throw TensorFileError(file: file, problem: .pickle) }
      guard entry.name.hasSuffix(ending) else {
        throw TensorFileError(
          file: file, tensor: entry.name, problem: .malformed("it is no array of NumPy"))
      }
      let name = String(entry.name.dropLast(ending.count))
      guard names.insert(name).inserted else {
        throw TensorFileError(file: file, tensor: name, problem: .duplicateName)
      }
      do throws(TensorFileError.Problem) {
        // Bytes, elements, and elements widened to double.
        try TensorFileError.Problem.requireMemory(
          MemoryBudget.bytes(entry.size, 3), for: "unpacking \(entry.size) bytes")
        let contents = try Zip.contents(of: entry, in: bytes)
        tensors.append(try NPY.read(contents, 0..<contents.count, name: name))
      } catch {
        throw TensorFileError(file: file, tensor: name, problem: error)
      }
    }
    return tensors
  }

  /// Stored, not deflated: trained parameters do not pack.
  static func bytes(of tensors: [NamedTensor], file: String) throws(TensorFileError) -> [UInt8] {
    // The directory's fields are 32 and 16 bits wide.
    let size = tensors.reduce(0) { $0 + $1.values.count * $1.values.writtenType.size + 4096 }
    guard size <= UInt32.max, tensors.count < 0xFFFF else {
      throw TensorFileError(file: file, problem: .tooLarge(bytes: size))
    }
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for tensor in tensors {
      let contents = NPY.bytes(of: tensor)
      let name = Array((tensor.name + ending).utf8)
      guard name.count <= 0xFFFF else {
        throw TensorFileError(
          file: file, tensor: tensor.name, problem: .malformed("its name is too long"))
      }
      // Version 2.0, names in UTF-8, stored, the first moment that the format knows.
      var shared: [UInt8] = []
      for word: UInt16 in [20, 0x800, 0, 0, 0x21] { shared.append(littleEndian: word) }
      shared.append(littleEndian: Zip.checksum(contents))
      shared.append(littleEndian: UInt32(contents.count))
      shared.append(littleEndian: UInt32(contents.count))
      shared.append(littleEndian: UInt16(name.count))
      shared.append(littleEndian: UInt16(0))

      directory += [0x50, 0x4B, 1, 2, 20, 0] + shared
      directory += [UInt8](repeating: 0, count: 10)
      directory.append(littleEndian: UInt32(bytes.count))
      directory += name
      bytes += Zip.localMagic + shared + name + contents
    }
    let start = bytes.count
    bytes += directory + Zip.endMagic + [0, 0, 0, 0]
    bytes.append(littleEndian: UInt16(tensors.count))
    bytes.append(littleEndian: UInt16(tensors.count))
    bytes.append(littleEndian: UInt32(directory.count))
    bytes.append(littleEndian: UInt32(start))
    bytes.append(littleEndian: UInt16(0))
    return bytes
  }
}
