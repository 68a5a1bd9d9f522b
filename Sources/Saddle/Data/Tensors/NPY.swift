/// NumPy's format of one array, versions 1.0 to 3.0 (numpy.lib.format): magic, version, the length
/// of a header, the header as a literal of Python, then the elements.
enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// What an array of a file without names is called.
  static let name = "array"

  /// The array in bytes `range` of a file, all of which it must take.
  static func read(
    _ bytes: [UInt8], _ range: Range<Int>, name: String
  ) throws(TensorFileError.Problem) -> NamedTensor {
    guard range.count >= 10 else { throw .wrongLength(expected: 10, found: range.count) }
    let start = range.lowerBound
    guard bytes[start..<start + 6].elementsEqual(magic) else {
      throw .malformed("it does not begin as an array of NumPy does")
    }
    let (major, minor) = (bytes[start + 6], bytes[start + 7])
    guard 1...3 ~= major, minor == 0 else {
      throw .malformed("version \(major).\(minor) of NumPy's format is unknown")
    }
    let lengthBytes = major == 1 ? 2 : 4
    guard range.count >= 8 + lengthBytes else {
      throw .wrongLength(expected: 8 + lengthBytes, found: range.count)
    }
    let length =
      major == 1
      ? Int(bytes.word(start + 8, as: UInt16.self)) : Int(bytes.word(start + 8, as: UInt32.self))
    let payload = 8 + lengthBytes + length
    guard range.count >= payload else {
      throw .wrongLength(expected: payload, found: range.count)
    }
    let header = try NPYHeader(
      parsing: bytes[start + 8 + lengthBytes..<start + payload])
    let (type, isBigEndian) = try elementType(header.descriptor)
    guard let count = elementCount(header.shape) else {
      throw .malformed("no array has the shape \(header.shape)")
    }
    let (needed, overflows) = count.multipliedReportingOverflow(by: type.size)
    guard !overflows, needed == range.count - payload else {
      throw .wrongLength(expected: overflows ? .max : needed, found: range.count - payload)
    }
    let values = bytes.elements(
      start + payload, count: count, of: type, isBigEndian: isBigEndian)
    return NamedTensor(
      name: name, shape: header.shape, elementType: type,
      values: header.isFortranOrder ? values.rowMajor(from: header.shape) : values)
  }

  /// Version 1.0, little-endian, in C order, the elements on a multiple of 64 bytes.
  static func bytes(of tensor: NamedTensor) -> [UInt8] {
    let descriptor =
      switch tensor.values {
      case .single: "<f4"
      case .double: "<f8"
      case .integer: "<i8"
      }
    let extents = tensor.shape.map { "\($0)," }.joined(separator: " ")
    // A tuple of one needs its comma, one of more must not end in it to be as NumPy writes it.
    let shape = tensor.shape.count > 1 ? String(extents.dropLast()) : extents
    var header = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(shape)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var bytes = magic + [1, 0]
    bytes.append(littleEndian: UInt16(header.utf8.count))
    bytes += header.utf8
    tensor.values.append(to: &bytes)
    return bytes
  }

  private static func elementType(
    _ descriptor: String
  ) throws(TensorFileError.Problem) -> (ElementType, isBigEndian: Bool) {
    let types: [String: ElementType] = [
      "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16,
      "i1": .int8, "u4": .uint32, "u2": .uint16, "u1": .uint8,
    ]
    guard let order = descriptor.first, let type = types[String(descriptor.dropFirst())],
      order == "<" || order == ">" || (order == "|" && type.size == 1)
    else {
      throw .unsupportedType("'\(descriptor)'")
    }
    return (type, order == ">")
  }
}

extension TensorValues {
  /// Elements whose first index runs fastest, put so that the last one does.
  fileprivate func rowMajor(from shape: [Int]) -> TensorValues {
    guard shape.count > 1, count > 0 else { return self }
    // The distance between neighbours along each axis, in Fortran order.
    var strides = [1]
    for extent in shape.dropLast() { strides.append(strides[strides.count - 1] * extent) }
    var index = [Int](repeating: 0, count: shape.count)
    var source = 0
    let order = (0..<count).map { _ in
      defer {
        var axis = shape.count - 1
        while axis >= 0 {
          index[axis] += 1
          source += strides[axis]
          if index[axis] < shape[axis] { break }
          source -= strides[axis] * shape[axis]
          index[axis] = 0
          axis -= 1
        }
      }
      return source
    }
    return switch self {
    case .single(let values): .single(order.map { values[$0] })
    case .double(let values): .double(order.map { values[$0] })
    case .integer(let values): .integer(order.map { values[$0] })
    }
  }
}
