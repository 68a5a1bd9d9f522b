/// Sums over a batch's samples, in pieces that are worked on at once, with the buffers for it.
struct ProgramSums<T: Scalar>: Sendable {
  private struct Piece: Sendable {
    var total = 0.0
    var correct = 0
    var gradient: [T]
  }

  private let program: NetworkProgram
  /// P.
  private let dimension: Int
  private var pieces: [Piece] = []
  private let passes = Pool<ProgramPass<T>>()
  /// The pieces that the last batch was cut in.
  private var used = 0

  init(_ program: NetworkProgram, dimension: Int) {
    self.program = program
    self.dimension = dimension
  }

  /// The samples' losses, summed.
  ///
  /// - Parameter inputs: samples × network.inputs.
  mutating func value(
    _ loss: Loss, at parameters: Span<T>, inputs: Span<T>, _ targets: BatchTargets<T>
  ) -> Double {
    run(loss, at: parameters, inputs: inputs, targets, withGradient: false, counting: false)
    return pieces[..<used].reduce(0) { $0 + $1.total }
  }

  /// The same, how many have their label's output largest, and the mean gradient, whose pieces are
  /// added in their order.
  mutating func gradient(
    _ loss: Loss, at parameters: Span<T>, inputs: Span<T>, _ targets: BatchTargets<T>,
    counting: Bool, into gradient: inout MutableSpan<T>
  ) -> (total: Double, correct: Int) {
    run(loss, at: parameters, inputs: inputs, targets, withGradient: true, counting: counting)
    gradient.update(repeating: 0)
    for piece in pieces[..<used] { axpy(1, piece.gradient.span, into: &gradient) }
    return pieces[..<used].reduce((0, 0)) { ($0.0 + $1.total, $0.1 + $1.correct) }
  }

  /// Takes all samples of a batch through the network.
  private mutating func run(
    _ loss: Loss, at parameters: Span<T>, inputs: Span<T>, _ targets: BatchTargets<T>,
    withGradient: Bool, counting: Bool
  ) {
    let (program, passes) = (program, passes)
    let chunks = Chunks(
      of: inputs.count / program.sizes[0], largest: ProgramPass<T>.chunk)
    let ranges = chunks.pieces(accumulating: dimension)
    used = ranges.count
    while pieces.count < used {
      pieces.append(Piece(gradient: [T](repeating: 0, count: dimension)))
    }
    // Spans cannot be handed to other threads; what they are of stands still meanwhile.
    parameters.withUnsafeBufferPointer { parameters in
      inputs.withUnsafeBufferPointer { inputs in
        forEachElement(of: &pieces, count: used) { piece, i in
          passes.withOne {
            ProgramPass(program, capacity: ProgramPass<T>.chunk)
          } with: { pass in
            (piece.total, piece.correct) = pass.run(
              chunks, ranges[i], loss, at: parameters.span, inputs: inputs.span, targets,
              withGradient: withGradient, counting: counting, gradient: &piece.gradient)
          }
        }
      }
    }
  }
}

extension ProgramPass {
  /// Takes some chunks of a batch through the network, and its loss back.
  ///
  /// - Parameter gradient: becomes the sum of the samples' gradients over the batch's size.
  /// - Returns: The samples' losses, summed, and how many have their label's output largest.
  @specialized(where T == Float)
  @specialized(where T == Double)
  fileprivate mutating func run(
    _ chunks: Chunks, _ piece: Range<Int>, _ loss: Loss, at parameters: Span<T>,
    inputs: Span<T>, _ targets: BatchTargets<T>, withGradient: Bool, counting: Bool,
    gradient: inout [T]
  ) -> (total: Double, correct: Int) {
    let width = program.sizes[0]
    var (total, correct) = (0.0, 0)
    var target = gradient.mutableSpan
    if withGradient { target.update(repeating: 0) }
    for chunk in piece {
      let rows = chunks[chunk]
      forward(
        parameters, inputs: inputs.extracting(rows.lowerBound * width..<rows.upperBound * width))
      let part = targets.advanced(by: rows.lowerBound)
      total += evaluate(loss, part, scale: 1 / T(chunks.samples))
      guard withGradient else { continue }
      if counting { correct += countCorrect(part) }
      backward(parameters, into: &target)
    }
    return (total, correct)
  }
}
