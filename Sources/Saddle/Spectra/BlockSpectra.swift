/// The spectrum of a diagonal block of a Hessian: the curvature along one layer's parameters alone.
public struct BlockSpectrum: Codable, Equatable, Sendable {
  public let block: ParameterBlock
  /// Cauchy: all lie between the whole Hessian's extremes.
  public let spectrum: Spectrum
  /// ‖block‖_F²/‖H‖_F²; what the blocks' shares leave of 1 lies between layers.
  public let share: Double
}

extension BlockSpectrum {
  /// The spectra of diagonal blocks of a symmetric matrix (LAPACK).
  ///
  /// Memory: one block at a time.
  /// - Throws: `SpectrumError.block` for a range that is empty or reaches outside the matrix;
  ///   `LinearAlgebraError` where a block is not finite and symmetric.
  public static func all(
    of matrix: borrowing Matrix<Double>, blocks: [ParameterBlock]
  ) throws -> [BlockSpectrum] {
    let order = matrix.rows
    let whole = euclideanNorm(matrix.elements.span)
    return try blocks.map { block in
      guard !block.range.isEmpty, block.range.lowerBound >= 0, block.range.upperBound <= order
      else { throw SpectrumError.block(name: block.name, order: order) }
      var elements: [Double] = []
      elements.reserveCapacity(block.range.count * block.range.count)
      for i in block.range {
        let start = i * order
        elements +=
          matrix.elements[start + block.range.lowerBound..<start + block.range.upperBound]
      }
      let part = euclideanNorm(elements.span)
      let values = try Matrix(
        rows: block.range.count, columns: block.range.count, elements: elements
      ).eigenvalues()
      return BlockSpectrum(
        block: block, spectrum: try Spectrum(eigenvalues: values),
        share: whole > 0 ? part / whole * (part / whole) : 0)
    }
  }
}
