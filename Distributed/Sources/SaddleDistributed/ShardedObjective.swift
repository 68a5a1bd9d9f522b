import Saddle
import Synchronization

/// A mean loss over samples that several processes have: each its part, and none more than one part as
/// numbers at a time.
///
/// Process 0 has the objective, and decides; the others do as `ShardWorker` is told. So no process's
/// rounding can lead it another way than the rest. Values, gradients and products are sums in the
/// processes' order: the same bits for the same number of processes of one kind.
public struct ShardedObjective: SampledObjective {
  public typealias Element = Double
  public typealias Linearization = ShardedCurvature

  /// Of all samples; one part at a time, for what each process cannot tell by itself.
  private let streamed: StreamedObjective<NetworkObjective<Double>>
  private let shard: Shard

  public var dimension: Int { streamed.dimension }
  public var samples: Int { streamed.samples }
  public var parameterBlocks: [ParameterBlock] { streamed.parameterBlocks }
  public var weightDecay: Double { streamed.weightDecay }
  public var structuralNullSpace: StructuralNullSpace { streamed.structuralNullSpace }

  /// - Parameters:
  ///   - communicator: of which this is process 0.
  ///   - samples: how many there are.
  ///   - load: some of the samples.
  /// - Throws: What loading throws.
  public init(
    _ communicator: Communicator, samples: Int,
    load: @escaping @Sendable (Range<Int>) throws -> NetworkObjective<Double>
  ) throws {
    let ranges = Self.ranges(samples, over: communicator.count)
    streamed = try StreamedObjective(samples: ranges.map(\.count)) { try load(ranges[$0]) }
    shard = Shard(communicator, try load(ranges[0]), of: samples)
  }

  /// The samples of each process.
  static func ranges(_ samples: Int, over count: Int) -> [Range<Int>] {
    precondition(samples >= count, "\(samples) samples for \(count) processes")
    return (0..<count).map { samples * $0 / count..<samples * ($0 + 1) / count }
  }

  public func value(at parameters: [Double]) -> Double {
    shard.request(.value, parameters)[0]
  }

  public func gradient(at parameters: [Double]) -> (value: Double, gradient: [Double]) {
    let sums = shard.request(.gradient, parameters)
    return (sums[0], Array(sums[2...]))
  }

  public func evaluate(at parameters: [Double]) -> Evaluation {
    let sums = shard.request(.gradient, parameters)
    return Evaluation(
      loss: sums[0], accuracy: sums[1].isNaN ? nil : sums[1],
      gradientNorm: sums[2...].reduce(0) { $0 + $1 * $1 }.squareRoot())
  }

  /// - Precondition: The kind is a sum over samples: not the gradient covariance, which takes out the
  ///   mean of all, and not one of random labels.
  public func curvature(
    _ kind: CurvatureKind, at parameters: [Double], includingPenalty: Bool
  ) -> ShardedCurvature {
    ShardedCurvature(shard, kind, at: parameters, includingPenalty: includingPenalty)
  }

  /// Lets the other processes go. Nothing can be asked afterwards.
  public func end() { shard.end() }
}

/// A curvature matrix of all processes' samples, as an operator.
public struct ShardedCurvature: LinearOperator {
  private let shard: Shard
  private let point: ShardPoint

  public var dimension: Int { point.parameters.count }

  fileprivate init(
    _ shard: Shard, _ kind: CurvatureKind, at parameters: [Double], includingPenalty: Bool
  ) {
    guard let number = ShardPoint.kinds.firstIndex(of: kind) else {
      preconditionFailure("\(kind) is no sum over samples")
    }
    self.shard = shard
    point = ShardPoint(parameters: parameters, kind: number, includesPenalty: includingPenalty)
  }

  public func apply(_ vectors: Matrix<Double>, into products: inout Matrix<Double>) {
    shard.multiply(vectors, at: point, into: &products)
  }
}

/// What the other processes do for process 0's `ShardedObjective`.
public struct ShardWorker {
  private let shard: Shard

  /// - Parameters:
  ///   - samples: how many there are over all processes.
  ///   - load: some of the samples.
  /// - Throws: What loading throws.
  public init(
    _ communicator: Communicator, samples: Int,
    load: (Range<Int>) throws -> NetworkObjective<Double>
  ) throws {
    let range = ShardedObjective.ranges(samples, over: communicator.count)[communicator.rank]
    shard = Shard(communicator, try load(range), of: samples)
  }

  /// Until process 0 ends it.
  public func serve() throws(DistributedError) { try shard.serve() }
}

/// Where products are taken, and of which matrix.
private struct ShardPoint: Equatable {
  let parameters: [Double]
  /// Among `kinds`.
  let kind: Int
  let includesPenalty: Bool

