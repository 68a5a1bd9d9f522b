extension NetworkProgram {
  /// The layers that see the same at every θ, and what they see of the samples.
  ///
  /// - Parameters:
  ///   - inputs: samples × the network's inputs.
  ///   - unrounded: the same before they were rounded, where that is known.
  /// - Returns: None where a layer's inputs are not finite.
  func dataLayers<T: Scalar>(inputs: Matrix<T>, unrounded: WholeNumberInputs?) -> [DataLayer] {
    let maps = steps.compactMap { step -> (map: AffineMap, source: Int, positions: [Int])? in
      guard case .affine(let map) = step.operation, !varies[step.source] else { return nil }
      return (map, step.source, readPositions(of: step.target, map))
    }
    guard !maps.isEmpty else { return [] }
    // Scales of features apart keep the dependences of whole features, not of patches or maxima.
    let whole = unrounded.flatMap { numbers in
      steps.allSatisfy { keepsExactness($0, hasCommonScale: numbers.hasCommonScale) }
        ? numbers : nil
    }
    let isUnrounded = steps.allSatisfy { keepsExactness($0, hasCommonScale: true) }
    let part = fixedPart
    let widest = maps.reduce(part.sizes.max() ?? 1) { max($0, $1.map.fanIn * $1.map.positions) }
    let capacity = max(1, min(1024, (1 << 22) / max(widest, 1), inputs.rows))
    var layers = maps.map { map, _, _ in
      DataLayer(
        units: LinearUnits(map), isConvolution: map.window.size.count > 1 || map.positions > 1,
        design: DesignMatrix(
          columns: map.fanIn + (map.biases == nil ? 0 : 1), hasBias: map.biases != nil,
          ulp: Double(T.ulpOfOne), isOfWholeNumbers: whole != nil, isUnrounded: isUnrounded))
    }
    var isFinite = true
    func forEachBlock(
      _ samples: (Range<Int>) -> [Double], ones: Double, isNeeded: (DesignMatrix) -> Bool,
      _ add: (inout DesignMatrix, Matrix<Double>) -> Void
    ) {
      var pass = ProgramPass<Double>(part, capacity: capacity)
      let none: [Double] = []
      for start in stride(from: 0, to: inputs.rows, by: capacity)
      where isFinite && layers.contains(where: { isNeeded($0.design) }) {
        let rows = start..<min(start + capacity, inputs.rows)
        let chunk = samples(rows)
        pass.forward(none.span, inputs: chunk.span)
        for (l, (map, source, positions)) in maps.enumerated() where isNeeded(layers[l].design) {
          let seen = pass.values[source]
          let block = map.windows(seen, at: positions, samples: rows.count, ones: ones)
          guard allFinite(block.elements.span) else {
            isFinite = false
            return
          }
          add(&layers[l].design, block)
        }
      }
    }
    func stored(_ rows: Range<Int>) -> [Double] {
      let numbers = Array(
        inputs.elements[rows.lowerBound * inputs.columns..<rows.upperBound * inputs.columns])
      return numbers as? [Double] ?? numbers.map { Double($0) }
    }
    forEachBlock(
      { whole?.rows($0) ?? stored($0) }, ones: whole?.one ?? 1, isNeeded: { !$0.isFull },
      { $0.addExactly($1) })
    forEachBlock(
      stored, ones: 1, isNeeded: { !$0.isIndependent }, { $0.add($1) })
    return isFinite ? layers : []
  }

  /// Whether a step that is the same at every θ computes without rounding, on numbers that are known
  /// but for one factor, or one for each feature.
  private func keepsExactness(_ step: Step, hasCommonScale: Bool) -> Bool {
    guard !varies[step.source] else { return true }
    return switch step.operation {
    case .affine(let map): hasCommonScale || map.window.input.isFlat
    case .maxPool, .activation(.relu): hasCommonScale
    case .activation, .averagePool, .map, .sum: false
    case .normalization, .lookup, .offset: true
    }
  }

  /// The positions of a layer's output that the network's output depends on: pools leave out what
  /// their stride does not reach.
  private func readPositions(of tensor: Int, _ map: AffineMap) -> [Int] {
    var isRead = sizes.map { [Double](repeating: 0, count: $0) }
    isRead[output] = isRead[output].map { _ in 1 }
    for step in steps.reversed() {
      let above = isRead[step.target]
      var below = [Double](repeating: 0, count: sizes[step.source])
      var target = below.mutableSpan
      switch step.operation {
      case .affine(let map):
        let plane = map.positions
        let read = (0..<plane).map { p in
          (0..<map.outputs).contains { above[$0 * plane + p] > 0 } ? 1.0 : 0
        }
        let ones = [Double](repeating: 1, count: map.fanIn)
        map.window.convolveBack(ones.span, read.span, samples: 1, adding: 0, into: &target)
      case .maxPool(let window), .averagePool(let window):
        window.spread(above.span, channels: window.input.channels, samples: 1, into: &target)
      case .activation, .normalization, .offset: copy(above.span, into: &target)
      case .map, .lookup: target.update(repeating: above.max() ?? 0)
      case .sum(let other):
        copy(above.span, into: &target)
        isRead[other] = zip(isRead[other], above).map { max($0, $1) }
      }
      isRead[step.source] = zip(isRead[step.source], below).map { max($0, $1) }
    }
    return (0..<map.positions).filter { p in
      (0..<map.outputs).contains { isRead[tensor][$0 * map.positions + p] > 0 }
    }
  }

  /// The parameters of which a common change shifts all logits alike; nil where none are known.
  var softmaxShift: SoftmaxShift? {
    var tensor = output
    var hasMaxima = false
    while let step = steps.first(where: { $0.target == tensor }), uses[tensor] <= 1 {
      switch step.operation {
      case .affine(let map):
        return SoftmaxShift(
          units: LinearUnits(map), includesWeights: map.outputs == sizes[output] && !hasMaxima)
      case .normalization(let normalization):
        return SoftmaxShift(
          units: LinearUnits(shifts: normalization.shifts), includesWeights: false)
      case .maxPool(let window):
        hasMaxima = hasMaxima || window.size.count > 1
        tensor = step.source
      case .averagePool: tensor = step.source
      case .activation, .map, .lookup, .offset, .sum: return nil
      }
    }
    return nil
  }
}

extension AffineMap {
  /// The windows at some positions, (`fanIn`, and one more where there is a bias) × (positions ×
  /// samples), with `ones` for the bias.
  fileprivate func windows(
    _ x: [Double], at places: [Int], samples n: Int, ones: Double
  ) -> Matrix<Double> {
    let gathered = windows(x, samples: n)
    var elements: [Double] = []
    for row in 0..<fanIn {
      for place in places {
        let start = (row * positions + place) * n
        elements += gathered[start..<start + n]
      }
    }
    if biases != nil { elements += [Double](repeating: ones, count: places.count * n) }
    return Matrix(
      rows: fanIn + (biases == nil ? 0 : 1), columns: places.count * n, elements: elements)
  }
}

extension StructuralNullSpace {
  /// What is known of a network's loss on some samples.
  init<T: Scalar>(
    of program: NetworkProgram, order: Int, loss: Loss, inputs: Matrix<T>,
    unrounded: WholeNumberInputs?
  ) {
    self.init(
      order: order, layers: program.dataLayers(inputs: inputs, unrounded: unrounded),
      shift: loss == .softmaxCrossEntropy ? program.softmaxShift : nil,
      unseen: program.unseenParameters(inputs: inputs))
  }
}
