import Saddle

/// One step of an optimizer over a million parameters, the search for NaN in the gradient included.
/// Its bound is the memory's: the bytes that the rule must move, at the speed of a triad in the
/// same run.
struct OptimizerStep<Rule: FirstOrderOptimizer<Float>>: Workload {
  let name: String
  let summary: String
  let targets: [Target] = [.timesBandwidthBound(atMost: 1.5), .ratioToPeer(atLeast: 1)]
  private let optimizer: @Sendable () throws -> Rule
  /// How often an element of a vector is read or written.
  private let moves: Int

  private static var count: Int { 1_000_000 }

  init(
    _ rule: String, moves: Int, of optimizer: @escaping @Sendable () throws -> Rule
  ) {
    name = "optimizer-step-\(rule)"
    summary = "a step of \(rule), P = 1,000,000, Float; \(moves) reads and writes of P elements"
    self.optimizer = optimizer
    self.moves = moves
  }

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let optimizer = try optimizer()
    var generator = RandomStream(seed: 1, name: "gradient")
    var model = GivenGradient(
      gradient: (0..<Self.count).map { _ in Float(generator.normal()) })
    var parameters = [Float](repeating: 0, count: Self.count)
    var state = optimizer.initialState(dimension: Self.count)
    let before = Triad.measure(count: Self.count)
    let timings = try Timings(repetitions: 300, warmUps: 20) {
      try optimizer.step(&parameters, on: &model, state: &state)
    }
    let updates = Timings(repetitions: 300, warmUps: 20) {
      var target = parameters.mutableSpan
      var gradient = model.gradient.mutableSpan
      optimizer.update(&target, along: &gradient, state: &state)
    }
    keep(parameters)
    let triad = min(before, Triad.measure(count: Self.count))
    let bytes = Double(moves * Self.count * MemoryLayout<Float>.size)
    var figures = [Figure: Double](timings)
    figures[.parameters] = Double(Self.count)
    figures[.updateSeconds] = updates.best
    figures[.medianUpdateSeconds] = updates.median
    figures[.bytesMoved] = bytes
    figures[.triadBytesPerSecond] = Triad.bytes(count: Self.count) / triad
    figures[.timesBandwidthBound] = timings.best / (bytes / Triad.bytes(count: Self.count) * triad)
    return figures
  }
}

/// A model that costs nothing: the gradient stays as it is.
private struct GivenGradient: LocalModel {
  var gradient: [Float]
  var dimension: Int { gradient.count }
  func evaluate(at parameters: Span<Float>) -> Float { 0 }
  func value(at parameters: Span<Float>) -> Float { 0 }
  func linearized(at parameters: Span<Float>) -> DenseOperator<Float> {
    DenseOperator(Matrix(rows: 0, columns: 0))
  }
}

/// STREAM's triad, a ← b + s·c (McCalpin 1995), on one thread: what the memory gives a loop that
/// computes next to nothing.
private enum Triad {
  /// Two reads and one write.
  static func bytes(count: Int) -> Double { Double(3 * count * MemoryLayout<Float>.size) }

  /// The best seconds.
  static func measure(count: Int) -> Double {
    var a = [Float](repeating: 0, count: count)
    let (b, c) = ([Float](repeating: 1, count: count), [Float](repeating: 2, count: count))
    let timings = Timings(repetitions: 100, warmUps: 10) {
      var target = a.mutableSpan
      let (b, c) = (b.span, c.span)
      for i in b.indices { target[unchecked: i] = b[unchecked: i] + 3 * c[unchecked: i] }
    }
    keep(a)
    return timings.best
  }
}
