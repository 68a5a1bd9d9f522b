/// The statistics of batch normalizations, which PyTorch keeps beside the parameters.
extension Network {
  /// Those that the network has, under PyTorch's names.
  public var statistics: [NamedTensor] {
    normalizations.flatMap { place, stem -> [NamedTensor] in
      guard case .batchNorm(_, let mean, let variance) = place.layer else { return [] }
      return [("running_mean", mean), ("running_var", variance)].filter { !$0.1.isEmpty }
        .map { NamedTensor(stem + $0.0, [$0.1.count], $0.1) }
    }
  }

  /// Batch normalizations, each with what its tensors' names begin with.
  private var normalizations: [(place: PlacedLayer, stem: String)] {
    let names = Dictionary(uniqueKeysWithValues: parameterBlocks.map { ($0.range, $0.name) })
    return placed.flatMap(\.all).compactMap { place in
      guard case .batchNorm = place.layer, let name = place.weights.flatMap({ names[$0.range] })
      else { return nil }
      return (place, name.lastIndex(of: ".").map { String(name[...$0]) } ?? "")
    }
  }

  /// The network with the means and variances that an archive has for its batch normalizations: under
  /// the name of γ with "running_mean" and "running_var" in place of its last part. A normalization
  /// without any keeps its own.
  ///
  /// - Returns: also what of the archive is left.
  /// - Throws: `TensorFileError` for one of the two without the other, or of another shape;
  ///   `ModelError` for statistics that cannot be.
  func withStatistics(
    of archive: TensorArchive
  ) throws -> (network: Network, rest: TensorArchive) {
    let stems = Dictionary(uniqueKeysWithValues: normalizations.map { ($0.place.name, $0.stem) })
    var taken: Set<String> = []
    let layers = try placed.map { place in
      try place.replacing { place throws(TensorFileError) in
        guard case .batchNorm(let epsilon, _, _) = place.layer, let stem = stems[place.name]
        else { return nil }
        let (mean, variance) = ("\(stem)running_mean", "\(stem)running_var")
        guard archive[mean] != nil || archive[variance] != nil else { return nil }
        taken.formUnion([mean, variance])
        return .batchNorm(
          epsilon: epsilon, mean: try archive.numbers(mean, count: place.input.channels),
          variance: try archive.numbers(variance, count: place.input.channels))
      }
    }
    return (
      try Network(input: input, layers: layers, names: self.names),
      TensorArchive(
        file: archive.file, tensors: archive.tensors.filter { !taken.contains($0.name) },
        metadata: archive.metadata)
    )
  }
}

extension PlacedLayer {
  /// The layer with others in the place of those for which `change` has one.
  fileprivate func replacing(
    _ change: (PlacedLayer) throws(TensorFileError) -> Layer?
  ) throws(TensorFileError) -> Layer {
    guard case .residual = layer else { return try change(self) ?? layer }
    func row(_ layers: [PlacedLayer]) throws(TensorFileError) -> [Layer] {
      var changed: [Layer] = []
      for layer in layers { changed.append(try layer.replacing(change)) }
      return changed
    }
    return .residual(try row(body), shortcut: try row(shortcut))
  }
}

extension TensorArchive {
  fileprivate func numbers(_ name: String, count: Int) throws(TensorFileError) -> [Double] {
    guard let tensor = self[name] else {
      throw TensorFileError(
        file: file, problem: .doesNotMatch(expected: [name], found: tensors.map(\.name)))
    }
    guard tensor.shape == [count] else {
      throw TensorFileError(
        file: file, tensor: name, problem: .shapeDiffers(expected: [count], found: tensor.shape))
    }
    guard let numbers = tensor.values.floating(as: Double.self) else {
      throw TensorFileError(file: file, tensor: name, problem: .notFloatingPoint)
    }
    return numbers
  }
}
