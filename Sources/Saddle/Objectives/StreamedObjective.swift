import Threads

/// An objective over more samples than fit in memory: its parts are loaded one at a time, for every
/// value, gradient and product anew.
///
/// The mean over all samples is the mean of the parts' means, each with its share of the samples;
/// curvature matrices are sums in the same way. Memory: one part and its passes.
///
/// A part that cannot be loaded makes values and products NaN, which every algorithm on objectives
/// and operators refuses; `failure` then says why.
public struct StreamedObjective<Part: SampledObjective>: SampledObjective {
  public typealias Element = Part.Element
  public typealias Linearization = StreamedCurvature<Part>

  public let dimension: Int
  public let samples: Int
  public let weightDecay: Element
  public let parameterBlocks: [ParameterBlock]
  private let counts: [Int]
  private let load: @Sendable (Int) throws -> Part
  private let failed = Failure()
  private let structure = OnDemand<StructuralNullSpace>()

  /// - Parameters:
  ///   - samples: the number of samples of each part, at least one and all positive.
  ///   - part: loads a part by its number; all have one network, loss and weight decay.
  /// - Throws: what loading the first part throws.
  public init(samples: [Int], part: @escaping @Sendable (Int) throws -> Part) throws {
    precondition(
      !samples.isEmpty && samples.allSatisfy { $0 > 0 }, "parts of \(samples) samples")
    let first = try part(0)
    dimension = first.dimension
    weightDecay = first.weightDecay
    parameterBlocks = first.parameterBlocks
    self.samples = samples.reduce(0, +)
    counts = samples
    load = part
  }

  /// Why a part could not be loaded, the first time that one could not.
  public var failure: (any Error)? { failed.error }

  /// Does `body` with every part and its share of the samples; false where one is missing.
  fileprivate func forEachPart(_ body: (Part, Element) -> Void) -> Bool {
    for (k, count) in counts.enumerated() {
      let part: Part
      do {
        part = try load(k)
        guard part.samples == count, part.dimension == dimension else {
          throw StreamedPartError(
            part: k, samples: part.samples, expected: count, parameters: part.dimension,
            dimension: dimension)
        }
      } catch {
        failed.record(error)
        return false
      }
      body(part, Element(count) / Element(samples))
    }
    return true
  }

  /// What all parts have in common, found from all of them together; nothing where one is missing.
  public var structuralNullSpace: StructuralNullSpace {
    structure.value {
      var all: StructuralNullSpace?
      let isComplete = forEachPart { part, _ in
        let space = part.structuralNullSpace
        all = all?.adding(space) ?? space
      }
      guard isComplete, let all else { return StructuralNullSpace(order: dimension) }
      return all
    }
  }

  public func value(at parameters: [Element]) -> Element {
    var sum: Element = 0
    let isComplete = forEachPart { sum += $1 * $0.value(at: parameters) }
    return isComplete ? sum : .nan
  }

  public func gradient(at parameters: [Element]) -> (value: Element, gradient: [Element]) {
    var value: Element = 0
    var gradient = [Element](repeating: 0, count: dimension)
    let isComplete = forEachPart { part, share in
      let (loss, slope) = part.gradient(at: parameters)
      value += share * loss
      var target = gradient.mutableSpan
      axpy(share, slope.span, into: &target)
    }
    return isComplete ? (value, gradient) : (.nan, gradient.map { _ in .nan })
  }

  public func evaluate(at parameters: [Element]) -> Evaluation {
    var loss = 0.0
    var accuracy: Double? = 0
    var gradient = [Element](repeating: 0, count: dimension)
    let isComplete = forEachPart { part, share in
      let found = part.evaluate(at: parameters)
      loss += Double(share) * found.loss
      accuracy = accuracy.flatMap { sum in found.accuracy.map { sum + Double(share) * $0 } }
      let slope = part.gradient(at: parameters).gradient
      var target = gradient.mutableSpan
      axpy(share, slope.span, into: &target)
    }
    return isComplete
      ? Evaluation(loss: loss, accuracy: accuracy, gradientNorm: Double(gradient.norm))
      : Evaluation(loss: .nan, accuracy: nil, gradientNorm: .nan)
  }

