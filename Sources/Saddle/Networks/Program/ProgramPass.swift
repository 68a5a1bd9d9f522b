/// The buffers of one chunk of up to `capacity` samples through a network, forward and backward. Tensors are feature-major: elements × samples.
struct ProgramPass<T: Scalar>: Sendable {
  /// Samples in a chunk: enough for a dense layer's products to run at speed, few enough for a
  /// chunk's tensors to stay near the processor.
  static var chunk: Int { 32 }

  let program: NetworkProgram
  let capacity: Int
  /// The samples of the last forward pass.
  private(set) var samples = 0
  /// Each tensor of the program.
  private(set) var values: [[T]]
  /// ∂L/∂ each tensor that depends on the parameters, the mean's 1/N included.
  private(set) var errors: [[T]]
  /// Which element each window of a maximum pool took, by step.
  private(set) var places: [[Int32]]
  /// The outputs, and ∂L/∂ them, samples × classes.
  private(set) var outputs: [T]
  private(set) var outputErrors: [T]
  /// Room for a derivative that is added to another.
  private var spare: [T]

  init(_ program: NetworkProgram, capacity: Int) {
    self.program = program
    self.capacity = capacity
    values = program.sizes.map { [T](repeating: 0, count: $0 * capacity) }
    errors = zip(program.sizes, program.varies).map { size, varies in
      [T](repeating: 0, count: varies ? size * capacity : 0)
    }
    places = program.steps.map { step in
      guard case .maxPool(let window) = step.operation else { return [] }
      return [Int32](repeating: 0, count: window.output.count * capacity)
    }
    outputs = [T](repeating: 0, count: program.sizes[program.output] * capacity)
    outputErrors = outputs
    spare = [T](repeating: 0, count: program.hasForks ? (program.sizes.max() ?? 0) * capacity : 0)
  }

  /// Runs some samples forward; `inputs` is samples × the network's inputs.
  mutating func forward(_ parameters: Span<T>, inputs: Span<T>) {
    let n = inputs.count / program.sizes[0]
    precondition(n <= capacity, "\(n) samples in buffers for \(capacity)")
    samples = n
    write(tensor: 0) { first in transpose(inputs, rows: n, into: &first) }
    for (s, step) in program.steps.enumerated() {
      let x = values[step.source]
      let source = x.span.extracting(0..<program.sizes[step.source] * n)
      switch step.operation {
      case .affine(let map):
        write(tensor: step.target) { y in
          map.multiply(
            parameters.extracting(map.weights), source, samples: n, adding: 0, into: &y)
          if let biases = map.biases { addToRows(parameters.extracting(biases), of: &y) }
        }
      case .activation(let activation):
        write(tensor: step.target) { y in activation.apply(source, into: &y) }
      case .maxPool(let window):
        var taken = lend(&places[s])
        write(tensor: step.target) { y in
          var all = taken.mutableSpan
          var part = all._mutatingExtracting(0..<y.count)
          window.largest(source, samples: n, into: &y, at: &part)
        }
        places[s] = taken
      case .averagePool(let window):
        write(tensor: step.target) { y in
          window.average(source, channels: window.input.channels, samples: n, into: &y)
        }
      case .normalization(let normalization):
        write(tensor: step.target) { y in
          normalization.apply(
            scales: parameters.extracting(normalization.scales),
            shifts: parameters.extracting(normalization.shifts), source, samples: n, into: &y)
        }
      case .map(let map):
        write(tensor: step.target) { y in map.apply(source, samples: n, into: &y) }
      case .lookup(let lookup):
        write(tensor: step.target) { y in
          lookup.apply(parameters.extracting(lookup.table), source, samples: n, into: &y)
        }
      case .offset(let range):
        write(tensor: step.target) { y in
          copy(source, into: &y)
          addToRows(parameters.extracting(range), of: &y)
        }
      case .sum(let other):
        let addend = values[other]
        write(tensor: step.target) { y in
          copy(source, into: &y)
          axpy(1, addend.span.extracting(0..<y.count), into: &y)
        }
      }
    }
    let (last, rows) = (values[program.output], program.sizes[program.output])
    var rowMajor = outputs.mutableSpan
    var part = rowMajor._mutatingExtracting(0..<rows * n)
    transpose(last.span.extracting(0..<rows * n), rows: rows, into: &part)
  }

  /// Gives `body` a tensor's part that is in use, to be written.
  private mutating func write(tensor: Int, _ body: (inout MutableSpan<T>) -> Void) {
    var buffer = lend(&values[tensor])
    var all = buffer.mutableSpan
    var part = all._mutatingExtracting(0..<program.sizes[tensor] * samples)
    body(&part)
    values[tensor] = buffer
  }

  /// After `forward`: the sum of the samples' losses; ∂L/∂outputs·`scale` is left in `errors`.
  mutating func evaluate(_ loss: Loss, _ targets: BatchTargets<T>, scale: T) -> Double {
    let (n, classes, outputs) = (samples, program.sizes[program.output], outputs)
    var delta = outputErrors.mutableSpan
    var part = delta._mutatingExtracting(0..<n * classes)
    let total = loss.evaluate(
      outputs: outputs.span.extracting(0..<n * classes), targets, samples: n, classes: classes,
      scale: scale, delta: &part)
    setErrors(outputErrors)
    return total
  }

