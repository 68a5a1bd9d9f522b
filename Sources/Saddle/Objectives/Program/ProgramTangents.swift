/// The derivatives of one chunk's pass along several parameter directions at once, and the buffers
/// for them.
///
/// A tensor of tangents is `count` feature-major tensors one behind the other. Directions and
/// products are stacked: for every parameter block the parts of all directions one below the other,
/// so that weights of all directions are one matrix (`stack`).
struct ProgramTangents<T: Scalar>: Sendable {
  let program: NetworkProgram
  /// Room for so many directions, and so many samples.
  let count: Int
  let capacity: Int
  /// The derivative of each tensor along each direction.
  var tangents: [[T]]
  /// The derivative of ∂L/∂ each tensor; of a curvature matrix without second derivatives, what it
  /// makes of the tangents.
  private var errors: [[T]]
  private var spare: [T]
  /// The outputs' tangents, samples × directions × classes.
  private var outputs: [T]
  /// Whether a tensor changes along the directions; other tangents are zero and hold anything.
  var isReached: [Bool]

  init(_ program: NetworkProgram, capacity: Int, count: Int) {
    self.program = program
    self.count = count
    self.capacity = capacity
    tangents = zip(program.sizes, program.varies).map { size, varies in
      [T](repeating: 0, count: varies ? size * capacity * count : 0)
    }
    errors = tangents
    spare = [T](
      repeating: 0,
      count: program.hasForks ? (program.sizes.max() ?? 0) * capacity * count : 0)
    outputs = [T](repeating: 0, count: program.sizes[program.output] * capacity * count)
    isReached = program.varies
  }

  /// The numbers that one direction takes.
  static func elementsPerDirection(_ program: NetworkProgram, capacity: Int) -> Int {
    2 * capacity * zip(program.sizes, program.varies).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
  }

  /// Adds the chunk's part of the matrix's product with every direction.
  ///
  /// - Parameters:
  ///   - directions, products: `count` × P each, stacked.
  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func multiply(
    _ chunk: ProgramChunk<T>, at parameters: Span<T>, directions: Span<T>, count: Int,
    hasSecondDerivatives: Bool, scale: T, into products: inout MutableSpan<T>
  ) {
    precondition(count <= self.count && chunk.rows.count <= capacity)
    isReached = program.varies
    for s in program.steps.indices where program.varies[program.steps[s].target] {
      forward(s, chunk, parameters, directions, count)
    }
    joinOutputs(chunk, count, scale)
    var isWritten = [Bool](repeating: false, count: program.sizes.count)
    for s in program.steps.indices.reversed() where program.varies[program.steps[s].target] {
      addProducts(s, chunk, count, hasSecondDerivatives, into: &products)
      backward(s, chunk, parameters, directions, count, hasSecondDerivatives, &isWritten)
    }
  }

