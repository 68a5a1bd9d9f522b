/// What a tensor's elements are in a file, under the names of the safetensors format.
public enum ElementType: String, CaseIterable, Codable, Sendable {
  case float64 = "F64"
  case float32 = "F32"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of a binary32.
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint32 = "U32"
  case uint16 = "U16"
  case uint8 = "U8"

  public var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    case .int64, .int32, .int16, .int8, .uint32, .uint16, .uint8: false
    }
  }

  /// How many bytes an element takes.
  public var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8: 1
    }
  }
}

/// A tensor's elements, widened without rounding from what the file holds.
public enum TensorValues: Equatable, Sendable {
  case single([Float])
  case double([Double])
  case integer([Int64])

  public var count: Int {
    switch self {
    case .single(let values): values.count
    case .double(let values): values.count
    case .integer(let values): values.count
    }
  }

  /// The elements where they are floating point, rounded to `T` where that is the narrower. The
  /// loops are over concrete types: a generic one takes twenty times as long.
  public func floating<T: Scalar>(as _: T.Type) -> [T]? {
    switch self {
    case .single(let values): values as? [T] ?? values.map { Double($0) } as? [T]
    case .double(let values): values as? [T] ?? values.map { Float($0) } as? [T]
    case .integer: nil
    }
  }
}

/// A named array of numbers, row-major: the last index runs fastest.
public struct NamedTensor: Equatable, Sendable {
  public let name: String
  /// The extent of each axis; empty for a single number.
  public let shape: [Int]
  /// What the elements are, or were, in the file.
  public let elementType: ElementType
  public let values: TensorValues

  init(name: String, shape: [Int], elementType: ElementType, values: TensorValues) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "\(values.count) elements in shape \(shape)")
    self.name = name
    self.shape = shape
    self.elementType = elementType
    self.values = values
  }

  public init(_ name: String, _ shape: [Int], _ values: [Float]) {
    self.init(name: name, shape: shape, elementType: .float32, values: .single(values))
  }

  public init(_ name: String, _ shape: [Int], _ values: [Double]) {
    self.init(name: name, shape: shape, elementType: .float64, values: .double(values))
  }

  public init(_ name: String, _ shape: [Int], _ values: [Int64]) {
    self.init(name: name, shape: shape, elementType: .int64, values: .integer(values))
  }

  /// "name [shape]", as messages list it.
  var label: String { "\(name) \(shape)" }
}

/// How many elements a shape has; nil where that overflows or an extent is negative.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for extent in shape {
    guard extent >= 0 else { return nil }
    let (product, overflows) = count.multipliedReportingOverflow(by: extent)
    // A zero further on would hide an overflow; no such array is real.
    guard !overflows else { return nil }
    count = product
  }
  return count
}
