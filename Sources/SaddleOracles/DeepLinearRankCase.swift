// Random deep linear networks whose Hessian's rank a theorem knows, and the core's Hessian of them.
import Oracles
import Saddle

/// A random deep linear network with inputs of a prescribed rank, 24 samples.
public struct DeepLinearRankCase: Sendable {
  public let loss: Loss
  /// d, one to three hidden widths, K.
  public let widths: [Int]
  /// r.
  public let inputRank: Int
  public let samples: [[Double]]
  /// Values for squared error.
  public let targets: [[Double]]
  /// Classes for cross-entropy.
  public let labels: [Int]
  /// Layer by layer, without biases.
  public let weights: [Double]

  /// One output more for cross-entropy, so that what the shift leaves is as wide.
  public init(_ loss: Loss, using rng: inout some RandomNumberGenerator) {
    self.loss = loss
    let depth = 2 + Draw.integer(below: 3, using: &rng)
    var widths = (0...depth).map { _ in 1 + Draw.integer(below: 4, using: &rng) }
    if loss == .softmaxCrossEntropy { widths[depth] += 1 }
    self.widths = widths
    let rank = 1 + Draw.integer(below: widths[0], using: &rng)
    inputRank = rank
    // X = B·Z with an orthonormal B keeps all non-zero singular values of order 1.
    let basis = RandomMatrix.orthogonal(order: widths[0], using: &rng)
    samples = (0..<24).map { _ in
      let z = Draw.normals(rank, using: &rng)
      return basis.map { row in (0..<rank).reduce(0) { $0 + row[$1] * z[$1] } }
    }
    targets = samples.map { _ in Draw.normals(widths[depth], using: &rng) }
    weights = zip(widths, widths.dropFirst()).flatMap { inputs, outputs in
      Draw.normals(inputs * outputs, using: &rng).map {
        $0 / Double(max(inputs, outputs)).squareRoot()
      }
    }
    labels = samples.map { _ in Draw.integer(below: widths[depth], using: &rng) }
  }

  /// What θ makes of the samples: with these as targets the error vanishes, and H is its Gauss–Newton
  /// part.
  public var outputs: [[Double]] {
    samples.map { x in
      var a = x
      var start = 0
      for width in widths.dropFirst() {
        let below = a
        a = (0..<width).map { i in
          below.indices.reduce(0) { $0 + weights[start + i * below.count + $1] * below[$1] }
        }
        start += width * below.count
      }
      return a
    }
  }

  /// By theorem.
  public var expected: LinearHessianRank {
    var effective = widths
    if loss == .softmaxCrossEntropy { effective[widths.count - 1] -= 1 }
    return DeepLinearNetwork.hessianRank(widths: effective, inputRank: inputRank)
  }

  /// The weights' block of the core's Hessian where all biases are 0: the Hessian without biases.
  public func coreHessian(_ targets: Targets<Double>) throws -> Matrix<Double> {
    let core = try NetworkObjective(
      network: Network.dense(widths, .identity), loss: loss,
      inputs: Matrix(samples), targets: targets)
    var θ = [Double](repeating: 0, count: core.dimension)
    let places = core.network.placed.flatMap { $0.weights.map { Array($0.range) } ?? [] }
    for (at, weight) in zip(places, weights) { θ[at] = weight }
    let full = core.hessian(at: θ)
    return Matrix(places.map { i in places.map { full[i, $0] } })
  }

  /// The rank of the core's Hessian with the case's own targets; nil where it is zero altogether.
  public func gap() throws -> RankGap? {
    let own: Targets<Double> =
      loss == .softmaxCrossEntropy ? .classes(labels.map(Int32.init)) : .values(Matrix(targets))
    return try RankGap(of: Spectrum(eigenvalues: coreHessian(own).eigenvalues()))
  }

  /// A rank that is read across less is none.
  public static let leastGap = 1e3

  /// Whether the rank is the theorem's and stands apart.
  public func holds(_ gap: RankGap) -> Bool {
    gap.rank == expected.total && gap.ratio >= Self.leastGap
  }
}
