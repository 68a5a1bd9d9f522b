import Foundation
import Saddle
import Support
import Testing

/// What `work` throws as a problem of a tensor file, or nil.
func problem<R>(_ work: () throws(TensorFileError) -> R) -> TensorFileError? {
  do throws(TensorFileError) {
    _ = try work()
    return nil
  } catch {
    return error
  }
}

func read(_ bytes: [UInt8]) throws(TensorFileError) -> TensorArchive {
  try TensorArchive(bytes: bytes, file: "f")
}

@Suite struct TensorFileTests {
  @Test func `arrays that NumPy wrote read as what they were`() throws {
    let doubles = try read(Written.doubles).tensors
    #expect(doubles.map(\.name) == ["array"] && doubles[0].shape == [2, 3])
    // 1e-310 is subnormal, and −0.0 keeps its sign.
    let subnormal = Double(bitPattern: 0x0000_1268_8B70_E62B)
    guard case .double(let values) = doubles[0].values else { throw Unexpected() }
    #expect(
      values.map(\.bitPattern) == [1.5, -2, 0.1, subnormal, .infinity, -0.0].map(\.bitPattern))

    let singles = try read(Written.bigEndianFortran).tensors[0]
    #expect(singles.shape == [2, 3] && singles.elementType == .float32)
    #expect(singles.values == .single([1.5, -2, 0.1, 0, .infinity, -0.0]))

