/// The Jacobian of a network's outputs at a fixed θ, N·K × P, by its products: forward along a
/// direction of parameters, and backward from the outputs.
///
/// - Note: chunks are summed in a fixed order, so that results are the same on any number of threads.
public struct OutputJacobian<T: Scalar>: Sendable {
  private let objective: NetworkObjective<T>
  private let parameters: [T]
  private let passes = Pool<ProgramPass<T>>()

  /// - Parameter parameters: θ, P elements.
  public init(of objective: NetworkObjective<T>, at parameters: [T]) {
    objective.checkDimension(parameters)
    self.objective = objective
    self.parameters = parameters
  }

  /// K.
  private var classes: Int { objective.program.sizes[objective.program.output] }
  private var chunks: Chunks { Chunks(of: objective.samples, largest: ProgramPass<T>.chunk) }

  /// The outputs' derivatives along v: N × K.
  ///
  /// - Parameter direction: v, P elements.
  public func product(along direction: [T]) -> Matrix<T> {
    objective.checkDimension(direction)
    let (program, chunks) = (objective.program, chunks)
    var parts = [[T]](repeating: [], count: chunks.count)
    forEachElement(of: &parts, count: parts.count) { part, c in
      withPass { pass in
        let chunk = ProgramChunk(
          objective, at: parameters, rows: chunks[c], .gaussNewton, &pass)
        var tangents = ProgramTangents<T>(program, capacity: chunk.rows.count, count: 1)
        for s in program.steps.indices where program.varies[program.steps[s].target] {
          tangents.forward(s, chunk, parameters.span, direction.span, 1)
        }
        let size = chunk.rows.count * classes
        part = [T](repeating: 0, count: size)
        guard program.varies[program.output] else { return }
        let outputs = tangents.tangents[program.output]
        var rows = part.mutableSpan
        transpose(outputs.span.extracting(0..<size), rows: classes, into: &rows)
      }
    }
    return Matrix(rows: objective.samples, columns: classes, elements: Array(parts.joined()))
  }

  /// Jᵀu: Σₙ Jₙᵀuₙ, P elements.
  ///
  /// - Parameter outputs: uₙ, N × K.
  public func transposedProduct(with outputs: Matrix<T>) -> [T] {
    precondition(
      outputs.rows == objective.samples && outputs.columns == classes,
      "\(outputs.rows) × \(outputs.columns) for outputs of \(objective.samples) × \(classes)")
    let chunks = chunks
    let pieces = chunks.pieces(accumulating: objective.dimension)
    var sums = [[T]](repeating: [], count: pieces.count)
    forEachElement(of: &sums, count: sums.count) { sum, i in
      sum = [T](repeating: 0, count: objective.dimension)
      withPass { pass in
        var target = sum.mutableSpan
        for c in pieces[i] {
          let rows = chunks[c]
          pass.forward(
            parameters.span,
            inputs: objective.inputs.elements.span.extracting(objective.inputSpan(rows)))
          pass.setErrors(
            Array(outputs.elements[rows.lowerBound * classes..<rows.upperBound * classes]))
          pass.backward(parameters.span, into: &target)
        }
      }
    }
    return total(of: sums)
  }

  private func withPass(_ body: (inout ProgramPass<T>) -> Void) {
    passes.withOne {
      ProgramPass(objective.program, capacity: ProgramPass<T>.chunk)
    } with: {
      body(&$0)
    }
  }
}

/// The sum of vectors of one length, in their order.
func total<T: Scalar>(of parts: [[T]]) -> [T] {
  guard var result = parts.first else { return [] }
  for part in parts.dropFirst() {
    var sum = result.mutableSpan
    axpy(1, part.span, into: &sum)
  }
  return result
}
