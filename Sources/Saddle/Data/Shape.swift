/// What one sample is between two layers: `channels` planes of `height` rows of `width` numbers.
///
/// A vector is as many channels of 1 × 1. In a flat array planes follow one another, row by row.
public struct Shape: Hashable, Sendable {
  public let channels: Int
  public let height: Int
  public let width: Int

  public init(channels: Int, height: Int = 1, width: Int = 1) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  public init(_ image: ImageShape) {
    self.init(channels: image.channels, height: image.height, width: image.width)
  }

  /// How many numbers a sample is.
  public var count: Int { channels * height * width }
  /// The elements of one channel.
  public var positions: Int { height * width }
  /// Whether it is a vector, which a dense layer takes.
  public var isFlat: Bool { height == 1 && width == 1 }

  /// The elements of one sample, or nil where they are not positive or beyond BLAS's indices.
  var checkedCount: Int? {
    guard channels > 0, height > 0, width > 0 else { return nil }
    let (plane, planeOverflows) = height.multipliedReportingOverflow(by: width)
    let (count, overflows) = plane.multipliedReportingOverflow(by: channels)
    return planeOverflows || overflows || count > Int32.max ? nil : count
  }
}

extension Shape: CustomStringConvertible {
  public var description: String { isFlat ? "\(channels)" : "\(channels) × \(height) × \(width)" }
}

extension Shape: Codable {
  /// As [channels, height, width]; a vector may also be one number.
  public init(from decoder: any Decoder) throws {
    let form = "a shape is [channels, height, width], or one number for a vector"
    let numbers = try decoder.numbers(as: form)
    switch numbers.count {
    case 1: self.init(channels: numbers[0])
    case 3: self.init(channels: numbers[0], height: numbers[1], width: numbers[2])
    default: throw decoder.corrupted("\(numbers): \(form)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode([channels, height, width])
  }
}

/// A number of rows and of columns: a kernel's size, a stride, a padding.
public struct Extent: Hashable, Sendable {
  public let height: Int
  public let width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  public var count: Int { height * width }
}

extension Extent: ExpressibleByIntegerLiteral {
  /// The same in both directions.
  public init(integerLiteral value: Int) { self.init(value, value) }
}

extension Extent: CustomStringConvertible {
  public var description: String { "\(height) × \(width)" }
}

extension Extent: Codable {
  /// As [height, width], or one number for both.
  public init(from decoder: any Decoder) throws {
    let form = "give [height, width], or one number for both"
    let numbers = try decoder.numbers(as: form)
    guard (1...2).contains(numbers.count) else { throw decoder.corrupted("\(numbers): \(form)") }
    self.init(numbers[0], numbers[numbers.count - 1])
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode([height, width])
  }
}

extension Decoder {
  /// A list of whole numbers; one number is a list of it.
  ///
  /// - Parameter form: what else it must be, in words.
  fileprivate func numbers(as form: String) throws -> [Int] {
    let container = try singleValueContainer()
    if let one = try? container.decode(Int.self) { return [one] }
    guard let list = try? container.decode([Int].self) else { throw corrupted(form) }
    return list
  }

  func corrupted(_ what: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath, debugDescription: what))
  }
}
