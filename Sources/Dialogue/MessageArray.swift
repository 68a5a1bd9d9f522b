import Foundation

/// An array of a message: numbers in a row, the last index running fastest.
package struct MessageArray: Sendable {
  package enum ElementType: String, Codable, Sendable {
    case float64, float32, int64

    package var size: Int { self == .float32 ? 4 : 8 }
  }

  package let name: String
  package let shape: [Int]
  package let type: ElementType
  private let content: Content

  /// Numbers are made bytes only as they are sent, and a piece at a time where they go as a file.
  private enum Content: Sendable {
    case bytes([UInt8])
    case numbers([Double])
  }

  package init(_ name: String, _ shape: [Int], _ type: ElementType, bytes: [UInt8]) {
    (self.name, self.shape, self.type) = (name, shape, type)
    content = .bytes(bytes)
  }

  /// Doubles, rounded where the array is to be in single precision.
  package init(
    _ name: String, _ shape: [Int], _ numbers: [Double], as type: ElementType = .float64
  ) {
    (self.name, self.shape, self.type) = (name, shape, type)
    content = .numbers(numbers)
  }

  package init(_ name: String, _ shape: [Int], _ numbers: [Int64]) {
    self.init(
      name, shape, .int64, bytes: numbers.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) })
  }

  package var count: Int {
    switch content {
    case .bytes(let bytes): bytes.count / type.size
    case .numbers(let numbers): numbers.count
    }
  }

  package var byteCount: Int { count * type.size }

  /// Little-endian.
  package var bytes: [UInt8] {
    switch content {
    case .bytes(let bytes): bytes
    case .numbers(let numbers):
      [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, filled in
        type.encode(numbers.span, into: UnsafeMutableRawBufferPointer(bytes))
        filled = byteCount
      }
    }
  }

  /// Gives `body` some of the bytes: whole numbers, and at most `pieceBytes` of them.
  func withPiece(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
    switch content {
    case .bytes(let bytes): bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .numbers(let numbers):
      withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 8) { piece in
        let places = range.lowerBound / type.size..<range.upperBound / type.size
        type.encode(numbers.span.extracting(places), into: piece)
        return body(UnsafeRawBufferPointer(piece))
      }
    }
  }

  /// The numbers as doubles; of integers the nearest ones.
  package var numbers: [Double] {
    switch content {
    case .numbers(let numbers) where type == .float64: return numbers
    case .numbers, .bytes:
      let bytes = bytes
      return [Double](unsafeUninitializedCapacity: count) { numbers, filled in
        bytes.withUnsafeBytes { _ = type.decode($0, into: numbers) }
        filled = count
      }
    }
  }

  /// What a header says of an array.
  package struct Declaration: Codable, Equatable, Sendable {
    package let name: String
    package let dtype: ElementType
    package let shape: [Int]
    /// Where its bytes are instead of in the stream.
    package let file: String?

    /// nil for what is no size.
    package var byteCount: Int? {
      shape.reduce(dtype.size) { product, length in
        guard let product, length >= 0 else { return nil }
        let (value, overflows) = product.multipliedReportingOverflow(by: length)
        return overflows ? nil : value
      }
    }
  }

  package func declaration(file: String? = nil) -> Declaration {
    Declaration(name: name, dtype: type, shape: shape, file: file)
  }
}

extension MessageArray.ElementType {
  /// What is encoded, written, read and decoded at once, while it is in the processor's cache.
  static let pieceBytes = 1 << 17

  /// Writes numbers as they are sent.
  ///
  /// - Parameter bytes: as many at least as the numbers take.
  fileprivate func encode(_ numbers: Span<Double>, into bytes: UnsafeMutableRawBufferPointer) {
    precondition(bytes.count >= numbers.count * size, "\(numbers.count) numbers, \(bytes.count) bytes")
    switch self {
    case .float64:
      for i in numbers.indices {
        bytes.storeBytes(
          of: numbers[unchecked: i].bitPattern.littleEndian, toByteOffset: 8 * i, as: UInt64.self)
      }
    case .float32:
      for i in numbers.indices {
        bytes.storeBytes(
          of: Float(numbers[unchecked: i]).bitPattern.littleEndian, toByteOffset: 4 * i,
          as: UInt32.self)
      }
    case .int64:
      for i in numbers.indices {
        bytes.storeBytes(
          of: Int64(numbers[unchecked: i]).littleEndian, toByteOffset: 8 * i, as: Int64.self)
      }
    }
  }

  /// Reads numbers as they were sent; of integers the nearest doubles.
  ///
  /// - Parameter numbers: of the bytes' number, initialized or not.
  /// - Returns: whether all are finite.
  func decode(_ bytes: UnsafeRawBufferPointer, into numbers: UnsafeMutableBufferPointer<Double>) -> Bool {
    let count = bytes.count / size
    precondition(numbers.count >= count, "\(count) numbers for \(numbers.count) places")
    guard let numbers = numbers.baseAddress else { return true }
    // Counted rather than asked one by one, so that the loop is vectorized.
    var flaws = 0
    func store(_ value: Double, _ i: Int) {
      (numbers + i).initialize(to: value)
      flaws &+= value.isFinite ? 0 : 1
    }
    switch self {
    case .float64:
      for i in 0..<count {
        let bits = bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)
        store(Double(bitPattern: UInt64(littleEndian: bits)), i)
      }
    case .float32:
      for i in 0..<count {
        let bits = bytes.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)
        store(Double(Float(bitPattern: UInt32(littleEndian: bits))), i)
      }
    case .int64:
      for i in 0..<count {
        let bits = bytes.loadUnaligned(fromByteOffset: 8 * i, as: Int64.self)
        store(Double(Int64(littleEndian: bits)), i)
      }
    }
    return flaws == 0
  }
}
