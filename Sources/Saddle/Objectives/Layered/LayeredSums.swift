/// Sums over a batch's samples, in pieces that are worked on at once, with the buffers for it.
struct LayeredSums<T: Scalar>: Sendable {
  private struct Piece: Sendable {
    var total = 0.0
    var correct = 0
    var gradient: [T]
  }

  private let program: LayeredProgram
  /// P.
  private let dimension: Int
  private var pieces: [Piece] = []
  private let passes = Pool<LayeredPass<T>>()
  /// The pieces that the last batch was cut in.
  private var used = 0

  init(_ program: LayeredProgram, dimension: Int) {
    self.program = program
    self.dimension = dimension
  }

  /// Takes all samples of a batch through the network.
  ///
  /// - Parameter inputs: samples × network.inputs.
  mutating func run(
    _ loss: Loss, at parameters: Span<T>, inputs: Span<T>, _ targets: BatchTargets<T>,
    withGradient: Bool
  ) {
    let (program, passes) = (program, passes)
    let chunks = Chunks(
      of: inputs.count / program.sizes[0], largest: LayeredPass<T>.chunk)
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
            LayeredPass(program, capacity: LayeredPass<T>.chunk)
          } with: { pass in
            (piece.total, piece.correct) = pass.run(
              chunks, ranges[i], loss, at: parameters.span, inputs: inputs.span, targets,
              withGradient: withGradient, gradient: &piece.gradient)
          }
        }
      }
    }
  }

  /// The samples' losses, summed.
  var total: Double { pieces[..<used].reduce(0) { $0 + $1.total } }
  /// How many samples have their label's output largest.
  var correct: Int { pieces[..<used].reduce(0) { $0 + $1.correct } }

  /// Adds the pieces' gradients in their order.
  func addGradient(to gradient: inout MutableSpan<T>) {
    for piece in pieces[..<used] { axpy(1, piece.gradient.span, into: &gradient) }
  }
}

extension LayeredPass {
  /// Takes some chunks of a batch through the network, and its loss back.
  ///
  /// - Parameter gradient: becomes the sum of the samples' gradients over the batch's size.
  /// - Returns: The samples' losses, summed, and how many have their label's output largest.
  @specialized(where T == Float)
  @specialized(where T == Double)
  fileprivate mutating func run(
    _ chunks: Chunks, _ piece: Range<Int>, _ loss: Loss, at parameters: Span<T>,
    inputs: Span<T>, _ targets: BatchTargets<T>, withGradient: Bool, gradient: inout [T]
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
      if case .classes(let labels, let start) = part {
        correct += countCorrect(labels: labels.span.extracting(start..<start + rows.count))
      }
      backward(parameters, into: &target)
    }
    return (total, correct)
  }
}