    #expect(
      try read(Written.integers).tensors[0].values == .integer([3, -1, 1 << 40]))
    let bytes = try read(Written.bytesOfVersion2).tensors[0]
    #expect(bytes.shape == [2, 1] && bytes.elementType == .uint8)
    #expect(bytes.values == .integer([7, 255]))
    let scalar = try read(Written.scalarOfVersion3).tensors[0]
    #expect(scalar.shape == [] && scalar.values == .integer([-5]))
  }

  @Test func `archives that NumPy wrote read as what they were`() throws {
    let archive = try read(Written.archive)
    #expect(archive.tensors.map(\.name) == ["0.weight", "0.bias"])
    #expect(archive["0.weight"]?.shape == [3, 2])
    #expect(archive["0.weight"]?.values == .single([1, 2, 3, 4, 5, 6]))
    #expect(archive["0.bias"]?.values == .single([0.1, 0.2, 0.3]))

    let packed = try read(Written.compressed)
    #expect(packed["w"]?.shape == [3, 4])
    #expect(packed["w"]?.values == .double((0..<12).map(Double.init)))
    #expect(packed["y"]?.values == .integer([1, 0, 2]))
    #expect(try read(Written.wideDirectory)["a"]?.values == .double([1.25, -3]))
  }

  @Test func `a directory with 64-bit fields only is read`() throws {
    // The 32-bit end says "look at the 64-bit one" in every field.
    var bytes = Written.wideDirectory
    let end = bytes.count - 22
    for i in end + 8..<end + 20 { bytes[i] = 0xFF }
    #expect(try read(bytes)["a"]?.values == .double([1.25, -3]))
    // Its locator points elsewhere.
    bytes[end - 12] ^= 1
    #expect(problem { () throws(TensorFileError) in try read(bytes) } != nil)
  }

  @Test func `safetensors files read as what they were, in the order of their bytes`() throws {
    let archive = try read(Written.safetensors)
    #expect(archive.metadata == ["format": "pt"])
    #expect(archive.tensors.map(\.name) == ["n", "0.bias", "0.weight", "h"])
    #expect(archive["n"]?.values == .integer([7]) && archive["n"]?.shape == [])
    // 0.3 as NumPy's float64 has it.
    #expect(archive["0.bias"]?.values == .double([0.1, 0.2, 0.3]))
    #expect(archive["0.weight"]?.values == .single([1, 2, 3, 4, 5, 6]))
    // 6e-8 is the least half, 2⁻²⁴.
    #expect(archive["h"]?.values == .single([1.5, -65504, 0x1p-24, .infinity]))
    // As torch itself widens them; the last is subnormal.
    #expect(
      try read(Written.bfloat16)["b"]?.values
        == .single([1, -3.140625, 1.0002555517425873e+30, 0x1p-133]))
  }

  @Test func `every half is widened exactly`() throws {
    // A plain sum of powers of two for each of the 65,536 patterns.
    let bits = (0...UInt16.max).map { $0 }
    var bytes = safetensorsFile(
      #"{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#)
    for pattern in bits { bytes += [UInt8(pattern & 0xFF), UInt8(pattern >> 8)] }
    guard case .single(let values) = try read(bytes).tensors[0].values else { throw Unexpected() }
    var wrong = 0
    for (pattern, value) in zip(bits, values) {
      let exponent = Int(pattern >> 10 & 31)
      if exponent == 31 {
        if value.isFinite { wrong += 1 }
        continue
      }
      var expected = exponent == 0 ? 0.0 : 1.0
      for bit in 0..<10 where pattern >> (9 - bit) & 1 == 1 {
        expected += pow(0.5, Double(bit + 1))
      }
      expected *= pow(2, Double(max(exponent, 1) - 15))
      if pattern >> 15 == 1 { expected.negate() }
      if Double(value) != expected || (value.sign == .minus) != (pattern >> 15 == 1) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test(arguments: [1, 2, 3])
  func `Fortran order of any rank is put row by row`(rank: Int) throws {
    let shape = Array([2, 3, 4].prefix(rank))
    let count = shape.reduce(1, *)
    // Element (i, j, k) holds 100i + 10j + k, laid out with the first index fastest.
    var bytes = npyFile(
      "{'shape': (\(shape.map { "\($0)," }.joined())), 'descr': '|u1', 'fortran_order': True}")
    var expected = [Int64](repeating: 0, count: count)
    for place in 0..<count {
      var (rest, label, row) = (place, 0, 0)
      for (axis, extent) in shape.enumerated() {
        label += rest % extent * [100, 10, 1][axis]
        row = row * extent + rest % extent
        rest /= extent
      }
      bytes.append(UInt8(label))
      expected[row] = Int64(label)
    }
    #expect(try read(bytes).tensors[0].values == .integer(expected))
  }

  @Test func `what is written is what NumPy writes, byte for byte`() throws {
    for bytes in [Written.doubles, Written.integers] {
      #expect(try read(bytes).bytes(as: .npy) == bytes)
    }
  }

  @Test(arguments: TensorFileFormat.allCases)
  func `what is read is what was written, bit for bit`(format: TensorFileFormat) throws {
    let doubles = [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity, 1]
    var tensors = [NamedTensor("a \"quoted\" ñame/with.dots", [2, 3], doubles)]
    if format != .npy {
      tensors += [
        NamedTensor("b", [], [Float(-0.0)]), NamedTensor("empty", [0, 3], [Double]()),
        NamedTensor("labels", [2], [Int64.min, .max]),
        NamedTensor("c", [1, 1, 3], [Float.leastNonzeroMagnitude, .pi, 1]),
      ]
    }
    let archive = TensorArchive(file: "f", tensors: tensors, metadata: ["by": "hand\n"])
    let bytes = try archive.bytes(as: format)
    let back = try read(bytes)
    #expect(back.tensors.count == tensors.count)
    for tensor in tensors {
      let name = format == .npy ? "array" : tensor.name
      let same = try #require(back[name])
      #expect(same.shape == tensor.shape && same.elementType == tensor.elementType)
      #expect(bits(same.values) == bits(tensor.values))
    }
    if format == .safetensors {
      #expect(back.metadata == ["by": "hand\n"])
      // Doubles first, so that what follows a header of a multiple of 8 bytes is aligned.
      #expect(back.tensors.map(\.name).suffix(2) == ["b", "c"])
      for length in 0..<8 {
        let padded = TensorArchive(
          file: "f", tensors: tensors.reversed(),
          metadata: ["k": String(repeating: "x", count: length)])
        let bytes = try padded.bytes(as: .safetensors)
        #expect(bytes[0] % 8 == 0, "\(length)")
        #expect(try read(bytes).tensors.map(\.name).suffix(2) == ["c", "b"])
      }
    }
    #expect(try back.bytes(as: format).count == bytes.count)
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "new/p.\(format.rawValue)").path
      try archive.write(to: path)
      #expect(try TensorArchive(readingFrom: path).tensors == back.tensors)
      #expect(try fileBytes(path) == bytes)
    }
  }

  private func bits(_ values: TensorValues) -> [UInt64] {
    switch values {
    case .single(let values): values.map { UInt64($0.bitPattern) }
    case .double(let values): values.map(\.bitPattern)
    case .integer(let values): values.map { UInt64(bitPattern: $0) }
    }
  }
}

struct Unexpected: Error {}

/// A safetensors file with this header and no data.
func safetensorsFile(_ header: String) -> [UInt8] {
  let count = UInt64(header.utf8.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + header.utf8
}

/// A file of NumPy's version 1.0 with this header and no data.
func npyFile(_ header: String) -> [UInt8] {
  let count = header.utf8.count
  return [0x93] + "NUMPY".utf8 + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + header.utf8
}
