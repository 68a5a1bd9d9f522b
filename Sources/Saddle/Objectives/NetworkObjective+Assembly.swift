extension NetworkObjective {
  /// A curvature matrix at θ (P × P, exactly symmetric), assembled: its upper triangle from what
  /// layers have in common, then mirrored.
  public func curvatureMatrix(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool
  ) -> Matrix<T> {
    checkDimension(parameters)
    var elements = [T].zeros(dimension * dimension)
    elements.withUnsafeMutableBufferPointer { elements in
      if let chain {
        ChainAssembly(self, chain, at: parameters, into: elements).assemble(kind)
      } else {
        ProgramAssembly(self, at: parameters, into: elements).assemble(kind)
      }
      complete(
        elements, shift: penaltyShift(of: kind, includingPenalty: includingPenalty),
        takingOut: kind.matrix.secondMoment != nil ? lossGradient(at: parameters) : [])
    }
    return Matrix(rows: dimension, columns: dimension, elements: elements)
  }

  /// Mirrors the upper triangle, adds a multiple of the identity, and takes out the square of a vector
  /// if there is one.
  private func complete(
    _ elements: UnsafeMutableBufferPointer<T>, shift: T, takingOut vector: [T]
  ) {
    let order = dimension
    let stripes = (order + mirrorTile - 1) / mirrorTile
    forEachIndex(below: stripes) { stripe in
      var matrix = elements.mutableSpan
      mirrorUpperTriangle(&matrix, order: order, stripe: stripe)
    }
    for i in 0..<order { elements[i * order + i] += shift }
    for (i, factor) in vector.enumerated() {
      var row = elements.extracting(i * order..<(i + 1) * order).mutableSpan
      axpy(-factor, vector.span, into: &row)
    }
  }
}
