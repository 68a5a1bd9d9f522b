/// A share of the upper triangle of a curvature matrix of any network, summed up chunk by chunk.
///
/// A row belongs to a parameter of some step. What the step writes changes along it by what the step
/// reads; from there tangents go to the outputs and back, but only through the steps behind, and with
/// no other parameter changing: less than half of what a whole product takes at the first step, and
/// next to nothing at the last, where most parameters often are. The rest of the row is its mirror.
///
/// Threads take blocks of rows, which are apart in the matrix; each goes through the chunks in their
/// order. So the sums' order does not depend on the threads.
struct ProgramAssembly<T: Scalar> {
  private let objective: NetworkObjective<T>
  private let parameters: [T]
  private let blocks: [Block]
  private let placement: RowPlacement
  /// The rows of the placement, row-major; only the upper triangle.
  private let elements: UnsafeMutableBufferPointer<T>
  private let workspaces = Pool<Workspace>()

  private var program: NetworkProgram { objective.program }
  private var order: Int { objective.dimension }

  private struct Workspace: Sendable {
    var tangents: ProgramTangents<T>
    var sums: [T]
  }

  /// Some of the parameters of a step.
  private struct Block {
    let step: Int
    /// Among the step's own.
    let rows: Range<Int>
  }

  /// The bytes of chunks that are kept at a time.
  private static var memoryLimit: Int { 1 << 28 }

  init(
    _ objective: NetworkObjective<T>, at parameters: [T], _ share: RowShare,
    _ placement: RowPlacement, into elements: UnsafeMutableBufferPointer<T>
  ) {
    self.objective = objective
    self.parameters = parameters
    self.elements = elements
    self.placement = placement
    blocks = Self.blocks(of: share, objective)
  }

  /// The rows of a share.
  static func rows(of share: RowShare, _ objective: NetworkObjective<T>) -> [Int] {
    blocks(of: share, objective).flatMap { block in
      let rows = objective.program.parameters(ofStep: block.step).flatMap(Array.init)
      return block.rows.map { rows[$0] }
    }
  }

  /// As many rows at once as keep a chunk's tangents within 16 MiB, and enough blocks for threads and
  /// shares.
  private static func rowsAtOnce(_ share: RowShare, _ objective: NetworkObjective<T>) -> Int {
    let perDirection = ProgramTangents<T>.elementsPerDirection(
      objective.program, capacity: chunks(of: objective).size)
    let most = max(1, min((1 << 21) / perDirection, 64))
    return share.count == 1 ? most : min(most, max(1, objective.dimension / (16 * share.count)))
  }

  private static func chunks(of objective: NetworkObjective<T>) -> Chunks {
    Chunks(of: objective.samples, largest: ProgramPass<T>.chunk)
  }

  private static func blocks(of share: RowShare, _ objective: NetworkObjective<T>) -> [Block] {
    let most = rowsAtOnce(share, objective)
    let all = objective.program.steps.indices.flatMap { step in
      let count = objective.program.parameters(ofStep: step).reduce(0) { $0 + $1.count }
      return stride(from: 0, to: count, by: most).map {
        Block(step: step, rows: $0..<min($0 + most, count))
      }
    }
    return all.enumerated().filter { share.holds(unit: $0.offset) }.map(\.element)
  }

  func assemble(_ kind: CurvatureKind) {
    guard !blocks.isEmpty else { return }
    let chunks = Self.chunks(of: objective)
    let bytes = ProgramChunk<T>.bytesPerSample(program, kind) * chunks.size
    let atOnce = max(1, Self.memoryLimit / max(bytes, 1))
    let most = blocks.reduce(0) { max($0, $1.rows.count) }
    for start in stride(from: 0, to: chunks.count, by: atOnce) {
      let kept = linearized(chunks, start..<min(start + atOnce, chunks.count), kind)
      forEachIndex(below: blocks.count) { b in
        workspaces.withOne {
          Workspace(
            tangents: ProgramTangents(program, capacity: chunks.size, count: most),
            sums: .zeros(most * order))
        } with: { workspace in
          add(blocks[b], kept, hasSecondDerivatives: kind.hasSecondDerivatives, &workspace)
        }
      }
    }
  }

  private func linearized(
    _ chunks: Chunks, _ range: Range<Int>, _ kind: CurvatureKind
  ) -> [ProgramChunk<T>] {
    var result = [ProgramChunk<T>?](repeating: nil, count: range.count)
    let passes = Pool<ProgramPass<T>>()
    forEachElement(of: &result, count: range.count) { chunk, i in
      passes.withOne {
        ProgramPass(program, capacity: chunks.size)
      } with: { pass in
        chunk = ProgramChunk(
          objective, at: parameters, rows: chunks[range.lowerBound + i], kind, &pass)
      }
    }
    return result.compactMap(\.self)
  }

  private func add(
    _ block: Block, _ chunks: [ProgramChunk<T>], hasSecondDerivatives: Bool,
    _ workspace: inout Workspace
  ) {
    let count = block.rows.count
    var sums = lend(&workspace.sums)
    defer { workspace.sums = sums }
    var all = sums.mutableSpan
    var used = all._mutatingExtracting(0..<count * order)
    used.update(repeating: 0)
    for chunk in chunks {
      workspace.tangents.addRows(
        block.rows, ofStep: block.step, chunk, at: parameters.span,
        hasSecondDerivatives: hasSecondDerivatives, scale: 1 / T(objective.samples), into: &used)
    }
    let rows = program.parameters(ofStep: block.step).flatMap(Array.init)
    let behind = program.steps.indices.dropFirst(block.step)
      .flatMap { program.parameters(ofStep: $0) }
    for (j, number) in block.rows.enumerated() {
      let place = placement.start(of: rows[number])
      for range in behind where range.upperBound > rows[number] {
        // What is left of the diagonal another row has.
        let columns = max(range.lowerBound, rows[number])..<range.upperBound
        // Stacked: a parameter block of all rows before the next block.
        let start = range.lowerBound * count + j * range.count + columns.lowerBound - range.lowerBound
        var row = elements.extracting(
          place + columns.lowerBound..<place + columns.upperBound
        ).mutableSpan
        axpy(1, used.span.extracting(start..<start + columns.count), into: &row)
      }
    }
  }
}