  mutating func forward(
    _ s: Int, _ chunk: ProgramChunk<T>, _ parameters: Span<T>, _ directions: Span<T>, _ count: Int
  ) {
    let step = program.steps[s]
    let n = chunk.rows.count
    let (inSize, outSize) = (program.sizes[step.source] * n, program.sizes[step.target] * n)
    let varies = isReached[step.source]
    let (x, source) = (chunk.values[step.source], tangents[step.source])
    var buffer = lend(&tangents[step.target])
    var all = buffer.mutableSpan
    var target = all._mutatingExtracting(0..<outSize * count)
    switch step.operation {
    case .affine(let map):
      if !directions.isEmpty {
        map.multiply(
          directions.extracting(stacked(map.weights, count)), x.span, samples: n, adding: 0,
          into: &target)
        if let biases = map.biases {
          addToRows(directions.extracting(stacked(biases, count)), of: &target)
        }
      }
      for j in 0..<(varies ? count : 0) {
        var part = target._mutatingExtracting(j * outSize..<(j + 1) * outSize)
        map.multiply(
          parameters.extracting(map.weights),
          source.span.extracting(j * inSize..<(j + 1) * inSize), samples: n,
          adding: directions.isEmpty ? 0 : 1, into: &part)
      }
    case .activation:
      let slopes = chunk.slopes[s]
      for j in 0..<count {
        var part = target._mutatingExtracting(j * outSize..<(j + 1) * outSize)
        multiplyElements(
          source.span.extracting(j * inSize..<(j + 1) * inSize), slopes.span, into: &part)
      }
    case .maxPool:
      let places = chunk.places[s]
      for j in 0..<count {
        var part = target._mutatingExtracting(j * outSize..<(j + 1) * outSize)
        select(
          source.span.extracting(j * inSize..<(j + 1) * inSize), at: places.span, into: &part)
      }
    case .averagePool(let window):
      window.average(
        source.span.extracting(0..<inSize * count), channels: window.input.channels * count,
        samples: n, into: &target)
    case .normalization(let normalization):
      for j in 0..<count {
        var part = target._mutatingExtracting(j * outSize..<(j + 1) * outSize)
        if !directions.isEmpty {
          let scales = directions.extracting(stacked(normalization.scales, count))
          let shifts = directions.extracting(stacked(normalization.shifts, count))
          let row = j * normalization.channels..<(j + 1) * normalization.channels
          normalization.apply(
            scales: scales.extracting(row), shifts: shifts.extracting(row), x.span, samples: n,
            into: &part)
        }
        if varies {
          normalization.multiply(
            scales: parameters.extracting(normalization.scales),
            source.span.extracting(j * inSize..<(j + 1) * inSize), samples: n,
            adding: !directions.isEmpty, into: &part)
        }
      }
    case .map(let map):
      for j in 0..<count {
        var part = target._mutatingExtracting(j * outSize..<(j + 1) * outSize)
        map.push(
          source.span.extracting(j * inSize..<(j + 1) * inSize), at: x.span, samples: n, into: &part)
      }
    case .lookup(let lookup):
      let tables = directions.extracting(stacked(lookup.table, count))
      for j in 0..<count {
        var part = target._mutatingExtracting(j * outSize..<(j + 1) * outSize)
        let table = j * lookup.table.count..<(j + 1) * lookup.table.count
        lookup.apply(tables.extracting(table), x.span, samples: n, into: &part)
      }
    case .offset(let range):
      target.update(repeating: 0)
      if varies { axpy(1, source.span.extracting(0..<inSize * count), into: &target) }
      if !directions.isEmpty {
        addToRows(directions.extracting(stacked(range, count)), of: &target)
      }
    case .sum(let other):
      target.update(repeating: 0)
      if varies { axpy(1, source.span.extracting(0..<inSize * count), into: &target) }
      if isReached[other] {
        let addend = tangents[other]
        axpy(1, addend.span.extracting(0..<inSize * count), into: &target)
      }
    }
    tangents[step.target] = buffer
  }

  /// The outputs' tangents through the curvature matrix's Bₙ.
  mutating func joinOutputs(_ chunk: ProgramChunk<T>, _ count: Int, _ scale: T) {
    let (n, classes) = (chunk.rows.count, program.sizes[program.output])
    let size = n * classes * count
    // [direction][class][sample] and [sample][direction][class]: one transpose.
    let source = tangents[program.output]
    var (rows, back) = (lend(&outputs), lend(&errors[program.output]))
    var all = rows.mutableSpan
    var part = all._mutatingExtracting(0..<size)
    transpose(source.span.extracting(0..<size), rows: classes * count, into: &part)
    chunk.outputs.multiply(&part, perSample: count, scale: scale)
    var target = back.mutableSpan
    var used = target._mutatingExtracting(0..<size)
    transpose(rows.span.extracting(0..<size), rows: n, into: &used)
    (outputs, errors[program.output]) = (rows, back)
  }

  /// Adds a step's part of every product: ∂(δ·xᵀ), summed over samples and positions.
  mutating func addProducts(
    _ s: Int, _ chunk: ProgramChunk<T>, _ count: Int, _ hasSecondDerivatives: Bool,
    into products: inout MutableSpan<T>
  ) {
    let step = program.steps[s]
    let n = chunk.rows.count
    let (inSize, outSize) = (program.sizes[step.source] * n, program.sizes[step.target] * n)
    let isBent = hasSecondDerivatives && isReached[step.source]
    let (x, source) = (chunk.values[step.source], tangents[step.source])
    let (errors, above) = (errors[step.target], chunk.errors[step.target])
    let delta = errors.span.extracting(0..<outSize * count)
    switch step.operation {
    case .affine(let map):
      var weights = products._mutatingExtracting(stacked(map.weights, count))
      map.addProduct(of: delta, x.span, samples: n, into: &weights)
      for j in 0..<(isBent ? count : 0) {
        var part = weights._mutatingExtracting(
          j * map.weights.count..<(j + 1) * map.weights.count)
        map.addProduct(
          of: above.span, source.span.extracting(j * inSize..<(j + 1) * inSize), samples: n,
          into: &part)
      }
      guard let range = map.biases else { return }
      var biases = products._mutatingExtracting(stacked(range, count))
      addRowSums(of: delta, into: &biases)
    case .normalization(let normalization):
      for j in 0..<count {
        let row = j * normalization.channels..<(j + 1) * normalization.channels
        var scales = products._mutatingExtracting(stacked(normalization.scales, count))
        var part = scales._mutatingExtracting(row)
        normalization.addScaleProducts(
          of: delta.extracting(j * outSize..<(j + 1) * outSize), x.span, samples: n,
          isTangent: false, into: &part)
        if isBent {
          normalization.addScaleProducts(
            of: above.span, source.span.extracting(j * inSize..<(j + 1) * inSize), samples: n,
            isTangent: true, into: &part)
        }
      }
      var shifts = products._mutatingExtracting(stacked(normalization.shifts, count))
      addRowSums(of: delta, into: &shifts)
    case .lookup(let lookup):
      var tables = products._mutatingExtracting(stacked(lookup.table, count))
      for j in 0..<count {
        var table = tables._mutatingExtracting(
          j * lookup.table.count..<(j + 1) * lookup.table.count)
        lookup.add(
          delta.extracting(j * outSize..<(j + 1) * outSize), of: x.span, samples: n, to: &table)
      }
    case .offset(let range):
      var part = products._mutatingExtracting(stacked(range, count))
      addRowSums(of: delta, into: &part)
    case .activation, .maxPool, .averagePool, .map, .sum: break
    }
  }

