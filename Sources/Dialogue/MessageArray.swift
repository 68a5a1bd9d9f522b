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
  /// Little-endian.
  package let bytes: [UInt8]

  package init(_ name: String, _ shape: [Int], _ type: ElementType, bytes: [UInt8]) {
    self.name = name
    self.shape = shape
    self.type = type
    self.bytes = bytes
  }

  /// Doubles, rounded where the array is to be in single precision.
  package init(
    _ name: String, _ shape: [Int], _ numbers: [Double], as type: ElementType = .float64
  ) {
    let bytes =
      switch type {
      case .float64: bytesOf(numbers.map(\.bitPattern.littleEndian))
      case .float32: bytesOf(numbers.map { Float($0).bitPattern.littleEndian })
      case .int64: bytesOf(numbers.map { Int64($0).littleEndian })
      }
    self.init(name, shape, type, bytes: bytes)
  }

  package init(_ name: String, _ shape: [Int], _ numbers: [Int64]) {
    self.init(name, shape, .int64, bytes: bytesOf(numbers.map(\.littleEndian)))
  }

  package var count: Int { bytes.count / type.size }

  /// The numbers as doubles; of integers the nearest ones.
  package var numbers: [Double] {
    switch type {
    case .float64:
      elements(of: UInt64.self).map { Double(bitPattern: UInt64(littleEndian: $0)) }
    case .float32:
      elements(of: UInt32.self).map { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
    case .int64: elements(of: Int64.self).map { Double(Int64(littleEndian: $0)) }
    }
  }

  private func elements<Element: BitwiseCopyable & FixedWidthInteger>(of _: Element.Type) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { elements, filled in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(elements).copyMemory(from: $0) }
      filled = count
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

private func bytesOf<Element: BitwiseCopyable>(_ elements: [Element]) -> [UInt8] {
  elements.withUnsafeBytes { [UInt8]($0) }
}