  public func curvature(
    _ kind: CurvatureKind, at parameters: [Element], includingPenalty: Bool
  ) -> StreamedCurvature<Part> {
    StreamedCurvature(self, at: parameters, kind, includingPenalty: includingPenalty)
  }
}

/// A part that is not what the others are.
public struct StreamedPartError: Error, Equatable, CustomStringConvertible {
  public let part, samples, expected, parameters, dimension: Int

  public var description: String {
    "part \(part) has \(samples) samples and \(parameters) parameters, where \(expected) and "
      + "\(dimension) were announced"
  }
}

/// A curvature matrix of a streamed objective as an operator: every product of a block of vectors
/// goes through all parts once.
public struct StreamedCurvature<Part: SampledObjective>: LinearOperator {
  public typealias Element = Part.Element
  private let objective: StreamedObjective<Part>
  private let parameters: [Element]
  private let kind: CurvatureKind
  private let includingPenalty: Bool
  /// ḡ over all parts, which the gradient covariance takes out.
  private let mean: [Element]

  public var dimension: Int { objective.dimension }

  fileprivate init(
    _ objective: StreamedObjective<Part>, at parameters: [Element], _ kind: CurvatureKind,
    includingPenalty: Bool
  ) {
    self.objective = objective
    self.parameters = parameters
    self.includingPenalty = includingPenalty
    self.kind = kind
    guard kind.matrix.secondMoment != nil else {
      mean = []
      return
    }
    // The penalty's gradient is not the samples'.
    mean = objective.gradient(at: parameters).gradient.adding(
      -objective.weightDecay, times: parameters)
  }

  public func apply(_ vectors: Matrix<Element>, into products: inout Matrix<Element>) {
    checkShapes(vectors, products)
    // A covariance is not the mean of the parts' covariances, since each has a mean of its own; the
    // second moment is.
    let summed = kind.matrix.secondMoment ?? kind
    let penalty = includingPenalty && kind.seesPenalty
    var sum = Matrix<Element>(rows: vectors.rows, columns: vectors.columns)
    var part = sum
    var number = 0
    let isComplete = objective.forEachPart { objective, share in
      objective.curvature(summed.ofPart(number), at: parameters, includingPenalty: penalty)
        .apply(vectors, into: &part)
      var target = sum.elements.mutableSpan
      axpy(share, part.elements.span, into: &target)
      number += 1
    }
    for v in 0..<vectors.rows where !mean.isEmpty {
      let row = v * dimension..<(v + 1) * dimension
      let overlap = dot(mean.span, vectors.elements.span.extracting(row))
      var target = sum.elements.mutableSpan
      var segment = target._mutatingExtracting(row)
      axpy(-overlap, mean.span, into: &segment)
    }
    products =
      isComplete
      ? sum : Matrix(rows: vectors.rows, columns: vectors.columns, repeating: .nan)
  }
}

extension CurvatureKind {
  /// The kind for one part of the samples: every part draws labels of its own.
  fileprivate func ofPart(_ number: Int) -> CurvatureKind {
    guard case .monteCarloFisher(let draws, let seed) = self else { return self }
    var seeds = RandomStream(seed: seed, name: "part \(number)")
    return .monteCarloFisher(draws: draws, seed: seeds.next())
  }
}

/// The first error of an objective's parts, kept for whoever finds NaN.
private final class Failure: Sendable {
  private let first = Mutex<(any Error)?>(nil)

  var error: (any Error)? { first.withLock { $0 } }

  func record(_ error: any Error) {
    first.withLock { $0 = $0 ?? error }
  }
}
