/// Why imported parameters and an experiment's data do not go together.
public enum ImportError: Error, Equatable, CustomStringConvertible {
  /// The network that was given, in words, and the one that the data ask for.
  case architectureDiffers(given: String, data: String)

  public var description: String {
    switch self {
    case .architectureDiffers(let given, let data):
      "the architecture \(given) does not fit the data, which need \(data): give the data, prepared "
        + "as in training, that the network is for"
    }
  }
}

/// The parameters of a network that was trained elsewhere, in the order of the flat vector.
public struct ParameterImport: Equatable, Sendable {
  /// The network, with the statistics that the file has for its batch normalizations.
  public let network: Network
  /// θ, widened exactly where the file has singles or halves.
  public let parameters: [Double]
  /// Which way round the file's dense weights were, and how that is known.
  public let orientation: WeightOrientation
  public let provenance: ImportedParameters

  /// Reads `.safetensors`, `.npz` or `.npy`; see `parameters(from:blocks:as:)` for how tensors are
  /// matched to layers.
  ///
  /// - Parameter layout: which way round dense weights are; nil where names or shapes say it.
  /// - Throws: `TensorFileError`, `ModelError` or `DataError.digestUnavailable`.
  public init(
    readingFrom path: String, for network: Network, layout: WeightLayout? = nil
  ) throws {
    let bytes = try fileBytes(path)
    let (network, archive) = try network.withStatistics(
      of: TensorArchive(bytes: bytes, file: path))
    self.network = network
    let blocks = network.parameterBlocks
    orientation = try archive.weightOrientation(for: blocks, given: layout)
    parameters = try Saddle.parameters(from: archive, blocks: blocks, layout: orientation.layout)
    provenance = ImportedParameters(
      file: SourceFile(
        name: path.split(separator: "/").last.map(String.init) ?? path,
        sha256: try Digest(.sha256, of: bytes).hexadecimal),
      elementType: archive.tensors.map(\.elementType).filter(\.isFloatingPoint)
        .max { $0.size < $1.size } ?? .float64)
  }
}

extension PreparedExperiment {
  /// Keeps imported parameters as a finished run in `folder`.
  ///
  /// - Returns: The loss, accuracy and gradient norm at them, on the training samples: what tells
  ///   whether network and data are those that they were trained with.
  /// - Throws: `ImportError`, `RunError`, `SpectrumError.pointNotFinite`, or what does not fit in
  ///   the data.
  public func keep(
    _ parameters: ParameterImport, in folder: RunFolder
  ) throws -> Evaluation {
    let objective = try objective(Double.self)
    guard objective.parameterBlocks == parameters.network.parameterBlocks else {
      throw ImportError.architectureDiffers(
        given: "\(parameters.network)", data: "\(objective.network)")
    }
    let evaluation = objective.evaluate(at: parameters.parameters)
    guard evaluation.isFinite else {
      throw SpectrumError.pointNotFinite("the loss or its gradient")
    }
    try folder.write(imported: parameters.parameters, of: try description())
    return evaluation
  }
}
