/// Numbers in bytes, and bytes of numbers. Callers check the bounds first.
extension [UInt8] {
  /// The word whose first byte stands at `offset`, little-endian unless said otherwise.
  func word<Word: FixedWidthInteger & BitwiseCopyable>(
    _ offset: Int, as _: Word.Type, isBigEndian: Bool = false
  ) -> Word {
    let word = span.bytes.extracting(offset..<offset + MemoryLayout<Word>.size)
      .unsafeLoadUnaligned(as: Word.self)
    return isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
  }

  mutating func append<Word: FixedWidthInteger>(littleEndian word: Word) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }

  /// `count` elements of a file from `offset` on, widened exactly.
  func elements(
    _ offset: Int, count: Int, of type: ElementType, isBigEndian: Bool = false
  ) -> TensorValues {
    func words<Word: FixedWidthInteger & BitwiseCopyable, Value>(
      _: Word.Type, _ value: (Word) -> Value
    ) -> [Value] {
      (0..<count).map {
        value(
          word(offset + $0 * MemoryLayout<Word>.size, as: Word.self, isBigEndian: isBigEndian))
      }
    }
    return switch type {
    case .float64: .double(words(UInt64.self) { Double(bitPattern: $0) })
    case .float32: .single(words(UInt32.self) { Float(bitPattern: $0) })
    case .float16: .single(words(UInt16.self, widenedHalf))
    case .bfloat16: .single(words(UInt16.self) { Float(bitPattern: UInt32($0) << 16) })
    case .int64: .integer(words(Int64.self) { $0 })
    case .int32: .integer(words(Int32.self) { Int64($0) })
    case .int16: .integer(words(Int16.self) { Int64($0) })
    case .int8: .integer(words(Int8.self) { Int64($0) })
    case .uint32: .integer(words(UInt32.self) { Int64($0) })
    case .uint16: .integer(words(UInt16.self) { Int64($0) })
    case .uint8: .integer(words(UInt8.self) { Int64($0) })
    }
  }
}

extension TensorValues {
  /// The type that the elements are written as.
  var writtenType: ElementType {
    switch self {
    case .single: .float32
    case .double: .float64
    case .integer: .int64
    }
  }

  /// Appends the elements, little-endian, to a file in the making.
  func append(to bytes: inout [UInt8]) {
    // Words first and then their bytes as a whole, by closures: key paths take forty times as long.
    func append<Word>(_ words: [Word]) { words.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    switch self {
    case .single(let values): append(values.map { $0.bitPattern.littleEndian })
    case .double(let values): append(values.map { $0.bitPattern.littleEndian })
    case .integer(let values): append(values.map { $0.littleEndian })
    }
  }
}

/// An IEEE 754 binary16 as a Float, exactly: `Float16` itself is not on every platform.
private func widenedHalf(_ bits: UInt16) -> Float {
  let exponent = Int(bits >> 10 & 0x1F)
  let fraction = Float(bits & 0x3FF)
  let magnitude: Float =
    switch exponent {
    case 0: fraction * 0x1p-24
    case 0x1F: fraction == 0 ? .infinity : .nan
    default: Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
  return bits >> 15 == 1 ? -magnitude : magnitude
}
