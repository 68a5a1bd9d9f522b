/// One law of curvature products of known problems, by name.
///
///     for oracle in CurvatureProblemOracle.all {
///       try oracle.check(implementation, .gaussNewton)
///     }
///
/// The matrices are those of plain loops, and the bounds rounding's: a right implementation in double
/// precision is not accused.
public struct CurvatureProblemOracle: Sendable, CustomStringConvertible {
  public let name: String
  public let law: String
  public var description: String { name }
  private let body:
    @Sendable (CurvatureImplementation, CurvatureProblem.Kind, CurvatureProblem, Double) throws -> Bool

  /// Holds an implementation to this law, for one kind of matrix, on problems that are drawn.
  ///
  /// - Parameters:
  ///   - roundoff: the implementation's unit roundoff.
  ///   - count: how many problems.
  /// - Returns: of how many problems the law speaks.
  /// - Throws: `PropertyViolation`, or what the implementation throws.
  @discardableResult
  public func check(
    _ implementation: CurvatureImplementation, _ kind: CurvatureProblem.Kind, seed: UInt64 = 1,
    count: Int = 12, roundoff: Double = 0x1p-53
  ) throws -> Int {
    try CurvatureProblem.drawn(count, seed: seed).count {
      try body(implementation, kind, $0, roundoff)
    }
  }

  public static let all = [exact, batches, order, duplicates, sign, blocks]

  static let exact = CurvatureProblemOracle(
    name: "products are those of the exact matrix", law: "A·eᵢ is column i of the matrix by plain loops"
  ) { implementation, kind, problem, roundoff in
    guard let right = problem.matrix(kind),
      let found = try implementation.assembled(problem, kind)
    else { return false }
    try requireClose(found, right, roundoff, "products are those of the exact matrix", problem)
    return true
  }

  static let batches = CurvatureProblemOracle(
    name: "how samples are cut into batches changes nothing",
    law: "one batch, single samples, and batches of unequal sizes have one matrix"
  ) { implementation, kind, problem, roundoff in
    let count = problem.network.inputs.count
    // Kronecker factors are means over samples too, each by itself.
    guard count > 1 else { return false }
    let cuts = [[count], [Int](repeating: 1, count: count), [count - 1, 1], [1, count - 1]]
    return try requireSame(
      implementation, kind, cuts.map { problem.arranged(Array(0..<count), batches: $0) }, roundoff,
      "how samples are cut into batches changes nothing")
  }

  static let order = CurvatureProblemOracle(
    name: "the order of samples changes nothing", law: "turned about and rotated they have one matrix"
  ) { implementation, kind, problem, roundoff in
    let count = problem.network.inputs.count
    guard count > 1 else { return false }
    let all = Array(0..<count)
    return try requireSame(
      implementation, kind,
      [all, all.reversed(), Array(all[1...]) + [0]].map {
        problem.arranged($0, batches: problem.batches)
      }, roundoff, "the order of samples changes nothing")
  }

  static let duplicates = CurvatureProblemOracle(
    name: "every sample twice changes nothing", law: "a mean over samples does not see it"
  ) { implementation, kind, problem, roundoff in
    let all = Array(0..<problem.network.inputs.count)
    return try requireSame(
      implementation, kind,
      [problem, problem.arranged(all + all, batches: problem.batches + problem.batches)], roundoff,
      "every sample twice changes nothing")
  }

  static let sign = CurvatureProblemOracle(
    name: "no diagonal element is negative, and the matrix is symmetric",
    law: "Aᵢᵢ ≥ 0 and Aᵢⱼ² ≤ Aᵢᵢ·Aⱼⱼ of what is semidefinite"
  ) { implementation, kind, problem, roundoff in
    guard kind.isSemidefinite, let A = try implementation.assembled(problem, kind) else {
      return false
    }
    let scale = size(A)
    let tolerance = allowance * roundoff * scale
    for i in A.indices {
      for j in A.indices {
        try PropertyViolation.require(
          (A[i][j] - A[j][i]).magnitude, atMost: tolerance, "the matrix is symmetric",
          "elements \(i), \(j)")
        try PropertyViolation.require(
          A[i][j] * A[i][j] - A[i][i] * A[j][j], atMost: tolerance * scale,
          "Aᵢⱼ² ≤ Aᵢᵢ·Aⱼⱼ of what is semidefinite", "elements \(i), \(j)")
      }
      try PropertyViolation.require(-A[i][i], atMost: tolerance, "no diagonal element is negative")
    }
    return true
  }

