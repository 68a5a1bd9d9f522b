extension NetworkObjective {
  /// A curvature matrix at θ (P × P, exactly symmetric), assembled: its upper triangle from what
  /// layers have in common, then mirrored.
  public func curvatureMatrix(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool
  ) -> Matrix<T> {
    var matrix = assembled(
      kind, at: parameters, .whole, RowPlacement(order: dimension),
      shift: penaltyShift(of: kind, includingPenalty: includingPenalty))
    matrix.elements.withUnsafeMutableBufferPointer { elements in
      let stripes = (dimension + mirrorTile - 1) / mirrorTile
      forEachIndex(below: stripes) { stripe in
        var matrix = elements.mutableSpan
        mirrorUpperTriangle(&matrix, order: dimension, stripe: stripe)
      }
    }
    return matrix
  }

  /// A share of the rows of a curvature matrix at θ, assembled: for processes that together hold a
  /// matrix which none of them could.
  ///
  /// Time and memory are the whole's by the number of shares, but for derivatives between layers, which
  /// each makes for itself.
  public func curvatureRows(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool, _ share: RowShare
  ) -> CurvatureRows<T> {
    let placement = RowPlacement(order: dimension, rows: rowIndices(of: share))
    return CurvatureRows(
      rows: placement.rows,
      elements: assembled(
        kind, at: parameters, share, placement,
        shift: penaltyShift(of: kind, includingPenalty: includingPenalty)))
  }

  /// Which rows a share has. Those of a unit of dense layers stay together, so that shares are about
  /// equal only where there are some times as many units.
  public func rowIndices(of share: RowShare) -> [Int] {
    if let chain { return ChainAssembly<T>.rows(of: share, chain) }
    return ProgramAssembly.rows(of: share, self)
  }

  /// Rows of U, the upper triangle but for what `CurvatureRows` says.
  private func assembled(
    _ kind: CurvatureKind, at parameters: [T], _ share: RowShare, _ placement: RowPlacement, shift: T
  ) -> Matrix<T> {
    checkDimension(parameters)
    let mean = kind.matrix.secondMoment != nil ? lossGradient(at: parameters) : []
    var elements = [T].zeros(placement.rows.count * dimension)
    elements.withUnsafeMutableBufferPointer { elements in
      if let chain {
        ChainAssembly(self, chain, at: parameters, share, placement, into: elements).assemble(kind)
      } else {
        ProgramAssembly(self, at: parameters, share, placement, into: elements).assemble(kind)
      }
      for i in placement.rows {
        let start = placement.start(of: i)
        elements[start + i] += shift
        guard !mean.isEmpty else { continue }
        var row = elements.extracting(start + i..<start + dimension).mutableSpan
        axpy(-mean[i], mean.span.extracting(i..<dimension), into: &row)
      }
    }
    return Matrix(rows: placement.rows.count, columns: dimension, elements: elements)
  }
}