  static let kinds: [CurvatureKind] = [.hessian, .gaussNewton, .fisher, .empiricalFisher]
}

/// One process's part, and how it takes part in the whole's.
private final class Shard: Sendable {
  enum Request: Double {
    case end, value, gradient, point, multiply
  }

  private let communicator: Communicator
  private let objective: NetworkObjective<Double>
  /// Its samples' share of all.
  private let share: Double
  private let kept = Mutex<(point: ShardPoint, curvature: NetworkCurvature<Double>)?>(nil)

  init(_ communicator: Communicator, _ objective: NetworkObjective<Double>, of samples: Int) {
    self.communicator = communicator
    self.objective = objective
    share = Double(objective.samples) / Double(samples)
  }

  // Process 0. MPI ends all processes where one of them fails; what is left to throw has no other way
  // out of an objective than NaN, which every algorithm refuses.

  func request(_ request: Request, _ parameters: [Double]) -> [Double] {
    kept.withLock { _ in
      do {
        try announce(request, [])
        return try answer(request, parameters)
      } catch {
        return [Double](repeating: .nan, count: 2 + objective.dimension)
      }
    }
  }

  func multiply(
    _ vectors: Matrix<Double>, at point: ShardPoint, into products: inout Matrix<Double>
  ) {
    products = kept.withLock { kept in
      do {
        if kept?.point != point {
          try announce(.point, [Double(point.kind), point.includesPenalty ? 1 : 0])
          kept = try linearized(point.kind, point.includesPenalty, point.parameters)
        }
        try announce(.multiply, [Double(vectors.rows)])
        return try product(vectors, kept?.curvature)
      } catch {
        return Matrix(rows: vectors.rows, columns: vectors.columns, repeating: .nan)
      }
    }
  }

  func end() { kept.withLock { _ in try? announce(.end, []) } }

  private func announce(_ request: Request, _ more: [Double]) throws(DistributedError) {
    var header = [request.rawValue] + more + [Double](repeating: 0, count: 2 - more.count)
    try communicator.broadcast(&header)
  }

  // The others.

  func serve() throws(DistributedError) {
    while true {
      var header = [0.0, 0, 0]
      try communicator.broadcast(&header)
      guard let request = Request(rawValue: header[0]), request != .end else { return }
      let θ = [Double](repeating: 0, count: objective.dimension)
      let (first, second) = (Int(header[1]), header[2])
      switch request {
      case .end: return
      case .value, .gradient: _ = try answer(request, θ)
      case .point:
        let made = try linearized(first, second == 1, θ)
        kept.withLock { $0 = made }
      case .multiply:
        let vectors = Matrix<Double>(rows: first, columns: objective.dimension)
        let curvature = kept.withLock { $0?.curvature }
        _ = try product(vectors, curvature)
      }
    }
  }

  // All of them together.

  /// The loss; and with the gradient, the right ones' share, or NaN where there are none to be right.
  private func answer(
    _ request: Request, _ parameters: [Double]
  ) throws(DistributedError) -> [Double] {
    var θ = parameters
    try communicator.broadcast(&θ)
    var sums: [Double]
    if request == .value {
      sums = [objective.value(at: θ)]
    } else {
      let evaluation = objective.evaluate(at: θ)
      sums = [evaluation.loss, evaluation.accuracy ?? .nan] + objective.gradient(at: θ).gradient
    }
    for i in sums.indices { sums[i] *= share }
    try communicator.sum(&sums)
    return sums
  }

  private func linearized(
    _ kind: Int, _ includesPenalty: Bool, _ parameters: [Double]
  ) throws(DistributedError) -> (ShardPoint, NetworkCurvature<Double>) {
    var θ = parameters
    try communicator.broadcast(&θ)
    let curvature = objective.curvature(
      ShardPoint.kinds[kind], at: θ, includingPenalty: includesPenalty,
      keepingAtMost: MemoryBudget.available() / (4 * communicator.neighbours))
    return (
      ShardPoint(parameters: θ, kind: kind, includesPenalty: includesPenalty), curvature
    )
  }

  private func product(
    _ vectors: Matrix<Double>, _ curvature: NetworkCurvature<Double>?
  ) throws(DistributedError) -> Matrix<Double> {
    var vectors = vectors
    try communicator.broadcast(&vectors.elements)
    var products = Matrix<Double>(rows: vectors.rows, columns: vectors.columns, repeating: .nan)
    curvature?.apply(vectors, into: &products)
    for i in products.elements.indices { products.elements[i] *= share }
    try communicator.sum(&products.elements)
    return products
  }
}
