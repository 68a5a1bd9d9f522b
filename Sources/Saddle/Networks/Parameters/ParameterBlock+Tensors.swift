extension TensorArchive {
  /// A flat vector of parameters as named tensors.
  ///
  /// - Parameter blocks: in any order, together all of the vector.
  public init<T: Scalar>(
    file: String, parameters: [T], blocks: [ParameterBlock], metadata: [String: String] = [:]
  ) {
    requireTiling(blocks, count: parameters.count)
    self.init(
      file: file,
      tensors: blocks.map { block in
        let values = Array(parameters[block.range])
        if let singles = values as? [Float] {
          return NamedTensor(block.name, block.shape, singles)
        }
        return NamedTensor(block.name, block.shape, values.map { Double($0) })
      },
      metadata: metadata)
  }
}

/// The flat vector of parameters whose tensors `archive` holds, rounded to `T` where they are
/// wider.
///
/// One vector of as many numbers as all blocks together is taken as it is. Else every tensor of
/// floating-point numbers must be the parameter of one block; whole numbers, such as batch
/// normalization's `num_batches_tracked`, are left out. They are matched
/// 1. by their names, where those are the blocks' names: lengths of 1 in their shapes do not count;
/// 2. else module by module (a name up to its last dot): by the shapes in it where these fit one
///    place only; modules of equal shapes in the order of the numbers in their names (`fc2` before
///    `fc10`), and only where their names differ in nothing else. Nothing is guessed.
///
/// - Parameters:
///   - blocks: in the network's order, together all of the vector.
///   - layout: which way round dense weights are; nil where names or shapes say it
///     (`TensorArchive.weightOrientation`).
/// - Throws: `TensorFileError`: what does not match, with both sides.
@specialized(where T == Float)
@specialized(where T == Double)
public func parameters<T: Scalar>(
  from archive: TensorArchive, blocks: [ParameterBlock], layout: WeightLayout? = nil,
  as _: T.Type = T.self
) throws(TensorFileError) -> [T] {
  let count = blocks.reduce(0) { $0 + $1.range.count }
  requireTiling(blocks, count: count)
  let orientation = try archive.weightOrientation(for: blocks, given: layout)
  let tensors = try ParameterMatching(try archive.oriented(orientation), blocks).tensors()
  var parameters = [T](repeating: 0, count: count)
  for (range, tensor) in tensors {
    guard let values = tensor.values.floating(as: T.self) else {
      throw TensorFileError(file: archive.file, tensor: tensor.name, problem: .notFloatingPoint)
    }
    if let index = firstNotFinite(values) {
      throw TensorFileError(
        file: archive.file, tensor: tensor.name,
        problem: .notFinite(index: index, value: "\(values[index])"))
    }
    parameters.replaceSubrange(range, with: values)
  }
  return parameters
}

private func requireTiling(_ blocks: [ParameterBlock], count: Int) {
  var end = 0
  for range in blocks.map(\.range).sorted(by: { $0.lowerBound < $1.lowerBound }) {
    precondition(range.lowerBound == end, "the blocks leave a gap or overlap at \(end)")
    end = range.upperBound
  }
  precondition(end == count, "blocks of \(end) parameters for \(count)")
}
