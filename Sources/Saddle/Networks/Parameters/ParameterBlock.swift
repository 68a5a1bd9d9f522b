/// One tensor of a network: where it stands in the flat parameter vector, and what PyTorch calls it
/// in a `Sequential` of the same modules, such as "0.weight".
public struct ParameterBlock: Codable, Hashable, Sendable {
  public let name: String
  /// Row-major; its product is the length of `range`.
  public let shape: [Int]
  public let range: Range<Int>

  public init(name: String, shape: [Int], range: Range<Int>) {
    precondition(
      shape.reduce(1, *) == range.count, "\(range.count) parameters in shape \(shape)")
    self.name = name
    self.shape = shape
    self.range = range
  }

  var label: String { "\(name) \(shape)" }

  /// Some parameters as a vector, such as all of a layer.
  public init(name: String, range: Range<Int>) {
    self.init(name: name, shape: [range.count], range: range)
  }
}
