import Foundation
import Saddle
import Support
import Testing

/// A torture set: whatever is wrong with a file, it is refused with a cause, never with a crash.
@Suite struct BrokenTensorFileTests {
  @Test(arguments: Written.all.indices)
  func `a file that is cut off anywhere, or goes on, is refused`(index: Int) {
    let whole = Written.all[index]
    for count in whole.indices {
      let error = problem { () throws(TensorFileError) in try read(Array(whole[..<count])) }
      #expect(error != nil, "cut to \(count)")
    }
    #expect(problem { () throws(TensorFileError) in try read(whole + [0]) } != nil)
    #expect(problem { () throws(TensorFileError) in try read(whole) } == nil)
  }

  @Test(arguments: Written.all.indices, [UInt8(0xFF), 0x80, 0x01])
  func `a file with any byte changed is refused or read, and never crashes`(
    index: Int, mask: UInt8
  ) {
    let whole = Written.all[index]
    for at in whole.indices {
      var bytes = whole
      bytes[at] ^= mask
      guard let archive = try? read(bytes) else { continue }
      #expect(archive.tensors.allSatisfy { $0.shape.reduce(1, *) == $0.values.count })
    }
  }

  /// A zip's checksum covers every byte of the arrays.
  @Test(arguments: [Written.archive, Written.compressed])
  func `a changed byte in an archive's arrays is found`(whole: [UInt8]) throws {
    // From behind the first local header to the directory.
    let directory = try #require(
      whole.indices.first { whole[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    let second = try #require(
      whole.indices.last { whole[$0...].starts(with: [0x50, 0x4B, 3, 4]) })
    for at in second + 60..<directory {
      var bytes = whole
      bytes[at] ^= 0x10
      #expect(problem { () throws(TensorFileError) in try read(bytes) } != nil, "byte \(at)")
    }
  }

  @Test(arguments: [
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "shape [-1]"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 2), }", "shape"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693951,), }", "bytes where"),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", "whole number"
    ),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (1.5,), }", "header"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'shape': (2,), }", "twice"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': (2,), }", "'x'"),
    ("{'descr': '<f8', 'fortran_order': False}", "lacks"),
    ("{'descr': '<f8', 'fortran_order': 0, 'shape': (0,)}", "'False' is missing"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (0,)} x", "goes on"),
    ("{'descr': '<f8", "does not end"), ("", "'{' is missing"), ("{", "string is missing"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (0,)}", "'|O'"),
    ("{'descr': '<c16', 'fortran_order': False, 'shape': (0,)}", "'<c16'"),
    ("{'descr': '<u8', 'fortran_order': False, 'shape': (0,)}", "float64"),
    ("{'descr': '|f8', 'fortran_order': False, 'shape': (0,)}", "'|f8'"),
    ("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (0,)}", "record"),
    ("{'descr': '', 'fortran_order': False, 'shape': (0,)}", "''"),
  ])
  func `a header of NumPy that cannot be is refused with its cause`(
    header: String, cause: String
  ) throws {
    let error = try #require(
      problem { () throws(TensorFileError) in try read(npyFile(header)) })
    #expect("\(error)".contains(cause), "\(error)")
  }

  @Test func `a version of NumPy's format that is not known is refused`() throws {
    var bytes = Written.doubles
    bytes[6] = 4
    let error = try #require(problem { () throws(TensorFileError) in try read(bytes) })
    #expect("\(error)".contains("version 4.0"))
  }

  /// Headers of safetensors files with 8 bytes of data behind them.
  @Test(arguments: [
    (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[-8,0]}}"#, "data_offsets are [-8, 0]"),
    (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}"#, "data_offsets are [8, 0]"),
    (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0]}}"#, "data_offsets are [0]"),
    (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}"#, "begins at byte 8"),
    (#"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#, "'a': 71 bytes where 79"),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      "tensor 'b': it begins at byte 0 of the data, where the one before it ends at 8"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[3,7]}}"#,
      "begins at byte 3"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "bytes where"),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, "'a': 8 bytes where 12"),
    (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "shape [-2]"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, "shape"),
    (#"{"a":{"dtype":"F32","shape":[2305843009213693952],"data_offsets":[0,8]}}"#, "8 bytes where"),
    (#"{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#, "'a': elements of type F8"),
    (#"{"a":{"dtype":"F64","shape":[1]}}"#, "data_offsets"),
    (#"{"a":{"dtype":"F64","shape":1,"data_offsets":[0,8]}}"#, "header"),
    (#"{"a":{"dtype":"F64","shape":[1.5],"data_offsets":[0,8]}}"#, "header"),
    (#"{"__metadata__":{"n":3},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, "header"),
    (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}"#, "header"),
    ("[1]", "'{'"), ("", "'{'"), ("{}", "bytes where"), ("{\0}\0", "UTF-8"),
    (
      #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
      "'a' twice"
    ),
    (
      #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"\u0061" :{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
      "'a' twice"
    ),
    (
      #"{"a":{"dtype":"F64","dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, "'dtype' twice"
    ),
  ])
  func `a safetensors header that cannot be is refused with its cause`(
    header: String, cause: String
  ) throws {
    let bytes = safetensorsFile(header) + [UInt8](repeating: 0, count: 8)
    let error = try #require(problem { () throws(TensorFileError) in try read(bytes) })
    #expect("\(error)".contains(cause), "\(error)")
  }

  @Test func `two names are two names, whatever stands in the strings`() throws {
    let header = #"""
      {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
       "\"a\":{":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
       "__metadata__":{"a":"a","dtype":"{\"a\":\"a\""}}
      """#
    let bytes = safetensorsFile(header) + [UInt8](repeating: 0, count: 8)
    #expect(try read(bytes).tensors.map(\.name) == ["a", "\"a\":{"])
  }

  @Test(arguments: [UInt64.max, UInt64(Int.max), 1 << 40, 100_000_001, 9])
  func `a header longer than the file is refused at once`(length: UInt64) throws {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("{}".utf8)
    #expect(problem { () throws(TensorFileError) in try read(bytes) } != nil)
  }

  /// `bytes` with a word of the directory's entry `index` changed, little-endian.
  private func changed(
    _ bytes: [UInt8], entry index: Int, at offset: Int, to word: [UInt8]
  ) throws -> [UInt8] {
    let entries = bytes.indices.filter { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
    var changed = bytes
    let start = try #require(entries.dropFirst(index).first) + offset
    changed.replaceSubrange(start..<start + word.count, with: word)
    return changed
  }

  @Test(arguments: [
    (8, [UInt8(1), 0], "encryption is not read"),
    (10, [12, 0], "packing by method 12"),
    (16, [0, 0, 0, 0], "checksum"),
    // One byte more and one less than 224, and two thousand million.
    (24, [225, 0, 0, 0], "224 bytes where 225"),
    (24, [223, 0, 0, 0], "224 bytes where 223"),
    (24, [255, 255, 255, 127], "cannot unpack to the 2147483647 bytes"),
    (20, [255, 255, 255, 127], "lies outside"), (42, [255, 255, 255, 127], "lies outside"),
    (42, [1, 0, 0, 0], "lies outside"),
    // Ask for 64-bit words that are not there.
    (20, [255, 255, 255, 255], "64-bit size"), (28, [255, 255], "directory is damaged"),
    (46, [0x78], "two names"), (46, [0xFF], "UTF-8"),
  ])
  func `a directory that lies is refused with its cause`(
    offset: Int, word: [UInt8], cause: String
  ) throws {
    let bytes = try changed(Written.compressed, entry: 0, at: offset, to: word)
    let error = try #require(problem { () throws(TensorFileError) in try read(bytes) })
    #expect("\(error)".contains(cause), "\(error)")
  }

  @Test func `entries that share bytes or a name are refused`() throws {
    let archive = TensorArchive(
      file: "f", tensors: ["a", "b"].map { NamedTensor($0, [2], [1.0, 2]) })
    let bytes = try archive.bytes(as: .npz)
    let shared = try changed(
      changed(bytes, entry: 1, at: 42, to: [0, 0, 0, 0]), entry: 1, at: 46, to: [0x61])
    let overlap = try #require(problem { () throws(TensorFileError) in try read(shared) })
    #expect("\(overlap)".contains("overlap"))
    // Both places that name the second entry.
    var twice = try changed(bytes, entry: 1, at: 46, to: [0x61])
    let local = try #require(
      twice.indices.last { twice[$0...].starts(with: [0x50, 0x4B, 3, 4]) })
    twice[local + 30] = 0x61
    let error = try #require(problem { () throws(TensorFileError) in try read(twice) })
    #expect(error.tensor == "a" && error.problem == .duplicateName)
  }

  @Test func `what torch save and pickle write is refused with what to do instead`() throws {
    // The first bytes of torch.save's older format, and a zip that holds data.pkl.
    let old = [0x80, 0x02, 0x8A, 0x0A] + [UInt8](repeating: 0x6C, count: 20)
    var new = try TensorArchive(
      file: "f", tensors: [NamedTensor("archive/data.pkl", [1], [1.0])]
    ).bytes(as: .npz)
    let (ending, newName) = (Array("archive/data.pkl.npy".utf8), Array("archive/the/data.pkl".utf8))
    for at in new.indices where new[at...].starts(with: ending) {
      new.replaceSubrange(at..<at + newName.count, with: newName)
    }
    for bytes in [old, new] {
      let error = try #require(problem { () throws(TensorFileError) in try read(bytes) })
      #expect(error.problem == .pickle && "\(error)".contains("save_file"))
    }
  }
}
