/// What is wrong with a network's description.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  case invalidWidths([Int])
  case tooManyParameters(widths: [Int])
  case invalidInput(Shape)
  /// A layer, by its number, and the shape that it meets.
  case invalidLayer(number: String, layer: Layer, input: Shape, fault: LayerFault)
  case noParameters
  case outputIsNoVector(Shape)
  /// Names, and the tensors that they were to be of.
  case invalidNames([String], tensors: [String])

  public var description: String {
    switch self {
    case .invalidWidths(let widths):
      "widths \(widths): a network needs at least an input and an output width, all positive, "
        + "for example [784, 16, 10]"
    case .tooManyParameters(let widths):
      "widths \(widths): a network may have at most \(Network.largestCount) parameters"
    case .invalidInput(let shape):
      "input [\(shape.channels), \(shape.height), \(shape.width)]: give channels, height and width, "
        + "all positive, for example [1, 28, 28]"
    case .invalidLayer(let number, let layer, let input, let fault):
      "layer \(number), \(layer), on \(input): \(fault)"
    case .noParameters: "a network without parameters: give it a dense layer or a convolution"
    case .invalidNames(let names, let tensors):
      "\(names.count) names for \(tensors.count) tensors: give each a name of its own, in the order "
        + tensors.joined(separator: ", ")
    case .outputIsNoVector(let shape):
      "the last layer gives \(shape), not a vector: end with a flatten or a dense layer"
    }
  }
}
