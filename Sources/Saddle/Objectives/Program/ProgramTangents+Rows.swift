extension ProgramTangents {
  /// Adds the chunk's part of some rows of the matrix, as far as they belong to the parameters of
  /// their own step and of later ones.
  ///
  /// - Parameters:
  ///   - rows: the rows' numbers among the parameters of step `first`, `count` at most.
  ///   - products: `rows.count` × P, stacked.
  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func addRows(
    _ rows: Range<Int>, ofStep first: Int, _ chunk: ProgramChunk<T>, at parameters: Span<T>,
    hasSecondDerivatives: Bool, scale: T, into products: inout MutableSpan<T>
  ) {
    let count = rows.count
    precondition(count <= self.count && chunk.rows.count <= capacity)
    isReached = program.sizes.map { _ in false }
    seed(rows, ofStep: first, chunk)
    let none = parameters.extracting(0..<0)
    for s in program.steps.indices.dropFirst(first + 1) where reads(s) {
      isReached[program.steps[s].target] = true
      forward(s, chunk, parameters, none, count)
    }
    joinOutputs(chunk, count, scale)
    var isWritten = [Bool](repeating: false, count: program.sizes.count)
    for s in program.steps.indices.dropFirst(first).reversed()
    where program.varies[program.steps[s].target] {
      addProducts(s, chunk, count, hasSecondDerivatives, into: &products)
      guard s > first else { break }
      backward(s, chunk, parameters, none, count, hasSecondDerivatives, &isWritten)
    }
  }

  /// Whether a step reads what changes along the directions.
  private func reads(_ s: Int) -> Bool {
    let step = program.steps[s]
    if case .sum(let other) = step.operation, isReached[other] { return true }
    return isReached[step.source]
  }

  /// Leaves what a step writes, along some of its own parameters.
  private mutating func seed(_ rows: Range<Int>, ofStep s: Int, _ chunk: ProgramChunk<T>) {
    let step = program.steps[s]
    let n = chunk.rows.count
    let size = program.sizes[step.target] * n
    isReached[step.target] = true
    let x = chunk.values[step.source]
    var buffer = lend(&tangents[step.target])
    var all = buffer.mutableSpan
    var target = all._mutatingExtracting(0..<size * rows.count)
    target.update(repeating: 0)
    switch step.operation {
    case .affine(let map):
      let plane = map.positions * n
      let windows = map.windows(x, samples: n)
      for (j, row) in rows.enumerated() {
        let isWeight = row < map.weights.count
        let channel = isWeight ? row / map.fanIn : row - map.weights.count
        let start = j * size + channel * plane
        var part = target._mutatingExtracting(start..<start + plane)
        guard isWeight else {
          part.update(repeating: 1)
          continue
        }
        let column = row % map.fanIn * plane
        copy(windows.span.extracting(column..<column + plane), into: &part)
      }
    case .normalization(let normalization):
      let plane = normalization.positions * n
      let standardized = normalization.standardized(x.span, samples: n)
      for (j, row) in rows.enumerated() {
        let channel = row % normalization.channels
        let start = j * size + channel * plane
        var part = target._mutatingExtracting(start..<start + plane)
        guard row < normalization.channels else {
          part.update(repeating: 1)
          continue
        }
        copy(standardized.span.extracting(channel * plane..<(channel + 1) * plane), into: &part)
      }
    case .lookup(let lookup):
      // One entry of the table is 1, all others 0.
      var table = [T](repeating: 0, count: lookup.table.count)
      for (j, row) in rows.enumerated() {
        table[row] = 1
        var part = target._mutatingExtracting(j * size..<(j + 1) * size)
        lookup.apply(table.span, x.span, samples: n, into: &part)
        table[row] = 0
      }
    case .offset:
      for (j, row) in rows.enumerated() {
        let start = j * size + row * n
        var part = target._mutatingExtracting(start..<start + n)
        part.update(repeating: 1)
      }
    case .activation, .maxPool, .averagePool, .map, .sum: break
    }
    tangents[step.target] = buffer
  }
}