  /// Carries the derivatives of ∂L/∂ what a step writes to what it reads.
  mutating func backward(
    _ s: Int, _ chunk: ProgramChunk<T>, _ parameters: Span<T>, _ directions: Span<T>,
    _ count: Int, _ hasSecondDerivatives: Bool, _ isWritten: inout [Bool]
  ) {
    let step = program.steps[s]
    let n = chunk.rows.count
    let (inSize, outSize) = (program.sizes[step.source] * n, program.sizes[step.target] * n)
    let (errors, above) = (errors[step.target], chunk.errors[step.target])
    let delta = errors.span.extracting(0..<outSize * count)
    let (source, places) = (tangents[step.source], chunk.places[s])
    let x = chunk.values[step.source]
    let (slopes, bends) = (chunk.slopes[s], chunk.bends[s])
    let isBent = hasSecondDerivatives && isReached[step.source]
    addErrors(of: step.source, inSize * count, &isWritten) { below in
      if case .averagePool(let window) = step.operation {
        window.spread(
          delta, channels: window.input.channels * count, samples: n, into: &below)
        return
      }
      for j in 0..<count {
        var part = below._mutatingExtracting(j * inSize..<(j + 1) * inSize)
        let own = delta.extracting(j * outSize..<(j + 1) * outSize)
        switch step.operation {
        case .affine(let map):
          // ∂(Wᵀδ) = Wᵀ·∂δ + ∂Wᵀ·δ.
          map.pullBack(
            parameters.extracting(map.weights), own, samples: n, adding: 0, into: &part)
          if hasSecondDerivatives && !directions.isEmpty {
            let start = j * map.weights.count + map.weights.lowerBound * count
            map.pullBack(
              directions.extracting(start..<start + map.weights.count), above.span, samples: n,
              adding: 1, into: &part)
          }
        case .activation:
          if isBent {
            multiplyElements(
              own, slopes.span, plus: bends.span,
              source.span.extracting(j * inSize..<(j + 1) * inSize), into: &part)
          } else {
            multiplyElements(own, slopes.span, into: &part)
          }
        case .maxPool: deselect(own, at: places.span, into: &part)
        case .normalization(let normalization):
          normalization.multiply(
            scales: parameters.extracting(normalization.scales), own, samples: n, adding: false,
            into: &part)
          if hasSecondDerivatives && !directions.isEmpty {
            let scales = directions.extracting(stacked(normalization.scales, count))
            normalization.multiply(
              scales: scales.extracting(
                j * normalization.channels..<(j + 1) * normalization.channels),
              above.span, samples: n, adding: true, into: &part)
          }
        case .map(let map):
          map.pull(own, at: x.span, samples: n, into: &part)
          if isBent {
            map.addBend(
              of: above.span, along: source.span.extracting(j * inSize..<(j + 1) * inSize),
              at: x.span, samples: n, into: &part)
          }
        case .offset, .sum: copy(own, into: &part)
        case .averagePool, .lookup: break
        }
      }
    }
    if case .sum(let other) = step.operation {
      addErrors(of: other, inSize * count, &isWritten) { below in copy(delta, into: &below) }
    }
  }

  /// Has `body` write a tensor's derivative, or, where there is a part of it from another step,
  /// write to the spare buffer, which is then added.
  private mutating func addErrors(
    of tensor: Int, _ size: Int, _ isWritten: inout [Bool],
    _ body: (inout MutableSpan<T>) -> Void
  ) {
    guard program.varies[tensor] else { return }
    Saddle.addErrors(to: &errors[tensor], size, spare: &spare, &isWritten[tensor], body)
  }
}
