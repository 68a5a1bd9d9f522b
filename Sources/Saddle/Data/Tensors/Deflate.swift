import CZlib

extension Zip {
  /// The CRC-32 of `bytes`.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: crc32_z(crc32(0, nil, 0), $0.baseAddress, $0.count))
    }
  }

  /// What bytes `range` of `bytes`, a raw deflate stream (RFC 1951), unpack to: exactly `size`
  /// bytes.
  static func inflated(
    _ bytes: [UInt8], _ range: Range<Int>, size: Int
  ) throws(TensorFileError.Problem) -> [UInt8] {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .unsupportedPacking("deflate, by this machine's zlib,") }
    defer { inflateEnd(&stream) }
    var status = Z_OK
    var filled = 0
    // One byte more than is needed: a stream that goes on is seen, and an empty one has a target.
    let room = size + 1
    var unpacked = [UInt8](unsafeUninitializedCapacity: room) { target, count in
      bytes.withUnsafeBufferPointer { source in
        var taken = range.lowerBound
        // zlib counts in 32 bits.
        while status == Z_OK && filled < room {
          let input = min(range.upperBound - taken, 1 << 30)
          let output = min(room - filled, 1 << 30)
          stream.next_in = UnsafeMutablePointer(
            mutating: source.baseAddress.map { $0 + taken })
          stream.avail_in = UInt32(input)
          stream.next_out = target.baseAddress.map { $0 + filled }
          stream.avail_out = UInt32(output)
          status = inflate(&stream, Z_NO_FLUSH)
          taken += input - Int(stream.avail_in)
          filled += output - Int(stream.avail_out)
        }
      }
      count = filled
    }
    guard status == Z_STREAM_END, filled == size else {
      if status == Z_DATA_ERROR { throw .malformed("a packed entry is damaged") }
      throw .wrongLength(expected: size, found: filled)
    }
    unpacked.removeLast(unpacked.count - size)
    return unpacked
  }
}
