/// Which way round a dense layer's weights are written.
public enum WeightLayout: String, CaseIterable, Codable, Sendable {
  /// As torch.nn.Linear has them, and Saddle.
  case outputsInputs = "outputs-inputs"
  /// As Flax and Keras have a `kernel`.
  case inputsOutputs = "inputs-outputs"

  var title: String {
    switch self {
    case .outputsInputs: "outputs × inputs"
    case .inputsOutputs: "inputs × outputs"
    }
  }
}

/// The layout that a file's weights were read in, and how it is known.
public struct WeightOrientation: Codable, Equatable, Sendable, CustomStringConvertible {
  public enum Reason: String, Codable, Sendable {
    case given = "as given"
    case kernel = "by the name kernel"
    case weight = "by PyTorch's name weight"
    case shapes = "by the shapes"
    /// One vector of all parameters, in the order of the network's.
    case flat = "by the order of the flat vector"
  }

  public let layout: WeightLayout
  public let reason: Reason

  public var description: String {
    "\(layout.title), \(reason.rawValue)"
      + (layout == .inputsOutputs ? ": transposed" : "")
  }
}

extension TensorArchive {
  /// Which way round the dense weights in this file are.
  ///
  /// It is what is given; else it follows from names that say it (`.weight`, `kernel`); else from
  /// the shapes, in the order of the numbers in the names, where they fit the layers one way round
  /// only.
  ///
  /// - Throws: `TensorFileError.Problem.orientationUnknown`.
  public func weightOrientation(
    for blocks: [ParameterBlock], given: WeightLayout? = nil
  ) throws(TensorFileError) -> WeightOrientation {
    func known(_ layout: WeightLayout, _ reason: WeightOrientation.Reason) -> WeightOrientation {
      WeightOrientation(layout: layout, reason: reason)
    }
    if tensors.count == 1, tensors[0].shape.count == 1 { return known(.outputsInputs, .flat) }
    if let given { return known(given, .given) }
    let weights = tensors.filter { $0.shape.count >= 2 }
    let others = weights.filter { $0.leaf != "kernel" }
    if others.allSatisfy({ $0.name.hasSuffix(".weight") }), others.count == weights.count {
      return known(.outputsInputs, .weight)
    }
    if others.isEmpty { return known(.inputsOutputs, .kernel) }
    // Where a file has both kinds of names, neither says what it usually does.
    guard others.count == weights.count, let layout = Self.layout(of: weights, for: blocks) else {
      throw TensorFileError(
        file: file, problem: .orientationUnknown(of: weights.map(\.label)))
    }
    return known(layout, .shapes)
  }

  /// The same tensors with dense weights outputs × inputs, and a kernel under PyTorch's name for it:
  /// "Dense_0/kernel" is "Dense_0.weight".
  ///
  /// - Throws: `TensorFileError.Problem.kernelOfConvolution`.
  func oriented(_ orientation: WeightOrientation) throws(TensorFileError) -> TensorArchive {
    let hasKernels = tensors.contains { $0.leaf == "kernel" }
    guard hasKernels || orientation.layout == .inputsOutputs else { return self }
    var turned: [NamedTensor] = []
    for tensor in tensors {
      let name = hasKernels ? tensor.torchName : tensor.name
      if orientation.layout == .outputsInputs || tensor.shape.count < 2 {
        turned.append(tensor.named(name))
      } else if tensor.shape.count == 2 {
        turned.append(tensor.transposed.named(name))
      } else {
        throw TensorFileError(file: file, tensor: tensor.name, problem: .kernelOfConvolution)
      }
    }
    guard Set(turned.map(\.name)).count == turned.count else {
      throw TensorFileError(file: file, problem: .duplicateName)
    }
    return TensorArchive(file: file, tensors: turned, metadata: metadata)
  }

  /// The layout in which the weights fit the layers; nil where both do or none.
  private static func layout(
    of weights: [NamedTensor], for blocks: [ParameterBlock]
  ) -> WeightLayout? {
    let expected = blocks.map(\.shape).filter { $0.count >= 2 }
    func fits(_ found: [[Int]]) -> Bool {
      found.sorted { $0.lexicographicallyPrecedes($1) }
        == expected.sorted { $0.lexicographicallyPrecedes($1) }
    }
    let names = weights.map { ModuleName($0.name) }
    // One name with a number for each layer has an order too, which says more than the set of shapes.
    let isNumbered =
      Set(names.map(\.pattern)).count == 1 && Set(names.map(\.numbers)).count == names.count
    let ordered = zip(names, weights.map(\.shape))
      .sorted { $0.0.numbers.lexicographicallyPrecedes($1.0.numbers) }.map(\.1)
    // A convolution's kernel is height × width × inputs × outputs there.
    let reversed = ordered.map {
      $0.count == 4 ? [$0[3], $0[2], $0[0], $0[1]] : Array($0.reversed())
    }
    var candidates: [(WeightLayout, [[Int]])] = [
      (.outputsInputs, ordered), (.inputsOutputs, reversed),
    ].filter { fits($0.1) }
    if candidates.count > 1, isNumbered {
      candidates = candidates.filter { $0.1 == expected }
    }
    guard candidates.isEmpty else {
      return candidates.count == 1 ? candidates[0].0 : nil
    }
    // They fit no way round: the matching says what is wrong, with both sides.
    return .outputsInputs
  }
}

extension NamedTensor {
  /// The name's last part.
  fileprivate var leaf: Substring {
    nameWithoutIndex.split(whereSeparator: { "./_".contains($0) }).last ?? ""
  }

  fileprivate var torchName: String {
    var parts = nameWithoutIndex.split(whereSeparator: { "./".contains($0) })
    if parts.last == "kernel" { parts[parts.count - 1] = "weight" }
    return parts.joined(separator: ".")
  }

  /// TensorFlow's names end in the number of an output, ":0".
  private var nameWithoutIndex: Substring {
    guard let colon = name.lastIndex(of: ":"),
      name[name.index(after: colon)...].allSatisfy(\.isNumber)
    else { return name[...] }
    return name[..<colon]
  }

  fileprivate func named(_ name: String) -> NamedTensor {
    NamedTensor(name: name, shape: shape, elementType: elementType, values: values)
  }

  /// Of a matrix.
  fileprivate var transposed: NamedTensor {
    let (rows, columns) = (shape[0], shape[1])
    func moved<T>(_ values: [T]) -> [T] {
      (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
    }
    let turned: TensorValues =
      switch values {
      case .single(let values): .single(moved(values))
      case .double(let values): .double(moved(values))
      case .integer(let values): .integer(moved(values))
      }
    return NamedTensor(
      name: name, shape: [columns, rows], elementType: elementType, values: turned)
  }
}
