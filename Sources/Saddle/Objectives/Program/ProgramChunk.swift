/// What products with a curvature matrix need of one chunk of samples at a fixed θ.
struct ProgramChunk<T: Scalar>: Sendable {
  let rows: Range<Int>
  /// The tensors that steps with parameters or curvature of their own read, feature-major; others are
  /// empty.
  let values: [[T]]
  /// ∂L/∂ what such steps write, where what they read depends on parameters too; empty
  /// for a kind without second derivatives.
  let errors: [[T]]
  /// φ′(z) by step, of activations.
  let slopes: [[T]]
  /// φ″(z)·∂L/∂a by step, of activations: how the slope's change bends the gradient.
  let bends: [[T]]
  /// Which element each window of a maximum pool took, by step.
  let places: [[Int32]]
  /// How the curvature matrix joins the outputs.
  let outputs: OutputCurvature<T>

  /// - Parameter pass: buffers, which hold the chunk's pass afterwards.
  @specialized(where T == Float)
  @specialized(where T == Double)
  init(
    _ objective: NetworkObjective<T>, at parameters: [T], rows: Range<Int>, _ kind: CurvatureKind,
    _ pass: inout ProgramPass<T>
  ) {
    let program = pass.program
    let n = rows.count
    pass.forward(
      parameters.span,
      inputs: objective.inputs.elements.span.extracting(objective.inputSpan(rows)))
    let scale = 1 / T(objective.samples)
    _ = pass.evaluate(
      objective.loss, BatchTargets(objective.targets, start: rows.lowerBound), scale: scale)
    if kind.hasSecondDerivatives { pass.backward(parameters.span) }

    let classes = program.sizes[program.output]
    outputs = kind.matrix.outputs(
      OutputSamples(
        loss: objective.loss, outputs: Array(pass.outputs[..<(n * classes)]),
        deltas: Array(pass.outputErrors[..<(n * classes)]), scale: scale, classes: classes,
        first: rows.lowerBound))
    var values = [[T]](repeating: [], count: program.sizes.count)
    var errors = values
    var slopes = [[T]](repeating: [], count: program.steps.count)
    var bends = slopes
    var places = [[Int32]](repeating: [], count: program.steps.count)
    for (s, step) in program.steps.enumerated() where program.varies[step.target] {
      let size = program.sizes[step.source] * n
      switch step.operation {
      case .affine, .normalization, .map, .lookup:
        values[step.source] = Array(pass.values[step.source][..<size])
        if kind.hasSecondDerivatives && program.varies[step.source] {
          errors[step.target] = Array(
            pass.errors[step.target][..<(program.sizes[step.target] * n)])
        }
      case .activation(let activation):
        slopes[s] = [T](repeating: 0, count: size)
        bends[s] = slopes[s]
        var slope = slopes[s].mutableSpan
        var bend = bends[s].mutableSpan
        let (z, a) = (pass.values[step.source], pass.values[step.target])
        activation.derivatives(
          z: z.span.extracting(0..<size), a: a.span.extracting(0..<size), slope: &slope,
          bend: &bend)
        if kind.hasSecondDerivatives {
          let carried = pass.errors[step.target]
          multiplyElements(of: &bend, by: carried.span.extracting(0..<size))
        } else {
          bends[s] = []
        }
      case .maxPool:
        places[s] = Array(pass.places[s][..<(program.sizes[step.target] * n)])
      case .averagePool, .offset, .sum: break
      }
    }
    self.rows = rows
    (self.values, self.errors, self.slopes, self.bends) = (values, errors, slopes, bends)
    self.places = places
  }

  /// The bytes that a chunk keeps of one sample.
  static func bytesPerSample(_ program: NetworkProgram, _ kind: CurvatureKind) -> Int {
    var isKept = [Bool](repeating: false, count: program.sizes.count)
    var bytes = 2 * program.sizes[program.output] * MemoryLayout<T>.stride
    for step in program.steps where program.varies[step.target] {
      let second = kind.hasSecondDerivatives && program.varies[step.source] ? 1 : 0
      switch step.operation {
      case .affine, .normalization, .map, .lookup:
        if !isKept[step.source] { bytes += program.sizes[step.source] * MemoryLayout<T>.stride }
        isKept[step.source] = true
        bytes += second * program.sizes[step.target] * MemoryLayout<T>.stride
      case .activation:
        bytes += (1 + second) * program.sizes[step.source] * MemoryLayout<T>.stride
      case .maxPool: bytes += program.sizes[step.target] * MemoryLayout<Int32>.stride
      case .averagePool, .offset, .sum: break
      }
    }
    return bytes
  }
}