  /// After `forward`: takes these, samples × classes, for ∂L/∂outputs.
  mutating func setErrors(_ rows: [T]) {
    let size = samples * program.sizes[program.output]
    var errors = lend(&self.errors[program.output])
    defer { self.errors[program.output] = errors }
    var target = errors.mutableSpan
    var featureMajor = target._mutatingExtracting(0..<size)
    transpose(rows.span.extracting(0..<size), rows: samples, into: &featureMajor)
  }

  /// How many of the samples have the output largest that their target says.
  func countCorrect(_ targets: BatchTargets<T>) -> Int {
    let classes = program.sizes[program.output]
    return targets.countCorrect(
      outputs.span.extracting(0..<samples * classes), rows: samples, classes: classes)
  }

  /// After `evaluate`: ∂L/∂ every tensor; and adds ∂L/∂θ to the gradient.
  mutating func backward(_ parameters: Span<T>, into gradient: inout MutableSpan<T>) {
    carryBack(parameters) { step, x, delta, n in
      switch step.operation {
      case .affine(let map):
        var weights = gradient._mutatingExtracting(map.weights)
        map.addProduct(of: delta, x, samples: n, into: &weights)
        guard let range = map.biases else { return }
        var biases = gradient._mutatingExtracting(range)
        addRowSums(of: delta, into: &biases)
      case .normalization(let normalization):
        var scales = gradient._mutatingExtracting(normalization.scales)
        normalization.addScaleProducts(
          of: delta, x, samples: n, isTangent: false, into: &scales)
        var shifts = gradient._mutatingExtracting(normalization.shifts)
        addRowSums(of: delta, into: &shifts)
      case .lookup(let lookup):
        var table = gradient._mutatingExtracting(lookup.table)
        lookup.add(delta, of: x, samples: n, to: &table)
      case .offset(let range):
        var part = gradient._mutatingExtracting(range)
        addRowSums(of: delta, into: &part)
      case .activation, .maxPool, .averagePool, .map, .sum: break
      }
    }
  }

  /// After `evaluate`: ∂L/∂ every tensor, and nothing else.
  mutating func backward(_ parameters: Span<T>) { carryBack(parameters) { _, _, _, _ in } }

  /// Carries ∂L/∂outputs back, and gives `onStep` each step with parameters or without, the tensor
  /// that it reads, ∂L/∂ what it writes, and the samples.
  mutating func carryBack(
    _ parameters: Span<T>,
    onStep: (NetworkProgram.Step, Span<T>, Span<T>, Int) -> Void
  ) {
    let n = samples
    var isWritten = [Bool](repeating: false, count: program.sizes.count)
    for (s, step) in program.steps.enumerated().reversed() where program.varies[step.target] {
      let size = program.sizes[step.target] * n
      let above = errors[step.target]
      let delta = above.span.extracting(0..<size)
      let x = values[step.source]
      let source = x.span.extracting(0..<program.sizes[step.source] * n)
      onStep(step, source, delta, n)
      let (y, taken) = (values[step.target], places[s])
      addErrors(of: step.source, &isWritten) { below in
        switch step.operation {
        case .affine(let map):
          map.pullBack(
            parameters.extracting(map.weights), delta, samples: n, adding: 0, into: &below)
        case .activation(let activation):
          copy(delta, into: &below)
          activation.multiplyBySlope(&below, z: source, a: y.span.extracting(0..<size))
        case .maxPool:
          deselect(delta, at: taken.span.extracting(0..<size), into: &below)
        case .averagePool(let window):
          window.spread(delta, channels: window.input.channels, samples: n, into: &below)
        case .normalization(let normalization):
          normalization.multiply(
            scales: parameters.extracting(normalization.scales), delta, samples: n,
            adding: false, into: &below)
        case .map(let map): map.pull(delta, at: source, samples: n, into: &below)
        case .offset, .sum: copy(delta, into: &below)
        case .lookup: below.update(repeating: 0)
        }
      }
      if case .sum(let other) = step.operation {
        addErrors(of: other, &isWritten) { below in copy(delta, into: &below) }
      }
    }
  }

  private mutating func addErrors(
    of tensor: Int, _ isWritten: inout [Bool], _ body: (inout MutableSpan<T>) -> Void
  ) {
    guard program.varies[tensor] else { return }
    Saddle.addErrors(
      to: &errors[tensor], program.sizes[tensor] * samples, spare: &spare, &isWritten[tensor],
      body)
  }
}

/// Has `body` write a tensor's derivative, or, where there is a part of it from another step, write
/// to the spare buffer, which is then added.
func addErrors<T: Scalar>(
  to errors: inout [T], _ size: Int, spare: inout [T], _ isWritten: inout Bool,
  _ body: (inout MutableSpan<T>) -> Void
) {
  guard isWritten else {
    isWritten = true
    var all = errors.mutableSpan
    var part = all._mutatingExtracting(0..<size)
    body(&part)
    return
  }
  var all = spare.mutableSpan
  var part = all._mutatingExtracting(0..<size)
  body(&part)
  var target = errors.mutableSpan
  var used = target._mutatingExtracting(0..<size)
  axpy(1, spare.span.extracting(0..<size), into: &used)
}
