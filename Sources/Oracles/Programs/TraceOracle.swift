import Dialogue

/// An estimator of traces from products, as the oracles see it.
public struct TraceSubject: Sendable {
  public typealias Estimate = (value: Double, error: Double?)

  /// The trace of an n × n matrix that is reached by products alone, at most `budget` of them.
  public let trace:
    @Sendable (
      _ order: Int, _ budget: Int, _ seed: UInt64, _ products: @escaping ([[Double]]) -> [[Double]]
    ) throws -> Estimate

  public init(
    trace:
      @escaping @Sendable (
        _ order: Int, _ budget: Int, _ seed: UInt64, _ products: @escaping ([[Double]]) -> [[Double]]
      ) throws -> Estimate
  ) {
    self.trace = trace
  }

  /// A program's estimator.
  ///
  /// - Throws: `OracleError.invalidArgument` where it offers none.
  public init(_ tool: ToolProgram) throws(OracleError) {
    guard tool.offers("trace") else {
      throw .invalidArgument(message: "the program offers no 'trace'")
    }
    struct Answer: Decodable { let value: Double, standardError: Double? }
    self.init { order, budget, seed, products in
      let request = Request(
        "trace", ["order": "\(order)", "budget": "\(budget)", "seed": "\(seed)"],
        // Room for more questions than are allowed: that is for a law to say.
        answerBytes: 8 * order * (2 * budget + 8))
      return try tool.ask(
        request,
        answering: { (question) throws(ProgramError.Cause) in
          guard let shape = question["vectors"]?.shape, shape.count == 2, shape[1] == order else {
            throw question.noAnswer("'vectors' of k × \(order) are asked with")
          }
          let found = products(rows(try question.numbers("vectors", shape), order))
          return [MessageArray("products", shape, found.flatMap { $0 })]
        }
      ) { (answer) throws(ProgramError.Cause) in
        let found = try answer.read(Answer.self)
        return (found.value, found.standardError)
      }
    }
  }
}

/// One law of trace estimators, by name.
///
/// Where something is drawn, a right estimator is accused with a probability of at most 1e-6: limits are
/// six standard errors of what the estimates themselves scatter by.
public struct TraceOracle: Sendable, CustomStringConvertible {
  public let name: String
  public let law: String
  public var description: String { name }
  private let body: @Sendable (TraceSubject, UInt64) throws -> Bool

  /// Holds an estimator to this law.
  ///
  /// - Returns: whether the law speaks of it.
  /// - Throws: `PropertyViolation`, or what the subject throws.
  @discardableResult
  public func check(_ subject: TraceSubject, seed: UInt64 = 1) throws -> Bool {
    try body(subject, seed)
  }

  public static let all = [homogeneous, unbiased, repeated, budget, calibrated]

  private static func matrix(_ order: Int, _ rng: inout SplitMix64) -> [[Double]] {
    var rows = [[Double]](repeating: [Double](repeating: 0, count: order), count: order)
    for i in 0..<order {
      for j in 0...i {
        let x = Double.random(in: -1...1, using: &rng)
        (rows[i][j], rows[j][i]) = (x, x)
      }
      rows[i][i] += Double(i)
    }
    return rows
  }

  private static func products(_ rows: [[Double]]) -> ([[Double]]) -> [[Double]] {
    { vectors in vectors.map { v in rows.map { dot($0, v) } } }
  }

  static let homogeneous = TraceOracle(
    name: "estimates grow with the matrix",
    law: "of the same seed, the estimate of 4A is four times that of A, and of −A its negative; of 0 it is 0"
  ) { subject, seed in
    var rng = SplitMix64(seed: seed)
    for order in [1, 7, 24] {
      let rows = matrix(order, &rng)
      let one = try subject.trace(order, 20, seed, products(rows)).value
      for factor in [4.0, -1, 0] {
        let scaled = rows.map { $0.map { factor * $0 } }
        let found = try subject.trace(order, 20, seed, products(scaled)).value
        try PropertyViolation.require(
          (found - factor * one).magnitude, atMost: 1e-9 * one.magnitude,
          "estimates grow with the matrix", "\(found) of \(factor)·A, and \(one) of A, n = \(order)")
      }
    }
    return true
  }

  static let unbiased = TraceOracle(
    name: "estimates are right on the average",
    law: "the mean over 400 seeds is the trace, to six of its standard errors"
  ) { subject, seed in
    var rng = SplitMix64(seed: seed)
    for order in [1, 5, 24] {
      let rows = matrix(order, &rng)
      let right = rows.indices.reduce(0) { $0 + rows[$1][$1] }
      let (mean, variance) = scatter(
        try (0..<400).map {
          try subject.trace(order, 12, seed &+ UInt64($0), products(rows)).value
        })
      try PropertyViolation.require(
        (mean - right).magnitude, atMost: 6 * (variance / 400).squareRoot() + 1e-10 * right.magnitude,
        "estimates are right on the average", "\(mean) for \(right), n = \(order)")
    }
    return true
  }

  static let repeated = TraceOracle(
    name: "a seed has one estimate, and another seed another",
    law: "the same seed gives the same bits; 20 seeds do not all give one"
  ) { subject, seed in
    var rng = SplitMix64(seed: seed)
    let rows = matrix(24, &rng)
    let values = try (0..<20).map { try subject.trace(24, 6, UInt64($0), products(rows)).value }
    let again = try subject.trace(24, 6, 0, products(rows)).value
    guard again == values[0] else {
      throw PropertyViolation("the same seed gives the same bits", "\(values[0]), then \(again)")
    }
    guard Set(values).count > 1 else {
      throw PropertyViolation("20 seeds do not all give one estimate", "\(values[0])")
    }
    return true
  }

  static let budget = TraceOracle(
    name: "no more products than are allowed", law: "the vectors asked with are at most the budget"
  ) { subject, seed in
    var rng = SplitMix64(seed: seed)
    let rows = matrix(24, &rng)
    for budget in [3, 12, 30] {
      let asked = Counter()
      _ = try subject.trace(24, budget, seed) { vectors in
        asked.count += vectors.count
        return products(rows)(vectors)
      }
      guard asked.count <= budget else {
        throw PropertyViolation("no more products than are allowed", "\(asked.count) of \(budget)")
      }
      guard asked.count > 0 else { throw PropertyViolation("the matrix is looked at") }
    }
    return true
  }

  static let calibrated = TraceOracle(
    name: "standard errors are the scatter",
    law: "over 400 seeds the mean of error² is the variance of the estimates, to a factor of 2"
  ) { subject, seed in
    var rng = SplitMix64(seed: seed)
    let rows = matrix(24, &rng)
    let found = try (0..<400).map { try subject.trace(24, 12, UInt64($0), products(rows)) }
    let errors = found.compactMap(\.error)
    guard errors.count == found.count else { return false }
    let variance = scatter(found.map(\.value)).variance
    let said = errors.reduce(0) { $0 + $1 * $1 } / 400
    // 400 draws of a variance scatter by some 8 % and the errors' squares, of few products, by less
    // than 5 %: a factor of 2 is past six standard deviations.
    let ratio = said > 0 && variance > 0 ? max(said / variance, variance / said) : .infinity
    guard variance > 0 || said > 0 else { return true }
    try PropertyViolation.require(
      ratio, atMost: 2, "standard errors are the scatter",
      "error² is \(said) on the average, the variance \(variance)")
    return true
  }

  private static func scatter(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(values.count - 1))
  }

  private final class Counter { var count = 0 }
}