  /// Where Kronecker factors are no approximation (Bernacchia, Lengyel and Hennequin 2018): one sample,
  /// and linear networks with squared error.
  static let blocks = CurvatureProblemOracle(
    name: "Kronecker factors are exact where they must be",
    law: "of one sample, and of linear networks with squared error, a layer's block is Gauss–Newton's"
  ) { implementation, kind, problem, roundoff in
    guard kind == .kfac || kind == .ekfac else { return false }
    let network = problem.network
    let isExact =
      network.inputs.count == 1
      || network.activation == .identity && network.loss == .meanSquaredError
    guard isExact, let right = problem.matrix(.gaussNewton),
      let found = try implementation.assembled(problem, kind)
    else { return false }
    for (layer, range) in problem.weightRanges.enumerated() {
      func block(_ rows: [[Double]]) -> [[Double]] { range.map { Array(rows[$0][range]) } }
      try requireClose(
        block(found), block(right), roundoff, "Kronecker factors are exact where they must be",
        problem, "layer \(layer); ")
    }
    return true
  }

  private static let allowance = 1e3

  private static func size(_ rows: [[Double]]) -> Double {
    rows.reduce(0) { $1.reduce($0) { max($0, $1.magnitude) } }
  }

  private static func requireClose(
    _ found: [[Double]], _ right: [[Double]], _ roundoff: Double, _ label: String,
    _ problem: CurvatureProblem, _ place: String = ""
  ) throws(PropertyViolation) {
    let tolerance = allowance * roundoff * max(size(right), 1e-300)
    for i in right.indices {
      for j in right.indices {
        try PropertyViolation.require(
          (found[i][j] - right[i][j]).magnitude, atMost: tolerance, label,
          "\(place)element \(i), \(j) is \(found[i][j]), not \(right[i][j]); of \(problem)")
      }
    }
  }

  /// Whether it can do them.
  private static func requireSame(
    _ implementation: CurvatureImplementation, _ kind: CurvatureProblem.Kind,
    _ problems: [CurvatureProblem], _ roundoff: Double, _ label: String
  ) throws -> Bool {
    guard let first = try implementation.assembled(problems[0], kind) else { return false }
    for other in problems.dropFirst() {
      guard let found = try implementation.assembled(other, kind) else { return false }
      try requireClose(found, first, roundoff, label, other)
    }
    return true
  }
}

extension CurvatureProblem: CustomStringConvertible {
  /// The network, for people.
  public var description: String {
    "\(network.widths.map { "\($0)" }.joined(separator: "-")) \(network.activation) "
      + "\(network.loss), λ = \(network.weightDecay), batches \(batches)"
  }

  /// Random ones, linear networks with squared error and single samples among them.
  static func drawn(_ count: Int, seed: UInt64) -> [CurvatureProblem] {
    var rng = SplitMix64(seed: seed)
    return (0..<count).map { i in
      let smooth = PlainNetwork.Activation.allCases.filter { $0 != .relu }
      let drawn = RandomNetwork.draw(
        activation: i % 4 == 0 ? .identity : smooth[i % smooth.count],
        loss: i % 4 == 0 ? .meanSquaredError : nil, using: &rng)
      var network = drawn.reference
      if i % 5 == 1 { network = network.taking([0]) }
      let samples = network.inputs.count
      // Batches that are not all of one size, so that a mean of means is not the mean.
      let cut = samples > 2 ? [samples - 1, 1] : [samples]
      return CurvatureProblem(network, at: drawn.parameters, batches: cut)
    }
  }
}
